#include "layers/gru.h"

#include <algorithm>
#include <array>

#include "base/part_timer.h"
#include "layers/packing.h"

namespace advnative {

namespace {

// Rows that one product of the weight gradients takes at least: enough to pay for reading and writing the
// sums, few enough that the gates' gradients stay in the second-level cache.
constexpr int kChunkRows = 256;

std::size_t Size(std::ptrdiff_t a, std::ptrdiff_t b) {
  return static_cast<std::size_t>(a) * static_cast<std::size_t>(b);
}

}  // namespace

template <typename Scalar>
void GruWeights<Scalar>::Pack(const KernelTable<Scalar>& kernels, GruShape shape,
                              const GruTensors<const Scalar>& tensors) {
  PackForward(kernels, shape, tensors);
  PackBackward(kernels, shape, tensors);
}

namespace {

// [panel][depth][r | z | n of `lanes` hidden units] from rows of 3H by `depth` columns.
template <typename Scalar>
void PackGatePanels(int lanes, int hidden, int depth, const Scalar* source, AlignedBuffer<Scalar>& packed) {
  const int panels = (hidden + lanes - 1) / lanes;
  packed.Zero(Size(panels, depth) * static_cast<std::size_t>(3 * lanes));
  Scalar* to = packed.data();
  for (int first = 0; first < hidden; first += lanes) {
    const int units = std::min(lanes, hidden - first);
    for (int k = 0; k < depth; ++k, to += 3 * lanes) {
      for (int gate = 0; gate < 3; ++gate) {
        const Scalar* column = source + (static_cast<std::ptrdiff_t>(gate) * hidden + first) * depth + k;
        for (int unit = 0; unit < units; ++unit) {
          to[gate * lanes + unit] = column[static_cast<std::ptrdiff_t>(unit) * depth];
        }
      }
    }
  }
}

// Panels of the [3H*][columns] matrix whose rows are the gates in `order`, each padded with zero rows to H*.
template <typename Scalar>
void PackStackedGates(const KernelTable<Scalar>& kernels, int hidden, int columns, const Scalar* source,
                      const std::array<int, 3>& order, AlignedBuffer<Scalar>& packed) {
  const int padded = static_cast<int>(PaddedWidth(kernels, hidden));
  const int width = PanelWidth(kernels);
  packed.Zero(PackedSize(kernels, 3 * padded, columns));
  Scalar* panel = packed.data();
  for (int first = 0; first < columns;
       first += width, panel += static_cast<std::ptrdiff_t>(3) * padded * width) {
    const int filled = std::min(width, columns - first);
    for (int place = 0; place < 3; ++place) {
      const Scalar* gate =
          source + static_cast<std::ptrdiff_t>(order[static_cast<std::size_t>(place)]) * hidden * columns +
          first;
      Scalar* to = panel + static_cast<std::ptrdiff_t>(place) * padded * width;
      for (int unit = 0; unit < hidden; ++unit) {
        std::copy_n(gate + static_cast<std::ptrdiff_t>(unit) * columns, filled,
                    to + static_cast<std::ptrdiff_t>(unit) * width);
      }
    }
  }
}

}  // namespace

template <typename Scalar>
void GruWeights<Scalar>::PackForward(const KernelTable<Scalar>& kernels, GruShape shape,
                                     const GruTensors<const Scalar>& tensors) {
  const int lanes = kernels.lanes;
  PackGatePanels(lanes, shape.hidden, shape.hidden, tensors.recurrent_weights, forward_recurrent_);
  PackGatePanels(lanes, shape.hidden, shape.embedding, tensors.input_weights, forward_input_);
  forward_bias_.Zero(static_cast<std::size_t>(4 * PaddedWidth(kernels, shape.hidden)));
  for (int unit = 0; unit < shape.hidden; ++unit) {
    Scalar* to = forward_bias_.data() + static_cast<std::ptrdiff_t>(unit / lanes) * 4 * lanes + unit % lanes;
    for (int gate = 0; gate < 3; ++gate) to[gate * lanes] = tensors.bias[gate * shape.hidden + unit];
    to[3 * lanes] = tensors.candidate_bias[unit];
  }
}

template <typename Scalar>
void GruWeights<Scalar>::PackBackward(const KernelTable<Scalar>& kernels, GruShape shape,
                                      const GruTensors<const Scalar>& tensors) {
  PackStackedGates(kernels, shape.hidden, shape.hidden, tensors.recurrent_weights, {0, 1, 2},
                   backward_recurrent_);
  PackStackedGates(kernels, shape.hidden, shape.embedding, tensors.input_weights, {2, 0, 1}, backward_input_);
}

template <typename Scalar>
void GruWorkspace<Scalar>::ClearGradients(const KernelTable<Scalar>& kernels, GruShape shape) {
  const std::ptrdiff_t width = PaddedWidth(kernels, shape.hidden);
  recurrent_gradient.Zero(Size(shape.hidden, 3 * width));
  weights_gradient.Zero(Size(shape.embedding, 3 * width));
  bias_gradient.Zero(static_cast<std::size_t>(4 * width));
}

namespace {

// Copies the states of the texts that end with `step` to their places in the batch.
template <typename Scalar>
void CopyFinalStates(GruShape shape, const Slice& slice, int step, const Scalar* state,
                     std::ptrdiff_t state_stride, Scalar* final_states, std::ptrdiff_t final_stride) {
  const int going_on = step + 1 < slice.steps() ? slice.active(step + 1) : 0;
  for (int row = going_on; row < slice.active(step); ++row) {
    std::copy_n(state + row * state_stride, shape.hidden,
                final_states + slice.texts[static_cast<std::size_t>(row)] * final_stride);
  }
}

}  // namespace

template <typename Scalar>
void GruForwardPass(const KernelTable<Scalar>& kernels, GruShape shape, const GruWeights<Scalar>& weights,
                    const Slice& slice, GruWorkspace<Scalar>& workspace, bool keep_activations,
                    Scalar* final_states, std::ptrdiff_t final_stride, const Cancellation& cancellation) {
  const std::ptrdiff_t stride = PaddedWidth(kernels, shape.hidden);
  const std::ptrdiff_t input_stride = PaddedWidth(kernels, shape.embedding);
  const int rows = slice.rows();
  // Without a backward pass two states are enough, taken in turn.
  const std::ptrdiff_t kept = keep_activations ? slice.tokens() : rows;
  workspace.states.Reserve(Size(rows + kept, stride));
  if (keep_activations) workspace.gates.Reserve(Size(slice.tokens(), 4 * stride));
  std::fill_n(workspace.states.data(), rows * stride, Scalar(0));
  Scalar* previous = workspace.states.data();
  Scalar* state = previous + rows * stride;
  for (int step = 0; step < slice.steps(); ++step) {
    cancellation.Check();
    const std::ptrdiff_t first = slice.step_begin[static_cast<std::size_t>(step)];
    const PartTimer timer(workspace.times.forward_steps);
    kernels.gru_forward_step(
        {.rows = slice.active(step),
         .hidden = shape.hidden,
         .embedding = shape.embedding,
         .input = workspace.input.data() + first * input_stride,
         .input_stride = input_stride,
         .previous_state = previous,
         .state = state,
         .state_stride = stride,
         .recurrent_weights = weights.forward_recurrent(),
         .input_weights = weights.forward_input(),
         .bias = weights.forward_bias(),
         .gates = keep_activations ? workspace.gates.data() + first * 4 * stride : nullptr});
    CopyFinalStates(shape, slice, step, state, stride, final_states, final_stride);
    if (keep_activations) {
      previous = state;
      state += slice.active(step) * stride;
    } else {
      std::swap(previous, state);
    }
  }
}

namespace {

// The backward pass over one slice, some time steps (a chunk) at a time, last ones first.
template <typename Scalar>
class SliceBackward {
 public:
  SliceBackward(const KernelTable<Scalar>& kernels, GruShape shape, const GruWeights<Scalar>& weights,
                const Slice& slice, GruWorkspace<Scalar>& workspace)
      : kernels_(kernels),
        shape_(shape),
        weights_(weights),
        slice_(slice),
        workspace_(workspace),
        stride_(PaddedWidth(kernels, shape.hidden)),
        input_stride_(PaddedWidth(kernels, shape.embedding)) {
    const int chunk_rows = kChunkRows + slice.rows();
    workspace.gate_gradients.Reserve(Size(chunk_rows, 4 * stride_));
    workspace.previous_states.Reserve(Size(chunk_rows, stride_));
    workspace.transposed.Reserve(
        TransposedSize(kernels, std::max(shape.hidden, shape.embedding), chunk_rows));
    workspace.input_gradient.Reserve(Size(slice.tokens(), input_stride_));
    workspace.state_gradient.Zero(Size(slice.rows(), stride_));
  }

