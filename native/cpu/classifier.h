// The classifier on the CPU: embedding, bidirectional recurrent layer, MLP, cross-entropy; and one whole
// training step.
#pragma once

#include <vector>

#include "base/aligned_buffer.h"
#include "base/buffer_count.h"
#include "base/thread_pool.h"
#include "cpu/bidirectional_layer.h"
#include "cpu/layers/embedding.h"
#include "cpu/layers/mlp.h"
#include "cpu/optimizer.h"
#include "cpu/table_deviation.h"
#include "model/model.h"
#include "model/parameters.h"
#include "model/recent_sizes.h"

namespace advnative {

class Classifier final : public Model {
 public:
  Classifier(const ModelConfig& config, const Cpu& device);

  // Bytes that a model holds apart from what batches need: parameters, gradient, two moments and, from the
  // first call on, packed weights, which take no less than the making of the initial values did.
  static std::size_t ModelBytes(const ModelConfig& config, const Cpu& device);

  StepResult TrainStep(const Batch& batch, const StepOptions& options,
                       const Cancellation& cancellation) override;
  Evaluation Evaluate(const Batch& batch, const Cancellation& cancellation) override;
  std::vector<Scalar> Predict(const Batch& batch, const Cancellation& cancellation) override;

  void Initialize(const Cancellation& cancellation) override;
  double EmbeddingStandardDeviation() override;
  std::vector<ProfilePart> Profile() const override;
  const std::vector<TensorInfo>& tensors() const override { return tensors_; }
  std::uint64_t step() const override { return step_; }
  std::size_t BytesFor(const std::vector<std::int32_t>& offsets, const StepOptions* options) override;
  std::size_t HeldBytes() override;
  void CopyParameters(Scalar* parameters) override;
  void CopyMoments(Scalar* first_moment, Scalar* second_moment) const override;
  void WriteState(const ModelState& state) override;
  void WriteParameters(const std::vector<Scalar>& parameters) override;

  // The first half of TrainStep: the gradient of the loss as step `step` would see it, without the update. In
  // the layout of tensors(); for gradient checks.
  StepResult ComputeGradient(const Batch& batch, const StepOptions& options, std::uint64_t step,
                             const Cancellation& cancellation);
  const AlignedBuffer<Scalar>& gradient() const { return gradient_; }
  // ∇ of the embedded tokens of a vanilla step, [N][E] without padding, where words hardly repeat (see
  // BidirectionalLayer).
  std::vector<Scalar> EmbeddedGradient() const;

 private:
  void VisitBuffers(std::size_t tokens, std::size_t texts, const StepOptions* options,
                    const BufferVisit& visit);
  BufferCount CountBuffers(const std::vector<std::int32_t>& offsets, const StepOptions* options);
  BufferCount CountWeights();
  std::size_t BatchBytes();
  void BeginCall(const std::vector<std::int32_t>& offsets, const StepOptions* options);
  void EndCall();
  // Ends a call however it ends.
  struct CallEnd {
    Classifier& classifier;
    ~CallEnd() { classifier.EndCall(); }
  };
  EmbeddedBatch Embed(const Batch& batch, const Scalar* perturbation, const Scalar* mask) const;
  void Update(std::uint64_t step, const StepOptions& options, double norm, const Cancellation& cancellation);
  void PrepareStep(const Batch& batch, const StepOptions& options, std::uint64_t step,
                   const Cancellation& cancellation);
  void PackWeights(const Cancellation& cancellation);
  void ClearGradients(const Cancellation& cancellation);
  void ForwardPass(const EmbeddedBatch& embedded, bool keep_activations, const Scalar* hidden_mask,
                   const Cancellation& cancellation);
  double TrainingPass(const StepOptions& options, std::uint64_t step, bool perturbed, double weight,
                      const Cancellation& cancellation);
  double HeadBackward(const Scalar* hidden_mask, std::uint64_t step, double weight, WantedGradients wanted,
                      const Cancellation& cancellation);
  double Perturb(const AdversarialOptions& options, std::uint64_t step);
  void ScaleGradients(double factor, const Cancellation& cancellation);
  void CheckEpsilon(double epsilon, bool wanted, std::uint64_t step) const;
  void CheckLoss(double loss, std::uint64_t step) const;
  void CheckLogits(std::size_t texts) const;

  // Milliseconds of the running step's parts.
  struct StepTimes {
    double prepare = 0.0;  // masks, replaced tokens, empty gradients
    double pack = 0.0;     // weights into the kernels' order, weight gradients out of it
    double recurrent_forward = 0.0;
    double head = 0.0;
    double recurrent_backward = 0.0;
    double embedding = 0.0;  // perturbation, gradient of the table
    double optimizer = 0.0;
  };

  const ModelConfig config_;
  const KernelTable& kernels_;
  const std::vector<TensorInfo> tensors_;
  const std::ptrdiff_t embedding_stride_;
  ThreadPool pool_;
  AlignedBuffer<Scalar> parameters_;
  AlignedBuffer<Scalar> gradient_;
  ParameterViews weights_;
  ParameterViews gradients_;
  BidirectionalLayer recurrent_;
  Mlp mlp_;
  Optimizer optimizer_;
  TableDeviation deviation_;
  std::uint64_t step_ = 0;
  StepTimes times_;
  bool initialized_ = false;
  bool packed_ = false;          // the layers hold the current parameters
  bool measured_ = false;        // deviation_ is that of the current table
  bool gradient_clear_ = false;  // gradient_ is zero everywhere
  GradientSupport support_;      // of the running step's gradient

  Batch batch_;  // the batch of the running step, unknown tokens replaced
  std::vector<double> losses_;
  AlignedBuffer<Scalar> embedding_mask_;
  AlignedBuffer<Scalar> hidden_mask_;
  AlignedBuffer<Scalar> perturbation_;
  AlignedBuffer<Scalar> embedded_gradient_;
  AlignedBuffer<Scalar> states_;
  AlignedBuffer<Scalar> state_gradient_;
  AlignedBuffer<Scalar> logit_gradient_;
  std::size_t needed_bytes_ = 0;  // of the running call
  RecentSizes recent_sizes_;
};

}  // namespace advnative
