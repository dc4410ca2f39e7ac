// The GRU of Cho et al. 2014, reset before the recurrent product: r = σ(Wr·x + Ur·h + br), z = σ(Wz·x + Uz·h
// + bz), n = tanh(Wn·x + bn + Un·(r∘h)), h' = (1 − z)∘n + z∘h. Gate order r, z, n.
#pragma once

#include "cpu/layers/recurrent_cell.h"

namespace advnative {

class GruChoCell final : public RecurrentCell {
 public:
  GruChoCell(const KernelTable& kernels, RecurrentShape shape);

  std::unique_ptr<RecurrentScratch> MakeScratch() const override;
  void VisitForwardBuffers(int rows, RecurrentScratch& scratch, const BufferVisit& visit) const override;
  void VisitBackwardBuffers(int rows, int chunk_rows, RecurrentScratch& scratch,
                            const BufferVisit& visit) const override;
  void Project(ConstMatrix table, Scalar* projections) const override;
  void Forward(const ForwardStep& step, RecurrentScratch& scratch) const override;
  void Backward(const BackwardStep& step, RecurrentWorkspace& workspace,
                RecurrentScratch& scratch) const override;

 private:
  void VisitStepWeights(const BufferVisit& visit) override;
  void PackSteps(const RecurrentTensors<const Scalar>& tensors) override;
  void AddRecurrentProducts(int rows, RecurrentWorkspace& workspace, RecurrentScratch& scratch,
                            std::vector<TransposedProduct>& products) const override;

  FusedGates gates_;                           // r, z
  AlignedBuffer<Scalar> candidate_recurrent_;  // panels of Unᵀ [H][H]
  AlignedBuffer<Scalar> candidate_input_;      // panels of Wnᵀ [E][H]
  AlignedBuffer<Scalar> candidate_bias_;       // panels of bn [1][H]
  AlignedBuffer<Scalar> backward_gates_;       // panels of [2H*][H]: rows r, z
  AlignedBuffer<Scalar> backward_candidate_;   // panels of [H*][H]
};

}  // namespace advnative
