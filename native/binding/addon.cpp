// The addon's exports: the classes Classifier and LinearTraining, info() and measureCeilings().
#include <napi.h>

#include <thread>

#include "base/error.h"
#include "base/instruction_set.h"
#include "base/process_memory.h"
#include "binding/arguments.h"
#include "binding/ceilings_call.h"
#include "binding/classifier_object.h"
#include "binding/errors.h"
#include "binding/linear_training.h"

namespace advnative::binding {

namespace {

Napi::Value Info(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Napi::Object object = Napi::Object::New(env);
  try {
    object.Set("instructionSet", InstructionSetName(ChooseInstructionSet()));
  } catch (const Error& error) {
    throw Napi::Error::New(env, error.what());
  }
  const auto available = AvailableInstructionSets();
  Napi::Array names = Napi::Array::New(env, available.size());
  for (std::uint32_t i = 0; i < available.size(); ++i) names.Set(i, InstructionSetName(available[i]));
  object.Set("availableInstructionSets", names);
  object.Set("hardwareThreads", std::thread::hardware_concurrency());
#if defined(__clang__)
  object.Set("compiler", "clang " __clang_version__);
#else
  object.Set("compiler", "gcc " __VERSION__);
#endif
  object.Set("cuda", false);
  return object;
}

// requireMemory({bytes, what}): refuses with OUT_OF_MEMORY what this process may not have.
Napi::Value RequireMemoryCall(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object object = ReadObject(info[0], "options");
  const double bytes = ReadNumber(object, "bytes", "options");
  const std::string what = object.Get("what").ToString().Utf8Value();
  if (!(bytes >= 0.0 && bytes < 0x1p63)) {
    throw Napi::RangeError::New(env, "options.bytes: expected a number of at least 0, got another");
  }
  try {
    RequireMemory(static_cast<std::size_t>(bytes), what);
  } catch (const Error&) {
    throw MakeError(env, std::current_exception());
  }
  return env.Undefined();
}

Napi::Object Initialize(Napi::Env env, Napi::Object exports) {
  exports.Set("Classifier", ClassifierObject::Define(env));
  exports.Set("LinearTraining", LinearTraining::Define(env));
  exports.Set("info", Napi::Function::New(env, &Info, "info"));
  exports.Set("requireMemory", Napi::Function::New(env, &RequireMemoryCall, "requireMemory"));
  exports.Set("measureCeilings", Napi::Function::New(env, &MeasureCeilingsCall, "measureCeilings"));
  return exports;
}

}  // namespace

}  // namespace advnative::binding

static Napi::Object InitializeAddon(Napi::Env env, Napi::Object exports) {
  return advnative::binding::Initialize(env, exports);
}

NODE_API_MODULE(advnative, InitializeAddon)