  void Run(const Scalar* final_gradient, std::ptrdiff_t final_stride, const Cancellation& cancellation) {
    int last = slice_.steps() - 1;
    while (last >= 0) {
      const int first = FirstStepOfChunk(last);
      for (int step = last; step >= first; --step) {
        cancellation.Check();
        AddFinalGradient(step, final_gradient, final_stride);
        BackwardStep(step, first);
      }
      FinishChunk(first, last);
      last = first - 1;
    }
  }

 private:
  std::ptrdiff_t Begin(int step) const { return slice_.step_begin[static_cast<std::size_t>(step)]; }

  int FirstStepOfChunk(int last) const {
    int first = last;
    while (first > 0 && Begin(last + 1) - Begin(first) < kChunkRows) --first;
    return first;
  }

  // Texts whose last token is at `step` begin their backward pass here.
  void AddFinalGradient(int step, const Scalar* final_gradient, std::ptrdiff_t final_stride) {
    const int going_on = step + 1 < slice_.steps() ? slice_.active(step + 1) : 0;
    for (int row = going_on; row < slice_.active(step); ++row) {
      std::copy_n(final_gradient + slice_.texts[static_cast<std::size_t>(row)] * final_stride, shape_.hidden,
                  workspace_.state_gradient.data() + row * stride_);
    }
  }

