#include "cpu/classifier.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>

#include "attacks/fast_gradient_sign.h"
#include "base/chunks.h"
#include "base/denormals.h"
#include "base/part_timer.h"
#include "base/philox.h"
#include "base/scale.h"
#include "cpu/layers/loss.h"
#include "model/dropout.h"
#include "model/initialization.h"

namespace advnative {

namespace {

// Δ is made of the clean pass's gradient, token by token. With α = 0 the loss is that of the other pass
// alone, and so is the gradient of the parameters.
WantedGradients WantedOf(const StepOptions& options, bool perturbed) {
  if (!options.adversarial || perturbed) return WantedGradients::kParameters;
  return options.adversarial->alpha == 0.0 ? WantedGradients::kInputs : WantedGradients::kBoth;
}

std::int64_t CountCorrect(const Batch& batch, const Mlp& mlp, int classes) {
  std::int64_t correct = 0;
  for (std::size_t b = 0; b < batch.size(); ++b) {
    correct += LargestLogit(mlp.logits() + static_cast<std::ptrdiff_t>(b) * mlp.logit_stride(), classes) ==
               batch.labels[b];
  }
  return correct;
}

double Mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

Classifier::Classifier(const ModelConfig& config, const Cpu& device)
    : config_(config),
      kernels_(KernelsFor(device.instruction_set)),
      tensors_(LayOutParameters(config)),
      embedding_stride_(PaddedWidth(kernels_, config.embedding)),
      pool_(device.threads),
      parameters_(CountParameters(tensors_)),
      gradient_(parameters_.size()),
      weights_(ViewParameters(tensors_, parameters_.data())),
      gradients_(ViewParameters(tensors_, gradient_.data())),
      recurrent_(kernels_, pool_, config.cell, {config.embedding, config.hidden}),
      mlp_(kernels_, pool_, {2 * config.hidden, config.mlp, config.classes}),
      optimizer_(kernels_, pool_, tensors_),
      deviation_(kernels_, tensors_[0].size) {}

void Classifier::Initialize(const Cancellation& cancellation) {
  if (initialized_) return;
  InitializeParameters(config_, tensors_, kernels_, pool_, parameters_.data(), cancellation);
  initialized_ = true;
}

StepResult Classifier::TrainStep(const Batch& batch, const StepOptions& options,
                                 const Cancellation& cancellation) {
  const FlushDenormals flush;
  const CallEnd end{*this};
  const std::uint64_t step = step_ + 1;
  StepResult result = ComputeGradient(batch, options, step, cancellation);
  {
    const PartTimer timer(times_.optimizer);
    result.gradient_norm = optimizer_.CheckedNorm(gradient_.data(), support_, step);
    cancellation.Check();
    Update(step, options, result.gradient_norm, cancellation);
  }
  step_ = step;
  return result;
}

// One pass over memory does all that the next step needs of the updated parameters as well: it measures the
// table and clears the gradient.
void Classifier::Update(std::uint64_t step, const StepOptions& options, double norm,
                        const Cancellation& cancellation) {
  const bool measure = options.adversarial && options.adversarial->unit == EpsilonUnit::kStandardDeviation;
  optimizer_.Update(step, options, norm, gradient_.data(), support_, parameters_.data(),
                    [&](std::size_t begin, std::size_t count) {
                      cancellation.CheckAbandoned();
                      if (measure) deviation_.MeasureChunk(parameters_.data(), begin, count);
                      support_.ForEachPart(begin, count, [&](std::size_t at, std::size_t size, bool inside) {
                        if (inside) std::fill_n(gradient_.data() + at, size, Scalar(0));
                      });
                    });
  gradient_clear_ = true;
  measured_ = measure;
  packed_ = false;
}

StepResult Classifier::ComputeGradient(const Batch& batch, const StepOptions& options, std::uint64_t step,
                                       const Cancellation& cancellation) {
  const FlushDenormals flush;
  Initialize(cancellation);
  times_ = {};
  recurrent_.ResetTimes();
  pool_.ResetTimes();
  PrepareStep(batch, options, step, cancellation);
  const double clean_loss = TrainingPass(options, step, false, 1.0, cancellation);
  StepResult result{.step = step,
                    .loss = clean_loss,
                    .clean_loss = clean_loss,
                    .adversarial_loss = clean_loss,
                    .correct = CountCorrect(batch_, mlp_, config_.classes),
                    .gradient_norm = 0.0,
                    .epsilon = 0.0};
  if (options.adversarial) {
    const double alpha = options.adversarial->alpha;
    result.epsilon = Perturb(*options.adversarial, step);
    ScaleGradients(alpha, cancellation);
    result.adversarial_loss = TrainingPass(options, step, true, 1.0 - alpha, cancellation);
    result.loss = alpha * clean_loss + (1.0 - alpha) * result.adversarial_loss;
  }
  const PartTimer timer(times_.pack);
  recurrent_.AddGradients(gradients_.directions, cancellation);
  return result;
}

// Makes Δ of the clean pass's gradient; returns ε as an absolute number.
double Classifier::Perturb(const AdversarialOptions& options, std::uint64_t step) {
  const PartTimer timer(times_.embedding);
  const double unit = options.unit == EpsilonUnit::kAbsolute ? 1.0 : EmbeddingStandardDeviation();
  const double epsilon = options.epsilon * unit;
  CheckEpsilon(epsilon, options.epsilon > 0.0 && unit > 0.0, step);
  FastGradientSign(kernels_, embedded_gradient_.data(), epsilon, perturbation_.data(), perturbation_.size());
  return epsilon;
}

// Everything of a step that its passes share: replaced tokens, masks, slices, packed weights, empty
// gradients.
void Classifier::PrepareStep(const Batch& batch, const StepOptions& options, std::uint64_t step,
                             const Cancellation& cancellation) {
  BeginCall(batch.offsets, &options);
  PackWeights(cancellation);
  const PartTimer timer(times_.prepare);
  batch_ = batch;
  if (options.unknown_rate > 0.0) {
    ReplaceByUnknown(Philox(config_.seed, RandomStream::kUnknownReplacement, step), options.unknown_rate,
                     config_.unknown_id, batch_.ids);
  }
  if (options.dropout_keep < 1.0) {
    const auto tokens = static_cast<std::ptrdiff_t>(batch_.ids.size());
    const auto texts = static_cast<std::ptrdiff_t>(batch_.size());
    FillDropoutMask(Philox(config_.seed, RandomStream::kEmbeddingDropout, step), options.dropout_keep, tokens,
                    config_.embedding, embedding_stride_, embedding_mask_.data(), cancellation);
    FillDropoutMask(Philox(config_.seed, RandomStream::kHiddenDropout, step), options.dropout_keep, texts,
                    config_.mlp, mlp_.hidden_stride(), hidden_mask_.data(), cancellation);
  }
  support_ = GradientSupport(batch_.ids, static_cast<std::size_t>(config_.vocabulary),
                             static_cast<std::size_t>(config_.embedding), gradient_.size());
  ClearGradients(cancellation);
}

void Classifier::PackWeights(const Cancellation& cancellation) {
  if (packed_) return;
  const PartTimer timer(times_.pack);
  recurrent_.Pack(weights_.directions, cancellation);
  const MlpTensors<Scalar>& mlp = weights_.mlp;
  mlp_.Pack({mlp.hidden_weights, mlp.hidden_bias, mlp.output_weights, mlp.output_bias}, cancellation);
  packed_ = true;
}

void Classifier::ClearGradients(const Cancellation& cancellation) {
  if (!gradient_clear_) {
    ForEachChunk(pool_, gradient_.size(), [&](std::size_t begin, std::size_t count) {
      cancellation.Check();
      std::fill_n(gradient_.data() + begin, count, Scalar(0));
    });
  }
  gradient_clear_ = false;
  recurrent_.ClearGradients();
}

// Weighs the clean pass's gradient once its sign is taken: scaled before, small parts of it would be 0 and so
// would be their sign. A power of two changes no bit of what follows.
void Classifier::ScaleGradients(double factor, const Cancellation& cancellation) {
  if (factor == 1.0) return;
  // Of the inputs' gradient alone (see WantedOf) only the layer's gathered sums are left.
  if (factor == 0.0) return recurrent_.ClearGradients();
  const PartTimer timer(times_.pack);
  ForEachChunk(pool_, gradient_.size(), [&](std::size_t begin, std::size_t count) {
    cancellation.Check();
    support_.ForEachPart(begin, count, [this, factor](std::size_t at, std::size_t size, bool inside) {
      if (inside) ScaleNumbers(static_cast<Scalar>(factor), gradient_.data() + at, size);
    });
  });
  recurrent_.ScaleGradients(static_cast<Scalar>(factor));
}

EmbeddedBatch Classifier::Embed(const Batch& batch, const Scalar* perturbation, const Scalar* mask) const {
  return {batch.ids,         batch.offsets,     config_.vocabulary, weights_.embedding_table,
          config_.embedding, embedding_stride_, perturbation,       mask};
}

void Classifier::ForwardPass(const EmbeddedBatch& embedded, bool keep_activations, const Scalar* hidden_mask,
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

// Forward and backward over batch_, clean or at e + Δ; the gradient of weight·(mean loss) is added. Returns
// the mean loss.
double Classifier::TrainingPass(const StepOptions& options, std::uint64_t step, bool perturbed, double weight,
                                const Cancellation& cancellation) {
  const WantedGradients wanted = WantedOf(options, perturbed);
  const bool dropout = options.dropout_keep < 1.0;
  const Scalar* hidden_mask = dropout ? hidden_mask_.data() : nullptr;
  const EmbeddedBatch embedded =
      Embed(batch_, perturbed ? perturbation_.data() : nullptr, dropout ? embedding_mask_.data() : nullptr);
  ForwardPass(embedded, true, hidden_mask, cancellation);
  const double loss = HeadBackward(hidden_mask, step, weight, wanted, cancellation);
  const PartTimer timer(times_.recurrent_backward);
  recurrent_.Backward(embedded, state_gradient_.data(), mlp_.state_stride(), wanted,
                      embedded_gradient_.data(), gradients_.embedding_table, cancellation);
  return loss;
}

// From the logits to the gradient of the final states; returns the mean loss.
double Classifier::HeadBackward(const Scalar* hidden_mask, std::uint64_t step, double weight,
                                WantedGradients wanted, const Cancellation& cancellation) {
  const PartTimer timer(times_.head);
  const int texts = static_cast<int>(batch_.size());
  losses_.resize(batch_.size());
  SoftmaxCrossEntropy(texts, config_.classes, mlp_.logit_stride(), mlp_.logits(), batch_.labels.data(),
                      static_cast<Scalar>(weight / texts), losses_.data(), logit_gradient_.data(),
                      cancellation);
  const double loss = Mean(losses_);
  CheckLoss(loss, step);
  if (wanted == WantedGradients::kInputs) {
    mlp_.BackwardToStates(texts, hidden_mask, logit_gradient_.data(), state_gradient_.data(), cancellation);
    return loss;
  }
  mlp_.Backward(texts, states_.data(), hidden_mask, logit_gradient_.data(), gradients_.mlp,
                state_gradient_.data(), cancellation);
  return loss;
}

std::vector<ProfilePart> Classifier::Profile() const {
  const RecurrentTimes threads = recurrent_.Times();
  std::vector<ProfilePart> parts{{"wall.prepare", times_.prepare},
                                 {"wall.pack", times_.pack},
                                 {"wall.recurrentForward", times_.recurrent_forward},
                                 {"wall.head", times_.head},
                                 {"wall.recurrentBackward", times_.recurrent_backward},
                                 {"wall.embedding", times_.embedding},
                                 {"wall.optimizer", times_.optimizer},
                                 {"thread.forwardSteps", threads.forward_steps},
                                 {"thread.backwardGates", threads.backward_gates},
                                 {"thread.backwardProduct", threads.backward_product},
                                 {"thread.weightGradients", threads.weight_gradients},
                                 {"thread.inputGradient", threads.input_gradient}};
  double step = 0.0;
  for (std::size_t part = 0; part < 7; ++part) step += parts[part].milliseconds;
  const TaskTimes& tasks = pool_.times();
  const double serial = std::max(0.0, step - tasks.wall);
  parts.push_back({"tasks.count", static_cast<double>(tasks.tasks)});
  parts.push_back({"tasks.longest", tasks.longest});
  parts.push_back({"tasks.serial", serial});
  static constexpr std::array kNames{"cores.4", "cores.8", "cores.16"};
  for (std::size_t i = 0; i < kNames.size(); ++i) parts.push_back({kNames[i], serial + tasks.on_cores[i]});
  return parts;
}

// `wanted`: whether Δ should be other than 0.
void Classifier::CheckEpsilon(double epsilon, bool wanted, std::uint64_t step) const {
  using Limits = std::numeric_limits<Scalar>;
  if (epsilon <= static_cast<double>(Limits::max()) &&
      (!wanted || epsilon >= static_cast<double>(Limits::min()))) {
    return;
  }
  char text[32];
  std::snprintf(text, sizeof text, "%g", epsilon);
  throw Error(ErrorCode::kInvalidArgument,
              "step " + std::to_string(step) + ": epsilon is " + text + " as an absolute number, which is " +
                  (epsilon > 1.0 ? "infinite" : "0") + " in 32-bit float; no update was applied");
}

void Classifier::CheckLoss(double loss, std::uint64_t step) const {
  if (std::isfinite(loss)) return;
  std::string at_fault = "the logits (every parameter is finite)";
  for (const TensorInfo& tensor : tensors_) {
    if (std::isfinite(kernels_.sum_of_squares(parameters_.data() + tensor.offset, tensor.size))) continue;
    at_fault = tensor.name;
    break;
  }
  throw Error(ErrorCode::kNotFinite,
              "step " + std::to_string(step) +
                  ": the loss is not finite; the first tensor with a value that is not finite is " +
                  at_fault + "; no update was applied");
}

// Finite weights can still overflow in their products; no loss or prediction made of such logits may leave.
void Classifier::CheckLogits(std::size_t texts) const {
  for (std::size_t b = 0; b < texts; ++b) {
    const Scalar* row = mlp_.logits() + static_cast<std::ptrdiff_t>(b) * mlp_.logit_stride();
    if (std::all_of(row, row + config_.classes, [](Scalar logit) { return std::isfinite(logit); })) continue;
    throw Error(ErrorCode::kNotFinite, "the logits of text " + std::to_string(b) +
                                           " of the batch are not finite: the model's weights are too large");
  }
}

Evaluation Classifier::Evaluate(const Batch& batch, const Cancellation& cancellation) {
  const FlushDenormals flush;
  Initialize(cancellation);
  const CallEnd end{*this};
  BeginCall(batch.offsets, nullptr);
  PackWeights(cancellation);
  ForwardPass(Embed(batch, nullptr, nullptr), false, nullptr, cancellation);
  CheckLogits(batch.size());
  Evaluation evaluation{std::vector<double>(batch.size()), std::vector<std::int32_t>(batch.size())};
  SoftmaxCrossEntropy(static_cast<int>(batch.size()), config_.classes, mlp_.logit_stride(), mlp_.logits(),
                      batch.labels.data(), Scalar(0), evaluation.losses.data(), nullptr, cancellation);
  for (std::size_t b = 0; b < batch.size(); ++b) {
    evaluation.predictions[b] =
        LargestLogit(mlp_.logits() + static_cast<std::ptrdiff_t>(b) * mlp_.logit_stride(), config_.classes);
  }
  return evaluation;
}

std::vector<Scalar> Classifier::Predict(const Batch& batch, const Cancellation& cancellation) {
  const FlushDenormals flush;
  Initialize(cancellation);
  const CallEnd end{*this};
  BeginCall(batch.offsets, nullptr);
  PackWeights(cancellation);
  ForwardPass(Embed(batch, nullptr, nullptr), false, nullptr, cancellation);
  CheckLogits(batch.size());
  std::vector<Scalar> logits;
  logits.reserve(batch.size() * static_cast<std::size_t>(config_.classes));
  for (std::size_t b = 0; b < batch.size(); ++b) {
    const Scalar* row = mlp_.logits() + static_cast<std::ptrdiff_t>(b) * mlp_.logit_stride();
    logits.insert(logits.end(), row, row + config_.classes);
  }
  return logits;
}

double Classifier::EmbeddingStandardDeviation() {
  Initialize(Cancellation{});
  if (!measured_) deviation_.MeasureAll(pool_, parameters_.data());
  measured_ = true;
  return deviation_.Value();
}

void Classifier::CopyParameters(Scalar* parameters) {
  Initialize(Cancellation{});
  std::copy_n(parameters_.data(), parameters_.size(), parameters);
}

void Classifier::CopyMoments(Scalar* first_moment, Scalar* second_moment) const {
  std::copy_n(optimizer_.first_moment().data(), parameters_.size(), first_moment);
  std::copy_n(optimizer_.second_moment().data(), parameters_.size(), second_moment);
}

void Classifier::WriteState(const ModelState& state) {
  WriteParameters(state.parameters);
  std::copy(state.first_moment.begin(), state.first_moment.end(), optimizer_.first_moment().data());
  std::copy(state.second_moment.begin(), state.second_moment.end(), optimizer_.second_moment().data());
  step_ = state.step;
}

void Classifier::WriteParameters(const std::vector<Scalar>& parameters) {
  std::copy(parameters.begin(), parameters.end(), parameters_.data());
  initialized_ = true;
  packed_ = false;
  measured_ = false;
}

std::vector<Scalar> Classifier::EmbeddedGradient() const {
  std::vector<Scalar> gradient;
  for (std::size_t token = 0; token < batch_.ids.size(); ++token) {
    const Scalar* row = embedded_gradient_.data() + static_cast<std::ptrdiff_t>(token) * embedding_stride_;
    gradient.insert(gradient.end(), row, row + config_.embedding);
  }
  return gradient;
}

}  // namespace advnative
