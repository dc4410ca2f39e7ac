// The classifier on any device: embedding, bidirectional recurrent layer, MLP, loss; and the order
// of one whole training step.
#pragma once

#include <memory>
#include <vector>

#include "model/backend.h"
#include "model/model.h"

namespace advnative {

class Classifier final : public Model {
 public:
  Classifier(const ModelConfig& config, std::unique_ptr<Backend> backend);

  void Initialize(const Cancellation& cancellation) override;
  StepResult TrainStep(const Batch& batch, const StepOptions& options,
                       const Cancellation& cancellation) override;
  Evaluation Evaluate(const Batch& batch, const Cancellation& cancellation) override;
  AttackedEvaluation EvaluateUnder(const Batch& batch, const std::vector<Attack>& attacks, std::uint64_t draw,
                                   const Cancellation& cancellation) override;
  std::vector<Scalar> Predict(const Batch& batch, const Cancellation& cancellation) override;

  double EmbeddingStandardDeviation() override;
  std::vector<ProfilePart> Profile() const override { return backend_->Profile(); }
  const std::vector<TensorInfo>& tensors() const override { return tensors_; }
  std::uint64_t step() const override { return step_; }
  std::size_t BytesFor(const std::vector<std::int32_t>& offsets, const StepOptions* options) override;
  std::size_t HeldBytes() override { return backend_->HeldBytes(); }
  bool averages() const override { return config_.ema > 0.0; }
  void CopyParameters(Scalar* parameters) override;
  void CopyMoments(Scalar* first_moment, Scalar* second_moment) const override;
  void CopyAverage(Scalar* average) override;
  void CopyKeptAverage(Scalar* kept) override;
  void WriteState(const ModelState& state) override;
  void WriteParameters(const std::vector<Scalar>& parameters) override;

  // The first half of TrainStep: the gradient of the loss as step `step` would see it, without the update.
  // For gradient checks, which read it from the backend.
  StepResult ComputeGradient(const Batch& batch, const StepOptions& options, std::uint64_t step,
                             const Cancellation& cancellation);
  const Backend& backend() const { return *backend_; }

 private:
  Batch WithUnknowns(const Batch& batch, double rate, std::uint64_t step) const;
  std::optional<Dropout> DropoutOf(const StepOptions& options, std::uint64_t step) const;
  PassResult Pass(const TrainingPass& pass, std::uint64_t step, const Cancellation& cancellation);
  double GradientNorm(std::uint64_t step);
  std::vector<Scalar> Logits(const Batch& batch, const Cancellation& cancellation);

  const ModelConfig config_;
  const std::vector<TensorInfo> tensors_;
  const std::unique_ptr<Backend> backend_;
  std::uint64_t step_ = 0;
  bool initialized_ = false;
};

}  // namespace advnative