  // The states buffer begins with one block of zeros, the state before the first step.
  const Scalar* PreviousStates(int step) const {
    const std::ptrdiff_t row = step == 0 ? 0 : slice_.rows() + Begin(step - 1);
    return workspace_.states.data() + row * stride_;
  }

  void BackwardStep(int step, int first_of_chunk) {
    Scalar* gate_gradients =
        workspace_.gate_gradients.data() + (Begin(step) - Begin(first_of_chunk)) * 4 * stride_;
    BackwardGates(step, first_of_chunk, gate_gradients);
    if (step == 0) return;
    const PartTimer timer(workspace_.times.backward_product);
    // Columns r, z, cn of the gates' gradients: the recurrent sums.
    MultiplyPacked(kernels_, slice_.active(step), shape_.hidden, static_cast<int>(3 * stride_),
                   gate_gradients + stride_, 4 * stride_, weights_.backward_recurrent(),
                   workspace_.state_gradient.data(), stride_, true);
  }

  void BackwardGates(int step, int first_of_chunk, Scalar* gate_gradients) {
    const PartTimer timer(workspace_.times.backward_gates);
    const int rows = slice_.active(step);
    kernels_.gru_backward_gates({.rows = rows,
                                 .state_stride = stride_,
                                 .gates = workspace_.gates.data() + Begin(step) * 4 * stride_,
                                 .previous_state = PreviousStates(step),
                                 .state_gradient = workspace_.state_gradient.data(),
                                 .gate_gradients = gate_gradients,
                                 .bias_gradient = workspace_.bias_gradient.data()});
    std::copy_n(PreviousStates(step), rows * stride_,
                workspace_.previous_states.data() + (Begin(step) - Begin(first_of_chunk)) * stride_);
  }

  void FinishChunk(int first, int last) {
    const int rows = static_cast<int>(Begin(last + 1) - Begin(first));
    AddWeightGradients(rows, Begin(first));
    const PartTimer timer(workspace_.times.input_gradient);
    MultiplyPacked(kernels_, rows, shape_.embedding, static_cast<int>(3 * stride_),
                   workspace_.gate_gradients.data(), 4 * stride_, weights_.backward_input(),
                   workspace_.input_gradient.data() + Begin(first) * input_stride_, input_stride_, false);
  }

  void AddWeightGradients(int rows, std::ptrdiff_t first_token) {
    const PartTimer timer(workspace_.times.weight_gradients);
    const int columns = static_cast<int>(3 * stride_);
    const Scalar* gradients = workspace_.gate_gradients.data();
    AddTransposedProduct(kernels_, shape_.hidden, columns, rows, workspace_.previous_states.data(), stride_,
                         gradients + stride_, 4 * stride_, workspace_.recurrent_gradient.data(), 3 * stride_,
                         workspace_.transposed.data());
    // Columns n, r, z: the input sums.
    AddTransposedProduct(kernels_, shape_.embedding, columns, rows,
                         workspace_.input.data() + first_token * input_stride_, input_stride_, gradients,
                         4 * stride_, workspace_.weights_gradient.data(), 3 * stride_,
                         workspace_.transposed.data());
  }

