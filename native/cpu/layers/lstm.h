// The LSTM (Hochreiter and Schmidhuber 1997 with the forget gate of Gers et al. 2000, without peepholes): i,
// f, o = σ(W·x + U·h + b), g = tanh(Wg·x + Ug·h + bg), c' = f∘c + i∘g, h' = o∘tanh(c'). Gate order i, f, g,
// o.
#pragma once

#include "cpu/layers/recurrent_cell.h"

namespace advnative {

class LstmCell final : public RecurrentCell {
 public:
  LstmCell(const KernelTable& kernels, RecurrentShape shape);

  std::unique_ptr<RecurrentScratch> MakeScratch() const override;
  void VisitForwardBuffers(int rows, RecurrentScratch& scratch, const BufferVisit& visit) const override;
  void VisitBackwardBuffers(int rows, int chunk_rows, RecurrentScratch& scratch,
                            const BufferVisit& visit) const override;
  void BeginForward(RecurrentScratch& scratch) const override;
  void BeginBackward(RecurrentScratch& scratch) const override;
  void Project(ConstMatrix table, Scalar* projections) const override;
  void Forward(const ForwardStep& step, RecurrentScratch& scratch) const override;
  void Backward(const BackwardStep& step, RecurrentWorkspace& workspace,
                RecurrentScratch& scratch) const override;

 private:
  void VisitStepWeights(const BufferVisit& visit) override;
  void PackSteps(const RecurrentTensors<const Scalar>& tensors) override;
  void AddRecurrentProducts(int rows, RecurrentWorkspace& workspace, RecurrentScratch& scratch,
                            std::vector<TransposedProduct>& products) const override;

  FusedGates forward_;                        // all four
  AlignedBuffer<Scalar> backward_recurrent_;  // panels of [4H*][H]
};

}  // namespace advnative
