// The model as its users see it: batches in, losses out, state as flat vectors. Nothing here depends on what
// computes it; a Device is a value that CreateModel takes.
//
// Dimension letters: B examples of a batch, N tokens, U different words, K n-grams of all of these, V
// vocabulary, E embedding, H hidden of one direction, M MLP hidden, C classes, P poolings, L layers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "attacks/attack.h"
#include "base/cancellation.h"
#include "base/scalar.h"
#include "model/cell_type.h"
#include "model/device.h"
#include "model/loss.h"
#include "model/pooling.h"

namespace advnative {

// More would not fit the streams of random numbers.
inline constexpr std::int32_t kMostLayers = 8;

struct ModelConfig {
  CellType cell;
  std::int32_t vocabulary;  // V
  std::int32_t embedding;   // E
  std::int32_t hidden;      // H
  std::int32_t mlp;         // M
  std::int32_t classes;     // C, at least 2
  std::int32_t unknown_id;  // replaces others when unknown_rate > 0
  double embedding_range;   // the table starts uniform in (−range, range)
  std::uint64_t seed;
  std::int32_t layers = 1;                       // L, at most kMostLayers
  std::vector<Pooling> pooling{Pooling::kLast};  // P different ones, which the MLP reads side by side
  double ema = 0.0;  // in [0, 1): decay of the parameters' moving average; 0 = none is kept
  // A word's vector is its own plus the mean of those of its n-grams, which share so many; 0: its own alone.
  std::int32_t buckets = 0;

  LossKind loss = LossKind::kCrossEntropy;  // what steps minimise and Evaluate gives

  // Columns of what the MLP reads.
  std::int32_t pooled() const { return static_cast<std::int32_t>(pooling.size()) * 2 * hidden; }
};

// The different words of a batch, each with the buckets that its n-grams fall into: those of word u are
// buckets[offsets[u]] … buckets[offsets[u + 1] − 1], or none.
struct BatchWords {
  std::vector<std::int32_t> ids;      // [U], in [0, V); several words may be the unknown one
  std::vector<std::int32_t> offsets;  // [U + 1], never falling, from 0 to K
  std::vector<std::int32_t> buckets;  // [K], in [0, buckets of the model)

  std::size_t size() const { return ids.size(); }
};

// A packed batch: text b owns ids[offsets[b]] … ids[offsets[b + 1] − 1], at least one.
struct Batch {
  std::vector<std::int32_t> ids;      // [N], in [0, V); of a model with buckets in [0, U)
  std::vector<std::int32_t> offsets;  // [B + 1], strictly rising from 0 to N
  std::vector<std::int32_t> labels;   // [B], in [0, C); empty for Predict
  BatchWords words{};                 // of a model with buckets, 1 ≤ U ≤ N

  std::size_t size() const { return offsets.size() - 1; }
};

struct StepOptions {
  double learning_rate;  // > 0; bounds for what float makes of these: model/option_limits.h
  double dropout_keep;   // in (0, 1]; 1 = no dropout
  double unknown_rate;   // in [0, 1), of tokens; of a model with buckets, of the batch's words
  double clip_norm;      // ≥ 0; 0 = no clipping
  double weight_decay;   // ≥ 0, times learning_rate at most 1; 0 = none: model/weight_decay.h
  // With an attack the loss is α·J(e) + (1 − α)·J(e + Δ) (Bělohlávek et al. 2018, Eq. 2); without, J(e).
  std::optional<Attack> attack;
  double alpha;  // in [0, 1]; counts with an attack alone
};

// One part of a step. Names that begin with "wall." are parts of the step's own duration, those with
// "thread." are summed over the compute threads.
struct ProfilePart {
  std::string name;
  double milliseconds;
};

struct StepResult {
  std::uint64_t step;
  double loss;
  double clean_loss;
  double adversarial_loss;  // of the pass over e + Δ; without an attack the clean one
  std::int64_t correct;
  double gradient_norm;
  double epsilon;  // absolute
};

struct Evaluation {
  std::vector<double> losses;             // [B]
  std::vector<std::int32_t> predictions;  // [B]
};

// A batch under one attack: mean loss, and texts whose logits are largest at their label.
struct AttackResult {
  double epsilon;  // absolute
  double loss;
  std::int64_t correct;
};

struct AttackedEvaluation {
  double loss;           // of the clean pass
  std::int64_t correct;  // likewise
  std::vector<AttackResult> attacks;
};

// What a trained tensor is to the model.
enum class TensorRole {
  kEmbedding,
  kSubwords,  // of a model with buckets
  kInputWeights,
  kRecurrentWeights,
  kBias,
  kCandidateBias,  // inside the reset of CellType::kGru
  kHiddenWeights,  // of the MLP, as the next three
  kHiddenBias,
  kOutputWeights,
  kOutputBias,
  kAttentionWeights,
  kAttentionBias,
  kAttentionContext,
};

// A trained tensor's place in the flat parameter vector.
struct TensorInfo {
  std::string name;
  std::vector<std::int64_t> shape;
  std::size_t offset;
  std::size_t size;
  TensorRole role = TensorRole::kEmbedding;
  Direction direction = Direction::kForward;  // of a recurrent layer's tensors
  int layer = 0;                              // likewise, the lowest first
};

// Everything exact resumption needs, in the layout of Model::tensors().
struct ModelState {
  std::uint64_t step;
  std::vector<Scalar> parameters;
  std::vector<Scalar> first_moment;
  std::vector<Scalar> second_moment;
  // As it is kept: of n-grams its lag (model/parameter_average.h). Empty where the model keeps none.
  std::vector<Scalar> average;
};

// With ModelConfig::ema a model keeps a moving average of its parameters (model/parameter_average.h), which
// begins with the initial weights: Evaluate and Predict use the average, and steps know nothing of it.
//
// One call at a time. Arguments must be valid; the binding checks what comes from JavaScript. Calls over a
// batch throw kOutOfMemory, with the model as it was, when the process may not have what the batch needs.
//
// A new model has no weights yet: Initialize makes them, and what needs them calls it first. It takes long
// for large models, and the caller of Initialize chooses the thread.
class Model {
 public:
  virtual ~Model() = default;

