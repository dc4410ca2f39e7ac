// The passes of a step, and a prediction.
#include <algorithm>
#include <numeric>

#include "base/part_timer.h"
#include "cpu/backend.h"
#include "model/dropout.h"
#include "model/loss.h"

namespace advnative {

namespace {

double Mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

std::vector<Scalar> CpuBackend::Predict(const Batch& batch, const Cancellation& cancellation) {
  PackWeights(cancellation);
  ForwardPass(Embed(batch, nullptr, nullptr), false, nullptr, cancellation);
  std::vector<Scalar> logits;
  logits.reserve(batch.size() * static_cast<std::size_t>(config_.classes));
  for (std::size_t b = 0; b < batch.size(); ++b) {
    logits.insert(logits.end(), Logits(b), Logits(b) + config_.classes);
  }
  return logits;
}

void CpuBackend::BeginStep(const Batch& batch, const std::optional<Dropout>& dropout,
                           const Cancellation& cancellation) {
  times_ = {};
  recurrent_.ResetTimes();
  pool_.ResetTimes();
  PackWeights(cancellation);
  const PartTimer timer(times_.prepare);
  batch_ = &batch;
  tokens_ = batch.ids.size();
  dropout_ = dropout.has_value();
  if (dropout) {
    FillDropoutMask(dropout->embedding, dropout->keep, static_cast<std::ptrdiff_t>(batch.ids.size()),
                    config_.embedding, embedding_stride_, embedding_mask_.data(), cancellation);
    FillDropoutMask(dropout->hidden, dropout->keep, static_cast<std::ptrdiff_t>(batch.size()), config_.mlp,
                    mlp_.hidden_stride(), hidden_mask_.data(), cancellation);
  }
  gradient_.Begin(pool_,
                  GradientSupport(batch.ids, static_cast<std::size_t>(config_.vocabulary),
                                  static_cast<std::size_t>(config_.embedding), parameters_.size()),
                  cancellation);
  recurrent_.ClearGradients();
}

void CpuBackend::PackWeights(const Cancellation& cancellation) {
  if (packed_) return;
  const PartTimer timer(times_.pack);
  recurrent_.Pack(weights_.directions, cancellation);
  const MlpTensors<Scalar>& mlp = weights_.mlp;
  mlp_.Pack({mlp.hidden_weights, mlp.hidden_bias, mlp.output_weights, mlp.output_bias}, cancellation);
  packed_ = true;
}

EmbeddedBatch CpuBackend::Embed(const Batch& batch, const Scalar* perturbation, const Scalar* mask) const {
  return {batch.ids,         batch.offsets,     config_.vocabulary, weights_.embedding_table,
          config_.embedding, embedding_stride_, perturbation,       mask};
}

PassResult CpuBackend::Pass(const TrainingPass& pass, const Cancellation& cancellation) {
  const Scalar* hidden_mask = dropout_ ? hidden_mask_.data() : nullptr;
  const EmbeddedBatch embedded = Embed(*batch_, pass.perturbed ? perturbation_.data() : nullptr,
                                       dropout_ ? embedding_mask_.data() : nullptr);
  ForwardPass(embedded, true, hidden_mask, cancellation);
  const double loss = HeadBackward(hidden_mask, pass, cancellation);
  const PartTimer timer(times_.recurrent_backward);
  recurrent_.Backward(embedded, state_gradient_.data(), mlp_.state_stride(), pass.wanted,
                      embedded_gradient_.data(), gradient_.views().embedding_table, cancellation);
  return {loss, CountCorrect()};
}

void CpuBackend::ForwardPass(const EmbeddedBatch& embedded, bool keep_activations, const Scalar* hidden_mask,
                             const Cancellation& cancellation) {
  const std::size_t texts = embedded.offsets.size() - 1;
  {
    const PartTimer timer(times_.recurrent_forward);
    states_.Clear();
    recurrent_.Forward(embedded, keep_activations, states_.data(), mlp_.state_stride(), cancellation);
  }
  const PartTimer timer(times_.head);
  mlp_.Forward(static_cast<int>(texts), states_.data(), hidden_mask, cancellation);
}

// From the logits to the gradient of the final states; returns the mean loss.
double CpuBackend::HeadBackward(const Scalar* hidden_mask, const TrainingPass& pass,
                                const Cancellation& cancellation) {
  const PartTimer timer(times_.head);
  const int texts = static_cast<int>(batch_->size());
  losses_.resize(batch_->size());
  SoftmaxCrossEntropy(texts, config_.classes, mlp_.logit_stride(), mlp_.logits(), batch_->labels.data(),
                      static_cast<Scalar>(pass.weight / texts), losses_.data(), logit_gradient_.data(),
                      cancellation);
  if (pass.wanted == WantedGradients::kInputs) {
    mlp_.BackwardToStates(texts, hidden_mask, logit_gradient_.data(), state_gradient_.data(), cancellation);
    return Mean(losses_);
  }
  mlp_.Backward(texts, states_.data(), hidden_mask, logit_gradient_.data(), gradient_.views().mlp,
                state_gradient_.data(), cancellation);
  return Mean(losses_);
}

std::int64_t CpuBackend::CountCorrect() const {
  std::int64_t correct = 0;
  for (std::size_t b = 0; b < batch_->size(); ++b) {
    correct += LargestLogit(Logits(b), config_.classes) == batch_->labels[b];
  }
  return correct;
}

void CpuBackend::PerturbBySign(double epsilon) {
  const PartTimer timer(times_.embedding);
  kernels_.sign_step(embedded_gradient_.data(), static_cast<Scalar>(epsilon), perturbation_.data(),
                     perturbation_.size());
}

void CpuBackend::ScaleGradient(double factor, const Cancellation& cancellation) {
  if (factor == 1.0) return;
  const PartTimer timer(times_.pack);
  // After a pass for the inputs alone only the layer's gathered sums are left.
  if (factor == 0.0) return recurrent_.ClearGradients();
  gradient_.Scale(pool_, static_cast<Scalar>(factor), cancellation);
  recurrent_.ScaleGradients(static_cast<Scalar>(factor));
}

void CpuBackend::FinishGradient(const Cancellation& cancellation) {
  const PartTimer timer(times_.pack);
  recurrent_.AddGradients(gradient_.views().directions, cancellation);
}

std::vector<Scalar> CpuBackend::TokenGradient() const {
  std::vector<Scalar> gradient;
  for (std::size_t token = 0; token < tokens_; ++token) {
    const Scalar* row = embedded_gradient_.data() + static_cast<std::ptrdiff_t>(token) * embedding_stride_;
    gradient.insert(gradient.end(), row, row + config_.embedding);
  }
  return gradient;
}

}  // namespace advnative
