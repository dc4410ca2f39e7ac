// One direction of a GRU over one slice, forward and backward. Reset after the recurrent product (cuDNN's and
// PyTorch's form; Cho et al. 2014 with the reset moved): r = σ(Wr·x + Ur·h + br), z = σ(Wz·x + Uz·h + bz), n
// = tanh(Wn·x + bn + r∘(Un·h + cn)), h' = (1 − z)∘n + z∘h. Gate order r, z, n.
//
// Dimension letters: E embedding, H hidden; H* and E* are rounded up to whole vectors.
#pragma once

#include "base/aligned_buffer.h"
#include "base/cancellation.h"
#include "kernels/kernel_table.h"
#include "layers/slices.h"

namespace advnative {

// The trained tensors of one direction, row-major. Also the shape of their gradients.
template <typename Scalar>
struct GruTensors {
  Scalar* input_weights;      // [3H][E]
  Scalar* recurrent_weights;  // [3H][H]
  Scalar* bias;               // [3H]
  Scalar* candidate_bias;     // [H]: cn, inside the reset
};

struct GruShape {
  int embedding;
  int hidden;
};

// One direction's weights in the order the kernels read them; packed anew after every update.
template <typename Scalar>
class GruWeights {
 public:
  void Pack(const KernelTable<Scalar>& kernels, GruShape shape, const GruTensors<const Scalar>& tensors);

  const Scalar* forward_recurrent() const { return forward_recurrent_.data(); }
  const Scalar* forward_input() const { return forward_input_.data(); }
  const Scalar* forward_bias() const { return forward_bias_.data(); }
  const Scalar* backward_recurrent() const { return backward_recurrent_.data(); }
  const Scalar* backward_input() const { return backward_input_.data(); }

 private:
  void PackForward(const KernelTable<Scalar>& kernels, GruShape shape,
                   const GruTensors<const Scalar>& tensors);
  void PackBackward(const KernelTable<Scalar>& kernels, GruShape shape,
                    const GruTensors<const Scalar>& tensors);

  AlignedBuffer<Scalar> forward_recurrent_;   // [panel][H][3·lanes]
  AlignedBuffer<Scalar> forward_input_;       // [panel][E][3·lanes]
  AlignedBuffer<Scalar> forward_bias_;        // [panel][4·lanes]
  AlignedBuffer<Scalar> backward_recurrent_;  // panels of [3H*][H]: rows r, z, n
  AlignedBuffer<Scalar> backward_input_;      // panels of [3H*][E]: rows n, r, z
};

// Milliseconds that one direction of one slice spent in its parts, added to by every pass.
struct RecurrentTimes {
  double forward_steps = 0.0;     // products with gates and state
  double backward_gates = 0.0;    // from the states' gradient to the gates'
  double backward_product = 0.0;  // back through the recurrent weights
  double weight_gradients = 0.0;
  double input_gradient = 0.0;
};

// What one direction keeps of one slice between its forward and its backward pass, and the gradients it
// gathers.
template <typename Scalar>
struct GruWorkspace {
  AlignedBuffer<Scalar> input;           // [tokens][E*], in the direction's own order; the caller fills it
  AlignedBuffer<Scalar> input_gradient;  // [tokens][E*]
  AlignedBuffer<Scalar> states;          // [rows + tokens][H*]: zeros, then every state
  AlignedBuffer<Scalar> gates;           // a block [panel][rows][4·lanes] a time step
  AlignedBuffer<Scalar>
      state_gradient;  // [rows][H*]; the caller of the backward pass fills it with the final states' gradient

  // Gradients in kernel order, added to by every backward pass until cleared.
  AlignedBuffer<Scalar> recurrent_gradient;  // [H][3H*]: columns r, z, n
  AlignedBuffer<Scalar> weights_gradient;    // [E][3H*]: columns n, r, z
  AlignedBuffer<Scalar> bias_gradient;       // [4H*]: n, r, z, cn

  // Rows of some time steps at once, enough of them for a tall product.
  AlignedBuffer<Scalar> gate_gradients;
  AlignedBuffer<Scalar> previous_states;
  AlignedBuffer<Scalar> transposed;

  RecurrentTimes times;

  void ClearGradients(const KernelTable<Scalar>& kernels, GruShape shape);
};

// Runs every time step. `final_states` [B][final_stride] receives the state of each text at its own last
// step, H values. With keep_activations the workspace is ready for GruBackwardPass.
template <typename Scalar>
void GruForwardPass(const KernelTable<Scalar>& kernels, GruShape shape, const GruWeights<Scalar>& weights,
                    const Slice& slice, GruWorkspace<Scalar>& workspace, bool keep_activations,
                    Scalar* final_states, std::ptrdiff_t final_stride, const Cancellation& cancellation);

// From the gradient of the final states [B][final_stride] to the gradients of weights (added) and inputs
// (written).
template <typename Scalar>
void GruBackwardPass(const KernelTable<Scalar>& kernels, GruShape shape, const GruWeights<Scalar>& weights,
                     const Slice& slice, GruWorkspace<Scalar>& workspace, const Scalar* final_gradient,
                     std::ptrdiff_t final_stride, const Cancellation& cancellation);

// Adds a workspace's gradients to the tensors' own layout.
template <typename Scalar>
void AddGruGradients(const KernelTable<Scalar>& kernels, GruShape shape,
                     const GruWorkspace<Scalar>& workspace, const GruTensors<Scalar>& gradients);

}  // namespace advnative