  // Makes the initial weights from the seed, once; does nothing when weights are there. Throws kCancelled and
  // std::bad_alloc, after either of which it may be called again.
  virtual void Initialize(const Cancellation& cancellation) = 0;

  // One step: clean pass, perturbation, perturbed pass, clipping, Adam, the average. Throws kNotFinite,
  // naming step and tensor, kInvalidArgument where an attack's ε in standard deviations is 0 or infinite in
  // float, or kCancelled; the model is then as it was.
  virtual StepResult TrainStep(const Batch& batch, const StepOptions& options,
                               const Cancellation& cancellation) = 0;
  // Without dropout and replacement.
  virtual Evaluation Evaluate(const Batch& batch, const Cancellation& cancellation) = 0;
  // The batch's mean loss at e + Δ for the Δ of each attack, all made of one clean pass and one draw, without
  // dropout and replacement; the same attack with several ε is a line through e. Unlike Evaluate it goes by
  // the parameters that steps change, not their average. `draw` is what the step is to a step's random
  // numbers. Throws as TrainStep does.
  virtual AttackedEvaluation EvaluateUnder(const Batch& batch, const std::vector<Attack>& attacks,
                                           std::uint64_t draw, const Cancellation& cancellation) = 0;
  // Logits [B][C].
  virtual std::vector<Scalar> Predict(const Batch& batch, const Cancellation& cancellation) = 0;

  // Of the table that steps change.
  virtual double EmbeddingStandardDeviation() = 0;
  // Where the time of the last step or prediction went; all parts 0 before the first.
  virtual std::vector<ProfilePart> Profile() const = 0;
  virtual const std::vector<TensorInfo>& tensors() const = 0;
  virtual std::uint64_t step() const = 0;

  // Bytes that a training step with these options, or an evaluation or prediction where they are null, takes
  // beyond what the model holds now, for a batch with these offsets; of a model with buckets, for the one
  // that takes most of them, but for copies of its words.
  virtual std::size_t BytesFor(const std::vector<std::int32_t>& offsets, const StepOptions* options) = 0;
  // Bytes that the model holds: its own, and buffers of batches. Buffers of a batch that is much larger than
  // usual do not stay.
  virtual std::size_t HeldBytes() = 0;

  // Whether it keeps an average.
  virtual bool averages() const = 0;
  // Into arrays of the parameters' size.
  virtual void CopyParameters(Scalar* parameters) = 0;
  virtual void CopyMoments(Scalar* first_moment, Scalar* second_moment) const = 0;
  // Of a model that keeps one: what Evaluate and Predict use, and what its state holds of it.
  virtual void CopyAverage(Scalar* average) = 0;
  virtual void CopyKeptAverage(Scalar* kept) = 0;
  // The vectors must have the parameters' size, but for that of an average that the model does not keep.
  virtual void WriteState(const ModelState& state) = 0;
  // The average too.
  virtual void WriteParameters(const std::vector<Scalar>& parameters) = 0;

  std::size_t ParameterCount() const { return tensors().back().offset + tensors().back().size; }
  std::vector<Scalar> ReadParameters() {
    std::vector<Scalar> parameters(ParameterCount());
    CopyParameters(parameters.data());
    return parameters;
  }
  ModelState ReadState() {
    ModelState state{.step = step(),
                     .parameters = ReadParameters(),
                     .first_moment = std::vector<Scalar>(ParameterCount()),
                     .second_moment = std::vector<Scalar>(ParameterCount()),
                     .average = std::vector<Scalar>(averages() ? ParameterCount() : 0)};
    CopyMoments(state.first_moment.data(), state.second_moment.data());
    if (averages()) CopyKeptAverage(state.average.data());
    return state;
  }
};

// A model on a device. Allocates its vectors but does not touch them. Throws kUnsupported for a device that
// this build or machine lacks, kOutOfMemory when the process may not have the model, kThreads and
// std::bad_alloc.
std::unique_ptr<Model> CreateModel(const ModelConfig& config, const Device& device);

}  // namespace advnative
