// The GRU with the reset after the recurrent product (cuDNN's and PyTorch's form; Cho et al. 2014 with the
// reset moved): r = σ(Wr·x + Ur·h + br), z = σ(Wz·x + Uz·h + bz), n = tanh(Wn·x + bn + r∘(Un·h + cn)), h' =
// (1 − z)∘n + z∘h. Gate order r, z, n; cn is the candidate bias.
#pragma once

#include "cpu/layers/recurrent_cell.h"

namespace advnative {

class GruCell final : public RecurrentCell {
 public:
  GruCell(const KernelTable& kernels, RecurrentShape shape);

  void Project(ConstMatrix table, Scalar* projections) const override;
  void Forward(const ForwardStep& step, RecurrentScratch& scratch) const override;
  void Backward(const BackwardStep& step, RecurrentWorkspace& workspace,
                RecurrentScratch& scratch) const override;

 private:
  void VisitStepWeights(const BufferVisit& visit) override;
  void PackSteps(const RecurrentTensors<const Scalar>& tensors) override;
  void AddRecurrentProducts(int rows, RecurrentWorkspace& workspace, RecurrentScratch& scratch,
                            std::vector<TransposedProduct>& products) const override;

  FusedGates forward_;                        // all three
  AlignedBuffer<Scalar> candidate_bias_;      // [H*]
  AlignedBuffer<Scalar> backward_recurrent_;  // panels of [3H*][H]: rows r, z, n
};

}  // namespace advnative
