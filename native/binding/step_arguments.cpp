#include "binding/step_arguments.h"

#include <string>

#include "binding/arguments.h"
#include "model/option_limits.h"

namespace advnative::binding {

namespace {

Attack ReadAttack(const Napi::Value& value, const std::string& owner) {
  const Napi::Object object = ReadObject(value, owner);
  const std::string kind = ReadName(object, "kind", owner, {"fast-gradient-sign", "random-sign"},
                                    "'fast-gradient-sign' or 'random-sign'");
  const double epsilon =
      ReadFloat(object, "epsilon", owner, "a number of at least 0 (0, or from 1.2e-38 to 3.4e38)",
                [](double x) { return x >= 0.0; });
  const std::string name = ReadName(object, "unit", owner, {"std", "absolute"}, "'std' or 'absolute'");
  const EpsilonUnit unit = name == "std" ? EpsilonUnit::kStandardDeviation : EpsilonUnit::kAbsolute;
  if (kind == "random-sign") return RandomSign{epsilon, unit};
  return FastGradientSign{epsilon, unit};
}

}  // namespace

StepOptions ReadStepOptions(const Napi::Value& value) {
  const std::string owner = "options";
  const Napi::Object object = ReadObject(value, owner);
  StepOptions options{};
  options.learning_rate =
      ReadFloat(object, "learningRate", owner, "a number above 0 (from 1.2e-38 to 1000000)",
                [](double x) { return x > 0.0 && x <= kMostLearningRate; });
  options.dropout_keep =
      ReadFloat(object, "dropoutKeep", owner, "a number above 0 and at most 1 (from 2.4e-10)",
                [](double x) { return x >= kLeastDropoutKeep && x <= 1.0; });
  options.unknown_rate =
      ReadFloat(object, "unknownRate", owner, "a number of at least 0 and below 1 (0, or from 1.2e-38)",
                [](double x) { return x >= 0.0 && x < 1.0; });
  options.clip_norm =
      ReadFloat(object, "clipNorm", owner, "a number of at least 0 (0: no clipping, or from 1e-15 to 3.4e38)",
                [](double x) { return x == 0.0 || x >= kLeastClipNorm; });
  options.weight_decay =
      ReadFloat(object, "weightDecay", owner,
                "a number of at least 0 (0: no decay, or from 1.2e-38) and at most 1 / learningRate",
                [&options](double x) { return x >= 0.0 && x * options.learning_rate <= kMostDecay; });
  const Napi::Value attack = object.Get("attack");
  if (attack.IsUndefined()) return options;
  options.attack = ReadAttack(attack, owner + ".attack");
  options.alpha = ReadFloat(object, "alpha", owner, "a number from 0 to 1 (0, or from 1.2e-38)",
                            [](double x) { return x >= 0.0 && x <= 1.0; });
  return options;
}

std::vector<Attack> ReadAttacks(const Napi::Value& options) {
  const std::string name = "options.attacks";
  const Napi::Value value = ReadObject(options, "options").Get("attacks");
  const std::uint32_t count = value.IsArray() ? value.As<Napi::Array>().Length() : 0;
  if (count == 0) ThrowRange(options.Env(), name, "a list of at least one attack", Describe(value));
  std::vector<Attack> attacks;
  for (std::uint32_t i = 0; i < count; ++i) {
    attacks.push_back(ReadAttack(value.As<Napi::Array>().Get(i), name + "[" + std::to_string(i) + "]"));
  }
  return attacks;
}

std::uint64_t ReadDraw(const Napi::Value& options) {
  constexpr std::int64_t kLargestSafeInteger = 9007199254740991;
  return static_cast<std::uint64_t>(
      ReadInteger(ReadObject(options, "options"), "draw", "options", 0, kLargestSafeInteger));
}

}  // namespace advnative::binding
