#include "binding/ceilings_call.h"

#include <memory>

#include "bench/ceilings.h"
#include "binding/arguments.h"
#include "binding/calls.h"
#include "binding/errors.h"

namespace advnative::binding {

Napi::Value MeasureCeilingsCall(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return RejectOnError(env, [&]() -> Napi::Value {
    const Napi::Object options = ReadObject(info[0], "options");
    const auto threads = static_cast<int>(ReadInteger(options, "threads", "options", 1, 256));
    const auto milliseconds = static_cast<int>(ReadInteger(options, "milliseconds", "options", 1, 10000));
    const InstructionSet set = ChooseInstructionSet();
    const auto host = std::make_shared<CallHost>(env);
    const Cancellation& cancellation = host->cancellation;
    return BeginCall(
        env, host, [=, &cancellation] { return MeasureCeilings(set, threads, milliseconds, cancellation); },
        [](Napi::Env settled, const Ceilings& ceilings) -> Napi::Value {
          Napi::Object object = Napi::Object::New(settled);
          object.Set("gflops", ceilings.gflops);
          object.Set("gigabytesPerSecond", ceilings.gigabytes_per_second);
          return object;
        });
  });
}

}  // namespace advnative::binding
