#include "model/classifier.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/denormals.h"
#include "model/dropout.h"
#include "model/loss.h"
#include "model/parameter_average.h"
#include "model/parameters.h"

namespace advnative {

namespace {

bool UsesGradient(const Attack& attack) {
  return std::visit([](const auto& one) { return one.kUsesGradient; }, attack);
}

// Of the clean pass. An attack may need its gradient, token by token; with α = 0 the loss is that of the
// other pass alone, and so is the gradient of the parameters.
WantedGradients WantedOf(const StepOptions& options) {
  const bool parameters = !options.attack || options.alpha != 0.0;
  const bool inputs = options.attack && UsesGradient(*options.attack);
  if (parameters) return inputs ? WantedGradients::kBoth : WantedGradients::kParameters;
  return inputs ? WantedGradients::kInputs : WantedGradients::kNone;
}

BatchNeeds NeedsOf(const StepOptions* options) {
  if (options == nullptr) return {};
  return {.training = true,
          .masked = options->dropout_keep < 1.0,
          .perturbed = options->attack.has_value(),
          .wanted = WantedOf(*options)};
}

std::string CallText(const char* call, const Batch& batch) {
  return std::string(call) + " a batch of " + std::to_string(batch.size()) + " texts and " +
         std::to_string(batch.ids.size()) + " tokens";
}

[[noreturn]] void ThrowNotFinite(std::uint64_t step, const std::string& what) {
  throw Error(ErrorCode::kNotFinite,
              "step " + std::to_string(step) + ": " + what + "; no update was applied");
}

// Ends a backend's call however it ends.
struct CallEnd {
  Backend& backend;
  ~CallEnd() { backend.EndCall(); }
};

}  // namespace

Classifier::Classifier(const ModelConfig& config, std::unique_ptr<Backend> backend)
    : config_(config), tensors_(LayOutParameters(config)), backend_(std::move(backend)) {}

void Classifier::Initialize(const Cancellation& cancellation) {
  if (initialized_) return;
  backend_->Initialize(cancellation);
  initialized_ = true;
}

StepResult Classifier::TrainStep(const Batch& batch, const StepOptions& options,
                                 const Cancellation& cancellation) {
  const FlushDenormals flush;
  const CallEnd end{*backend_};
  const std::uint64_t step = step_ + 1;
  StepResult result = ComputeGradient(batch, options, step, cancellation);
  cancellation.Check();
  result.gradient_norm = GradientNorm(step);
  const AdamStep adam = MakeAdamStep(step, options, result.gradient_norm);
  cancellation.Check();
  std::optional<AverageStep> average;
  if (averages()) average = MakeAverageStep(config_.ema, step);
  backend_->Update(adam, average, cancellation);
  step_ = step;
  return result;
}

// Loss α·J(e) + (1 − α)·J(e + Δ). A Δ of the clean pass's gradient is made before α weighs it: scaled first,
// small parts of it would be 0 and so would be their sign. A power of two changes no bit of what follows.
StepResult Classifier::ComputeGradient(const Batch& batch, const StepOptions& options, std::uint64_t step,
                                       const Cancellation& cancellation) {
  const FlushDenormals flush;
  Initialize(cancellation);
  backend_->Reserve(batch, NeedsOf(&options), CallText("a training step on", batch));
  const Batch trained = WithUnknowns(batch, options.unknown_rate, step);
  cancellation.Check();
  backend_->BeginStep(trained, DropoutOf(options, step), cancellation);
  const PassResult clean =
      Pass({.perturbed = false, .weight = 1.0, .wanted = WantedOf(options)}, step, cancellation);
  StepResult result{.step = step,
                    .loss = clean.loss,
                    .clean_loss = clean.loss,
                    .adversarial_loss = clean.loss,
                    .correct = clean.correct,
                    .gradient_norm = 0.0,
                    .epsilon = 0.0};
  if (options.attack) {
    const double alpha = options.alpha;
    cancellation.Check();
    const StepKey key{config_.seed, step};
    result.epsilon = std::visit(
        [&](const auto& attack) { return Perturb(attack, *backend_, key, cancellation); }, *options.attack);
    cancellation.Check();
    backend_->ScaleGradient(alpha, cancellation);
    result.adversarial_loss =
        Pass({.perturbed = true, .weight = 1.0 - alpha, .wanted = WantedGradients::kParameters}, step,
             cancellation)
            .loss;
    result.loss = alpha * clean.loss + (1.0 - alpha) * result.adversarial_loss;
  }
  cancellation.Check();
  backend_->FinishGradient(cancellation);
  return result;
}

Batch Classifier::WithUnknowns(const Batch& batch, double rate, std::uint64_t step) const {
  Batch replaced = batch;
  if (rate > 0.0) {
    const Philox random(config_.seed, RandomStream::kUnknownReplacement, step);
    // A word with n-grams loses its own vector in the whole batch and keeps theirs, as an unknown one has it.
    ReplaceByUnknown(random, rate, config_.unknown_id,
                     config_.buckets > 0 ? replaced.words.ids : replaced.ids);
  }
  return replaced;
}

std::optional<Dropout> Classifier::DropoutOf(const StepOptions& options, std::uint64_t step) const {
  if (options.dropout_keep == 1.0) return std::nullopt;
  Dropout dropout{.keep = options.dropout_keep,
                  .embedding = Philox(config_.seed, RandomStream::kEmbeddingDropout, step),
                  .hidden = Philox(config_.seed, RandomStream::kHiddenDropout, step),
                  .layers = {}};
  for (std::int32_t layer = 1; layer < config_.layers; ++layer) {
    const auto stream =
        static_cast<std::uint32_t>(RandomStream::kLayerDropout) + static_cast<std::uint32_t>(layer) - 1;
    dropout.layers.emplace_back(config_.seed, static_cast<RandomStream>(stream), step);
  }
  return dropout;
}

PassResult Classifier::Pass(const TrainingPass& pass, std::uint64_t step, const Cancellation& cancellation) {
  cancellation.Check();
  const PassResult result = backend_->Pass(pass, cancellation);
  if (std::isfinite(result.loss)) return result;
  const TensorInfo* tensor = backend_->FirstNotFinite(Vector::kParameters);
  ThrowNotFinite(step, "the loss is not finite; the first tensor with a value that is not finite is " +
                           (tensor != nullptr ? tensor->name : "the logits (every parameter is finite)"));
}

double Classifier::GradientNorm(std::uint64_t step) {
  const double squares = backend_->SquaredNorm();
  if (std::isfinite(squares)) return std::sqrt(squares);
  const TensorInfo* tensor = backend_->FirstNotFinite(Vector::kGradient);
  ThrowNotFinite(step, (tensor != nullptr ? "the gradient of " + tensor->name : "the norm of the gradient") +
                           " is not finite");
}

Evaluation Classifier::Evaluate(const Batch& batch, const Cancellation& cancellation) {
  const FlushDenormals flush;
  const std::vector<Scalar> logits = Logits(batch, cancellation);
  Evaluation evaluation{std::vector<double>(batch.size()), std::vector<std::int32_t>(batch.size())};
  const ConstMatrix rows = DenseMatrix(logits.data(), static_cast<int>(batch.size()), config_.classes);
  Losses(config_.loss, rows, batch.labels.data(), evaluation.losses.data(), cancellation);
  for (std::size_t b = 0; b < batch.size(); ++b) {
    evaluation.predictions[b] = LargestLogit(rows.Row(static_cast<std::ptrdiff_t>(b)), config_.classes);
  }
  return evaluation;
}

AttackedEvaluation Classifier::EvaluateUnder(const Batch& batch, const std::vector<Attack>& attacks,
                                             std::uint64_t draw, const Cancellation& cancellation) {
  const FlushDenormals flush;
  const CallEnd end{*backend_};
  Initialize(cancellation);
  const bool gradient = std::any_of(attacks.begin(), attacks.end(), &UsesGradient);
  const WantedGradients wanted = gradient ? WantedGradients::kInputs : WantedGradients::kNone;
  backend_->Reserve(batch, {.training = true, .perturbed = true, .wanted = wanted},
                    CallText("attacking", batch));
  backend_->BeginStep(batch, std::nullopt, cancellation);
  const auto pass = [&](bool perturbed, WantedGradients of_pass) {
    cancellation.Check();
    const PassResult result =
        backend_->Pass({.perturbed = perturbed, .weight = 1.0, .wanted = of_pass}, cancellation);
    if (std::isfinite(result.loss)) return result;
    throw Error(ErrorCode::kNotFinite,
                std::string("the loss of the ") + (perturbed ? "perturbed" : "clean") +
                    " batch is not finite: the model's weights or epsilon are too large");
  };
  const PassResult clean = pass(false, wanted);
  AttackedEvaluation evaluation{clean.loss, clean.correct, {}};
  // No pass after the clean one goes back, so that its gradient stays for every attack.
  for (const Attack& attack : attacks) {
    cancellation.Check();
    const StepKey key{config_.seed, draw};
    const double epsilon =
        std::visit([&](const auto& one) { return Perturb(one, *backend_, key, cancellation); }, attack);
    const PassResult attacked = pass(true, WantedGradients::kNone);
    evaluation.attacks.push_back({epsilon, attacked.loss, attacked.correct});
  }
  return evaluation;
}

std::vector<Scalar> Classifier::Predict(const Batch& batch, const Cancellation& cancellation) {
  const FlushDenormals flush;
  return Logits(batch, cancellation);
}

// Finite weights can still overflow in their products; no loss or prediction made of such logits may leave.
std::vector<Scalar> Classifier::Logits(const Batch& batch, const Cancellation& cancellation) {
  Initialize(cancellation);
  const CallEnd end{*backend_};
  backend_->Reserve(batch, NeedsOf(nullptr), CallText("evaluating", batch));
  std::vector<Scalar> logits = backend_->Predict(batch, cancellation);
  const auto at_fault =
      std::find_if(logits.begin(), logits.end(), [](Scalar logit) { return !std::isfinite(logit); });
  if (at_fault == logits.end()) return logits;
  throw Error(ErrorCode::kNotFinite, "the logits of text " +
                                         std::to_string((at_fault - logits.begin()) / config_.classes) +
                                         " of the batch are not finite: the model's weights are too large");
}

double Classifier::EmbeddingStandardDeviation() {
  Initialize(Cancellation{});
  return backend_->EmbeddingStandardDeviation();
}

std::size_t Classifier::BytesFor(const std::vector<std::int32_t>& offsets, const StepOptions* options) {
  return backend_->BytesFor(offsets, NeedsOf(options));
}

void Classifier::CopyParameters(Scalar* parameters) {
  Initialize(Cancellation{});
  backend_->CopyParameters(parameters);
}

void Classifier::CopyMoments(Scalar* first_moment, Scalar* second_moment) const {
  backend_->CopyMoments(first_moment, second_moment);
}

void Classifier::CopyAverage(Scalar* average) {
  const FlushDenormals flush;
  Initialize(Cancellation{});
  backend_->CopyAverage(average);
}

void Classifier::CopyKeptAverage(Scalar* kept) {
  Initialize(Cancellation{});
  backend_->CopyKeptAverage(kept);
}

void Classifier::WriteState(const ModelState& state) {
  WriteParameters(state.parameters);
  backend_->WriteMoments(state.first_moment.data(), state.second_moment.data());
  if (averages()) {
    backend_->WriteKeptAverage(state.average.data(), LagScaleAfter(config_.ema, state.step).scale);
  }
  step_ = state.step;
}

void Classifier::WriteParameters(const std::vector<Scalar>& parameters) {
  backend_->WriteParameters(parameters.data());
  initialized_ = true;
}

}  // namespace advnative