  const KernelTable<Scalar>& kernels_;
  const GruShape shape_;
  const GruWeights<Scalar>& weights_;
  const Slice& slice_;
  GruWorkspace<Scalar>& workspace_;
  const std::ptrdiff_t stride_;
  const std::ptrdiff_t input_stride_;
};

// Adds columns [begin, begin + hidden) of `from` [depth][width] to rows [gate·hidden, …) of `to` [3H][depth],
// some units at a time, whose rows then stay in the cache.
template <typename Scalar>
void AddTransposedGate(int hidden, int depth, const Scalar* from, std::ptrdiff_t width, std::ptrdiff_t begin,
                       int gate, Scalar* to) {
  constexpr int kUnits = 16;
  for (int first = 0; first < hidden; first += kUnits) {
    const int units = std::min(kUnits, hidden - first);
    Scalar* rows = to + (static_cast<std::ptrdiff_t>(gate) * hidden + first) * depth;
    for (int k = 0; k < depth; ++k) {
      const Scalar* column = from + k * width + begin + first;
      for (int unit = 0; unit < units; ++unit) {
        rows[static_cast<std::ptrdiff_t>(unit) * depth + k] += column[unit];
      }
    }
  }
}

}  // namespace

template <typename Scalar>
void GruBackwardPass(const KernelTable<Scalar>& kernels, GruShape shape, const GruWeights<Scalar>& weights,
                     const Slice& slice, GruWorkspace<Scalar>& workspace, const Scalar* final_gradient,
                     std::ptrdiff_t final_stride, const Cancellation& cancellation) {
  SliceBackward<Scalar>(kernels, shape, weights, slice, workspace)
      .Run(final_gradient, final_stride, cancellation);
}

template <typename Scalar>
void AddGruGradients(const KernelTable<Scalar>& kernels, GruShape shape,
                     const GruWorkspace<Scalar>& workspace, const GruTensors<Scalar>& gradients) {
  const std::ptrdiff_t stride = PaddedWidth(kernels, shape.hidden);
  const int hidden = shape.hidden;
  constexpr std::array<int, 3> kInputPlace{1, 2, 0};  // where r, z, n stand among the columns n, r, z
  for (int gate = 0; gate < 3; ++gate) {
    AddTransposedGate(hidden, hidden, workspace.recurrent_gradient.data(), 3 * stride, gate * stride, gate,
                      gradients.recurrent_weights);
    const std::ptrdiff_t place = kInputPlace[static_cast<std::size_t>(gate)] * stride;
    AddTransposedGate(hidden, shape.embedding, workspace.weights_gradient.data(), 3 * stride, place, gate,
                      gradients.input_weights);
    const Scalar* bias = workspace.bias_gradient.data() + place;
    for (int unit = 0; unit < hidden; ++unit) gradients.bias[gate * hidden + unit] += bias[unit];
  }
  const Scalar* candidate = workspace.bias_gradient.data() + 3 * stride;
  for (int unit = 0; unit < hidden; ++unit) gradients.candidate_bias[unit] += candidate[unit];
}

#define ADVNATIVE_INSTANTIATE(Scalar)                                                                       \
  template class GruWeights<Scalar>;                                                                        \
  template struct GruWorkspace<Scalar>;                                                                     \
  template void GruForwardPass<Scalar>(const KernelTable<Scalar>&, GruShape, const GruWeights<Scalar>&,     \
                                       const Slice&, GruWorkspace<Scalar>&, bool, Scalar*, std::ptrdiff_t,  \
                                       const Cancellation&);                                                \
  template void GruBackwardPass<Scalar>(const KernelTable<Scalar>&, GruShape, const GruWeights<Scalar>&,    \
                                        const Slice&, GruWorkspace<Scalar>&, const Scalar*, std::ptrdiff_t, \
                                        const Cancellation&);                                               \
  template void AddGruGradients<Scalar>(const KernelTable<Scalar>&, GruShape, const GruWorkspace<Scalar>&,  \
                                        const GruTensors<Scalar>&);
ADVNATIVE_INSTANTIATE(float)
ADVNATIVE_INSTANTIATE(double)
#undef ADVNATIVE_INSTANTIATE

}  // namespace advnative
