#include "cpu/layers/recurrent_cell.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "base/part_timer.h"
#include "base/scale.h"
#include "cpu/layers/gate_packing.h"
#include "cpu/layers/packing.h"

namespace advnative {

namespace {

// Numbers that several slices' sums are added up over while they stay in the nearest cache.
constexpr std::size_t kSummedTogether = 1024;

// What `numbers_of` gives of every slice but the first, without those that have nothing.
template <typename NumbersOf>
std::vector<const Scalar*> Others(std::span<RecurrentWorkspace* const> slices, NumbersOf numbers_of) {
  std::vector<const Scalar*> others;
  for (RecurrentWorkspace* slice : slices.subspan(1)) {
    if (const Scalar* numbers = numbers_of(*slice)) others.push_back(numbers);
  }
  return others;
}

// Adds numbers [begin, end) of each of `others`, in their order, to `sums`.
void AddNumbers(const std::vector<const Scalar*>& others, Scalar* sums, std::size_t begin, std::size_t end) {
  for (std::size_t first = begin; first < end; first += kSummedTogether) {
    const std::size_t last = std::min(end, first + kSummedTogether);
    for (const Scalar* from : others) {
      for (std::size_t j = first; j < last; ++j) sums[j] += from[j];
    }
  }
}

}  // namespace

RecurrentCell::RecurrentCell(const KernelTable& kernels, RecurrentShape shape, CellLayout layout)
    : kernels_(kernels),
      shape_(shape),
      layout_(std::move(layout)),
      stride_(PaddedWidth(kernels, shape.hidden)),
      input_stride_(PaddedWidth(kernels, shape.embedding)) {}

void RecurrentCell::Pack(const RecurrentTensors<const Scalar>& tensors) {
  VisitWeights(&ZeroBuffer);
  PackSteps(tensors);
  PackStackedGates(kernels_, layout_.input_order, shape_.hidden,
                   GatesOf(tensors.input_weights, gates(), shape_.embedding), input_panels_);
}

void RecurrentCell::VisitWeights(const BufferVisit& visit) {
  VisitStepWeights(visit);
  visit(input_panels_,
        StackedGatesSize(kernels_, layout_.input_order.size(), shape_.hidden, shape_.embedding));
}

void RecurrentCell::VisitFusedGates(int gates, FusedGates& packed, const BufferVisit& visit) const {
  visit(packed.recurrent, GatePanelsSize(kernels_, gates, shape_.hidden, shape_.hidden));
  visit(packed.input, GatePanelsSize(kernels_, gates, shape_.hidden, shape_.embedding));
  visit(packed.bias, GatePanelsSize(kernels_, gates, shape_.hidden, 1));
}

void RecurrentCell::PackFusedGates(int gates, const RecurrentTensors<const Scalar>& tensors,
                                   FusedGates& packed) const {
  const auto pack = [&](const Scalar* tensor, int depth, AlignedBuffer<Scalar>& to) {
    PackGatePanels(kernels_, shape_.hidden, GatesOf(tensor, gates, depth), to);
  };
  pack(tensors.recurrent_weights, shape_.hidden, packed.recurrent);
  pack(tensors.input_weights, shape_.embedding, packed.input);
  pack(tensors.bias, 1, packed.bias);
}

TransposedProduct RecurrentCell::StateProduct(const AlignedBuffer<Scalar>& state_tiles, int first, int count,
                                              int to, RecurrentWorkspace& workspace) const {
  return {.rows = shape_.hidden,
          .tiles = state_tiles.data(),
          .first_column = first * static_cast<int>(stride_),
          .columns = count * static_cast<int>(stride_),
          .c = workspace.recurrent_gradient.values.data() + to * stride_,
          .c_row_stride = gates() * stride_,
          .write = workspace.recurrent_gradient.write()};
}

void RecurrentCell::FinishChunk(const RecurrentInputs& inputs, int rows, std::ptrdiff_t first_token,
                                RecurrentWorkspace& workspace, RecurrentScratch& scratch) const {
  const int columns = static_cast<int>(gates() * stride_);
  const std::ptrdiff_t width = layout_.gate_gradients * stride_;
  const Scalar* gradients = scratch.gate_gradients.data();
  const RecurrentNeeds needs = inputs.needs();
  if (needs.weights()) {
    const PartTimer timer(scratch.times[Part::kWeightGradients]);
    std::vector<TransposedProduct> products;
    AddRecurrentProducts(rows, workspace, scratch, products);
    if (inputs.input_sums == InputSums::kComputed) {
      kernels_.transpose_to_tiles({.rows = shape_.embedding,
                                   .depth = rows,
                                   .a = workspace.input.data() + first_token * input_stride_,
                                   .stride = input_stride_,
                                   .tiles = scratch.input_tiles.data(),
                                   .tile_depth = rows,
                                   .first = 0});
      products.push_back({.rows = shape_.embedding,
                          .tiles = scratch.input_tiles.data(),
                          .first_column = 0,
                          .columns = columns,
                          .c = workspace.weights_gradient.values.data(),
                          .c_row_stride = columns,
                          .write = workspace.weights_gradient.write()});
    }
    kernels_.multiply_shared({.depth = rows,
                              .columns = static_cast<int>(width),
                              .b = gradients,
                              .b_stride = width,
                              .products = products.data(),
                              .count = static_cast<int>(products.size()),
                              .word_columns = needs.sums_by_word() ? columns : 0,
                              .words = needs.sums_by_word() ? workspace.words.data() + first_token : nullptr,
                              .word_sums = workspace.word_gradients.data()});
    workspace.recurrent_gradient.empty = false;
    if (inputs.input_sums == InputSums::kComputed) workspace.weights_gradient.empty = false;
  }
  if (!needs.tokens()) return;
  const PartTimer timer(scratch.times[Part::kInputGradient]);
  MultiplyPacked(
      kernels_, {gradients, rows, columns, width}, input_panels_.data(),
      {workspace.input_gradient.data() + first_token * input_stride_, rows, shape_.embedding, input_stride_},
      Write::kSet);
}

void RecurrentCell::AddWords(std::span<RecurrentWorkspace* const> slices, int first, int count,
                             RecurrentScratch& scratch) const {
  const PartTimer timer(scratch.times[Part::kWeightGradients]);
  const std::ptrdiff_t width = gates() * stride_;
  const auto sums_of = [](RecurrentWorkspace& slice) { return slice.word_gradients.data(); };
  AddNumbers(Others(slices, sums_of), sums_of(*slices.front()), Size(first, width),
             Size(first + count, width));
}

void RecurrentCell::AddTableGradient(const RecurrentWorkspace& sums, int first, int count,
                                     RecurrentScratch& scratch, Matrix table_gradient) const {
  const PartTimer timer(scratch.times[Part::kInputGradient]);
  const int columns = static_cast<int>(gates() * stride_);
  const Matrix rows{scratch.word_block.data(), count, shape_.embedding, input_stride_};
  MultiplyPacked(kernels_, DenseMatrix(sums.word_gradients.data(), count, columns).Rows(first, count),
                 input_panels_.data(), rows, Write::kSet);
  for (int word = 0; word < count; ++word) {
    Scalar* gradient = table_gradient.Row(first + word);
    for (int j = 0; j < rows.columns; ++j) gradient[j] += rows.Row(word)[j];
  }
}

void RecurrentCell::AddWordProducts(ConstMatrix table, RecurrentWorkspace& sums, int part, int parts,
                                    RecurrentScratch& scratch, const Cancellation& cancellation) const {
  const PartTimer timer(scratch.times[Part::kWeightGradients]);
  const int columns = static_cast<int>(gates() * stride_);
  const int width = PanelWidth(kernels_);
  const int panels = (columns + width - 1) / width;
  const int begin = width * (panels * part / parts);
  const int end = std::min(columns, width * (panels * (part + 1) / parts));
  if (begin >= end) return;
  const Matrix gradient =
      DenseMatrix(sums.weights_gradient.values.data(), shape_.embedding, columns).Columns(begin, end - begin);
  Write write = sums.weights_gradient.write();
  for (int first = 0; first < table.rows; first += kWordBlock) {
    cancellation.Check();
    const int words = std::min(kWordBlock, table.rows - first);
    const ConstMatrix gates =
        DenseMatrix<const Scalar>(sums.word_gradients.data(), table.rows, columns).Rows(first, words);
    MultiplyTransposed(kernels_, table.Rows(first, words), gates.Columns(begin, end - begin), gradient,
                       scratch.word_block.data(), write);
    write = Write::kAdd;
  }
}

void RecurrentCell::VisitGradients(RecurrentWorkspace& workspace, const BufferVisit& visit) const {
  visit(workspace.recurrent_gradient.values, Size(shape_.hidden, gates() * stride_));
  visit(workspace.weights_gradient.values, Size(shape_.embedding, gates() * stride_));
  visit(workspace.bias_gradient, Size(layout_.gate_gradients, stride_));
}

void RecurrentCell::ClearGradients(RecurrentWorkspace& workspace) const {
  VisitGradients(workspace, &ReserveBuffer);
  workspace.recurrent_gradient.empty = true;
  workspace.weights_gradient.empty = true;
  workspace.bias_gradient.Clear();
}

void RecurrentCell::ScaleGradients(Scalar factor, RecurrentWorkspace& workspace) const {
  for (GatheredSum* sum : {&workspace.recurrent_gradient, &workspace.weights_gradient}) {
    if (!sum->empty) ScaleNumbers(factor, sum->values.data(), sum->values.size());
  }
  ScaleNumbers(factor, workspace.bias_gradient.data(), workspace.bias_gradient.size());
}

void RecurrentCell::AddGathered(std::span<RecurrentWorkspace* const> slices, int part, int parts) const {
  const auto add = [&](std::size_t size, auto buffer_of) {
    const auto share = [&](int index) {
      return size * static_cast<std::size_t>(index) / static_cast<std::size_t>(parts);
    };
    AddNumbers(Others(slices, buffer_of), buffer_of(*slices.front()), share(part), share(part + 1));
  };
  const auto gathered = [](GatheredSum& sum) { return sum.empty ? nullptr : sum.values.data(); };
  add(Size(shape_.hidden, gates() * stride_),
      [&](RecurrentWorkspace& slice) { return gathered(slice.recurrent_gradient); });
  add(Size(shape_.embedding, gates() * stride_),
      [&](RecurrentWorkspace& slice) { return gathered(slice.weights_gradient); });
  add(Size(layout_.gate_gradients, stride_),
      [](RecurrentWorkspace& slice) { return slice.bias_gradient.data(); });
}

void RecurrentCell::AddGradients(const RecurrentWorkspace& workspace, int part, int parts,
                                 const RecurrentTensors<Scalar>& gradients) const {
  const int width = static_cast<int>(stride_);
  const auto add = [&](std::span<const int> order, int depth, const Scalar* from, Scalar* to) {
    AddGateGradients(order, shape_.hidden, DenseMatrix(from, depth, static_cast<int>(order.size()) * width),
                     part, parts, to);
  };
  std::vector<int> gate_order(layout_.input_order.size());
  std::iota(gate_order.begin(), gate_order.end(), 0);
  add(gate_order, shape_.hidden, workspace.recurrent_gradient.values.data(), gradients.recurrent_weights);
  add(layout_.input_order, shape_.embedding, workspace.weights_gradient.values.data(),
      gradients.input_weights);
  const Scalar* bias = workspace.bias_gradient.data();
  add(layout_.input_order, 1, bias, gradients.bias);
  if (gradients.candidate_bias != nullptr) {
    add(std::array{0}, 1, bias + gates() * stride_, gradients.candidate_bias);
  }
}

}  // namespace advnative
