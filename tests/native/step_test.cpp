// The order of a training step, whatever computes it: a backend that only writes down what it is asked for.
#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "base/error.h"
#include "batch_maker.h"
#include "model/parameters.h"

namespace advnative {

namespace {

struct Script {
  std::vector<std::string> calls;
  double clean_loss = 1.0;
  double squares = 4.0;
  std::string cancel_at;  // raises the flag within this call
  Cancellation cancellation;
};

class WritingBackend final : public Backend {
 public:
  explicit WritingBackend(Script& script) : script_(script) {}

  void Initialize(const Cancellation&) override { Write("initialize"); }
  void CopyParameters(Scalar*) const override {}
  void WriteParameters(const Scalar*) override {}
  void CopyAverage(Scalar*) const override {}
  void CopyKeptAverage(Scalar*) const override {}
  void WriteKeptAverage(const Scalar*, double) override {}
  void CopyMoments(Scalar*, Scalar*) const override {}
  void WriteMoments(const Scalar*, const Scalar*) override {}
  double EmbeddingStandardDeviation() override { return 0.5; }
  std::size_t BytesFor(const std::vector<std::int32_t>&, const BatchNeeds&) override { return 0; }
  std::size_t HeldBytes() override { return 0; }
  void Reserve(const Batch&, const BatchNeeds& needs, const std::string&) override {
    Write(std::string("reserve") + (needs.masked ? " masked" : "") + (needs.perturbed ? " perturbed" : "") +
          Wanted(needs.wanted));
  }
  void EndCall() override { Write("end"); }
  std::vector<Scalar> Predict(const Batch& batch, const Cancellation&) override {
    return std::vector<Scalar>(3 * batch.size());
  }
  void BeginStep(const Batch&, const std::optional<Dropout>&, const Cancellation&) override {
    Write("begin");
  }
  PassResult Pass(const TrainingPass& pass, const Cancellation&) override {
    Write((pass.perturbed ? "perturbed pass " : "clean pass ") + std::to_string(pass.weight).substr(0, 4) +
          Wanted(pass.wanted));
    return {pass.perturbed ? 3.0 : script_.clean_loss, 2};
  }
  void PerturbBySign(double epsilon) override { Write("perturb " + std::to_string(epsilon).substr(0, 4)); }
  void PerturbAtRandom(const Philox& random, double epsilon, const Cancellation&) override {
    const Philox expected(testing::SmallConfig().seed, RandomStream::kRandomSign, 1);
    Write("perturb at random " + std::to_string(epsilon).substr(0, 4) +
          (random.Block(7) == expected.Block(7) ? "" : " by other numbers"));
  }
  void ScaleGradient(double factor, const Cancellation&) override {
    Write("scale " + std::to_string(factor).substr(0, 4));
  }
  void FinishGradient(const Cancellation&) override { Write("finish"); }
  double SquaredNorm() override {
    Write("norm");
    return script_.squares;
  }
  void Update(const AdamStep&, const std::optional<AverageStep>&, const Cancellation&) override {
    Write("update");
  }
  const TensorInfo* FirstNotFinite(Vector) const override { return &tensors_[2]; }
  std::vector<Scalar> Gradient() const override { return {}; }
  std::vector<Scalar> TokenGradient() const override { return {}; }
  std::vector<ProfilePart> Profile() const override { return {{"own.part", 1.0}}; }

 private:
  static std::string Wanted(WantedGradients wanted) {
    switch (wanted) {
      case WantedGradients::kParameters:
        return "";
      case WantedGradients::kInputs:
        return " tokens alone";
      case WantedGradients::kBoth:
        return " tokens";
      case WantedGradients::kNone:
        return " no gradient";
    }
    return " something else";
  }
  void Write(const std::string& call) {
    script_.calls.push_back(call);
    if (call == script_.cancel_at) script_.cancellation.Request();
  }

