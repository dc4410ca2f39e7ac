// What a device does for a model, in calls as long as a pass or an update. Their order, what is drawn and
// refused, and what users are told of it stand in model/classifier.cpp, the same for every device.
//
// Dimension letters: B examples of a batch, N tokens, E embedding, C classes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/philox.h"
#include "base/scalar.h"
#include "model/adam.h"
#include "model/model.h"
#include "model/parameter_average.h"
#include "model/wanted_gradients.h"

namespace advnative {

// What decides which buffers a call over a batch uses.
struct BatchNeeds {
  bool training = false;                                  // passes back
  bool masked = false;                                    // dropout
  bool perturbed = false;                                 // a second pass over e + Δ
  WantedGradients wanted = WantedGradients::kParameters;  // of the first pass
};

// The masks of a step: see model/dropout.h.
struct Dropout {
  double keep;
  Philox embedding;            // [N][E]
  Philox hidden;               // [B][M]
  std::vector<Philox> layers;  // [L − 1] of [N][2H], of the states between two layers
};

// One pass forward and, where gradients are wanted, back.
struct TrainingPass {
  bool perturbed;  // over e + Δ instead of e
  double weight;   // of its mean loss in the step's, whose gradient is added
  WantedGradients wanted;
};

struct PassResult {
  double loss;  // mean over the batch, without the weight
  std::int64_t correct;
};

// The vectors in the layout of the tensors.
enum class Vector { kParameters, kGradient };

// One call at a time. A step is Reserve, BeginStep, Pass, where it has an attack a perturbation,
// ScaleGradient and another Pass, FinishGradient, SquaredNorm and Update, each looked at for a cancellation
// before it begins and, where the device can, inside: it then throws kCancelled. Parameters, moments and what
// depends on them may change in Update alone, the last of these, so that a step that ends before, however it
// ends, has applied no update.
class Backend {
 public:
  virtual ~Backend() = default;

  // Makes the parameters of model/initialization.h. May be called again after it threw.
  virtual void Initialize(const Cancellation& cancellation) = 0;
  // Of the parameters' size; the average of a model that keeps one. Parameters that are written are its
  // average as well.
  virtual void CopyParameters(Scalar* parameters) const = 0;
  virtual void WriteParameters(const Scalar* parameters) = 0;
  virtual void CopyAverage(Scalar* average) const = 0;
  // What is kept of the average, to the bit: it itself, but of n-grams its lag (model/parameter_average.h),
  // whose scale belongs to the step at which it was copied.
  virtual void CopyKeptAverage(Scalar* kept) const = 0;
  virtual void WriteKeptAverage(const Scalar* kept, double lag_scale) = 0;
  virtual void CopyMoments(Scalar* first_moment, Scalar* second_moment) const = 0;
  virtual void WriteMoments(const Scalar* first_moment, const Scalar* second_moment) = 0;
  // Of all entries of the embedding table. One that was asked for within a step costs little in the next.
  virtual double EmbeddingStandardDeviation() = 0;

  // Bytes that a call takes beyond what is held now, but for copies of a batch's words, and those that are
  // held.
  virtual std::size_t BytesFor(const std::vector<std::int32_t>& offsets, const BatchNeeds& needs) = 0;
  virtual std::size_t HeldBytes() = 0;
  // Makes room for a call over a batch. Throws kOutOfMemory, saying that `call` needs it, where the process
  // may not have it.
  virtual void Reserve(const Batch& batch, const BatchNeeds& needs, const std::string& call) = 0;
  // Ends what Reserve began, however it went: buffers of a batch much larger than usual are given back.
  virtual void EndCall() = 0;

  // The logits [B][C], without dropout, by the average where there is one.
  virtual std::vector<Scalar> Predict(const Batch& batch, const Cancellation& cancellation) = 0;

  // Begins a step over a batch that must live until FinishGradient: the gradient is zero.
  virtual void BeginStep(const Batch& batch, const std::optional<Dropout>& dropout,
                         const Cancellation& cancellation) = 0;
  virtual PassResult Pass(const TrainingPass& pass, const Cancellation& cancellation) = 0;
  // Δ = epsilon·sign(gradient of the embedded tokens of the last pass), with sign(0) = 0.
  virtual void PerturbBySign(double epsilon) = 0;
  // Δ = ±epsilon, with the signs of FillRandomSigns in attacks/random_sign.h, [N][E].
  virtual void PerturbAtRandom(const Philox& random, double epsilon, const Cancellation& cancellation) = 0;
  // The gradient of the parameters so far, times a factor; 0 follows a pass that asked for none.
  virtual void ScaleGradient(double factor, const Cancellation& cancellation) = 0;
  // Gathers the gradient of all passes in the layout of the tensors.
  virtual void FinishGradient(const Cancellation& cancellation) = 0;
  // The sum of the squares of the whole gradient, in double and in an order of its own that never changes.
  virtual double SquaredNorm() = 0;
  // Adam's update, of the vectors of n-grams only those that the batch touches, and then that of the average,
  // where there is one. Ends early only when the model is abandoned.
  virtual void Update(const AdamStep& adam, const std::optional<AverageStep>& average,
                      const Cancellation& cancellation) = 0;

  // The first tensor with a value that is not finite, or null.
  virtual const TensorInfo* FirstNotFinite(Vector vector) const = 0;
  // For gradient checks: the gradient [parameters], and that of the embedded tokens of the last pass that was
  // asked for it, [N][E].
  virtual std::vector<Scalar> Gradient() const = 0;
  virtual std::vector<Scalar> TokenGradient() const = 0;

  // Where the time of the last step or prediction went, in parts that each backend names: see ProfilePart.
  virtual std::vector<ProfilePart> Profile() const = 0;
};

}  // namespace advnative