  Script& script_;
  const std::vector<TensorInfo> tensors_ = LayOutParameters(testing::SmallConfig());
};

using Calls = std::vector<std::string>;

StepResult Step(Script& script, const StepOptions& options) {
  const ModelConfig config = testing::SmallConfig();
  Classifier model(config, std::make_unique<WritingBackend>(script));
  const StepResult result =
      model.TrainStep(testing::RandomBatch(1, config, {3, 2}), options, script.cancellation);
  CHECK(model.step() == 1);
  return result;
}

// The error of a step that must not update.
std::string Failure(Script& script, const StepOptions& options, ErrorCode code) {
  const Error error = testing::ErrorOf([&] { Step(script, options); });
  CHECK(error.code() == code);
  CHECK(script.calls.back() == "end");
  CHECK(std::find(script.calls.begin(), script.calls.end(), "update") == script.calls.end());
  return error.what();
}

}  // namespace

TEST_CASE("a vanilla step is one pass and one update") {
  Script script;
  const StepResult result = Step(script, testing::VanillaOptions());
  CHECK(script.calls ==
        Calls{"initialize", "reserve", "begin", "clean pass 1.00", "finish", "norm", "update", "end"});
  CHECK(result.loss == 1.0);
  CHECK(result.adversarial_loss == 1.0);
  CHECK(result.gradient_norm == 2.0);
  CHECK(result.epsilon == 0.0);
}

TEST_CASE("an adversarial step perturbs by the clean pass's gradient before it is weighed") {
  Script script;
  StepOptions options = testing::AdversarialStepOptions(0.5, 0.25, EpsilonUnit::kStandardDeviation);
  options.dropout_keep = 0.5;
  const StepResult result = Step(script, options);
  CHECK(script.calls == Calls{"initialize", "reserve masked perturbed tokens", "begin",
                              "clean pass 1.00 tokens", "perturb 0.25", "scale 0.25", "perturbed pass 0.75",
                              "finish", "norm", "update", "end"});
  CHECK(result.loss == 0.25 * 1.0 + 0.75 * 3.0);
  CHECK(result.clean_loss == 1.0);
  CHECK(result.adversarial_loss == 3.0);
  CHECK(result.correct == 2);
  CHECK(result.epsilon == 0.25);
}

TEST_CASE("with alpha 0 the clean pass is asked for the gradient of the tokens alone") {
  Script script;
  Step(script, testing::AdversarialStepOptions(0.05, 0.0));
  CHECK(script.calls[3] == "clean pass 1.00 tokens alone");
  CHECK(script.calls[5] == "scale 0.00");
  CHECK(script.calls[6] == "perturbed pass 1.00");
}

TEST_CASE("a random step asks for no gradient that its perturbation would be made of") {
  Script script;
  StepOptions options = testing::RandomStepOptions(0.5, 0.25, EpsilonUnit::kStandardDeviation);
  const StepResult result = Step(script, options);
  CHECK(script.calls == Calls{"initialize", "reserve perturbed", "begin", "clean pass 1.00",
                              "perturb at random 0.25", "scale 0.25", "perturbed pass 0.75", "finish", "norm",
                              "update", "end"});
  CHECK(result.loss == 0.25 * 1.0 + 0.75 * 3.0);
  CHECK(result.adversarial_loss == 3.0);
  CHECK(result.epsilon == 0.25);
}

TEST_CASE("a random step with alpha 0 asks the clean pass for its loss alone") {
  Script script;
  const StepResult result = Step(script, testing::RandomStepOptions(0.05, 0.0));
  CHECK(script.calls[1] == "reserve perturbed no gradient");
  CHECK(script.calls[3] == "clean pass 1.00 no gradient");
  CHECK(script.calls[5] == "scale 0.00");
  CHECK(script.calls[6] == "perturbed pass 1.00");
  CHECK(result.clean_loss == 1.0);
  CHECK(result.loss == 3.0);
}

TEST_CASE("a step looks for a cancellation before each of its calls, and updates after none") {
  for (const char* call : {"begin", "clean pass 1.00 tokens", "perturb 0.05", "scale 0.50",
                           "perturbed pass 0.50", "finish", "norm"}) {
    CAPTURE(call);
    Script script;
    script.cancel_at = call;
    Failure(script, testing::AdversarialStepOptions(0.05), ErrorCode::kCancelled);
    CHECK(script.calls[script.calls.size() - 2] == call);
  }
}

TEST_CASE("a loss or gradient that is not finite is refused with step and tensor") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Script loss;
  loss.clean_loss = nan;
  CHECK(Failure(loss, testing::VanillaOptions(), ErrorCode::kNotFinite) ==
        "step 1: the loss is not finite; the first tensor with a value that is not finite is "
        "gru.forward.recurrentWeights; no update was applied");
  Script norm;
  norm.squares = nan;
  CHECK(Failure(norm, testing::VanillaOptions(), ErrorCode::kNotFinite) ==
        "step 1: the gradient of gru.forward.recurrentWeights is not finite; no update was applied");
}

TEST_CASE("a backend names the parts of its own time") {
  Script script;
  const Classifier model(testing::SmallConfig(), std::make_unique<WritingBackend>(script));
  REQUIRE(model.Profile().size() == 1);
  CHECK(std::string(model.Profile()[0].name) == "own.part");
}

}  // namespace advnative
