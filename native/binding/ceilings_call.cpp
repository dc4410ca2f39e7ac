#include "binding/ceilings_call.h"

#include <exception>

#include "bench/ceilings.h"
#include "binding/arguments.h"
#include "binding/errors.h"

namespace advnative::binding {

namespace {

class CeilingsWorker final : public Napi::AsyncWorker {
 public:
  CeilingsWorker(Napi::Env env, InstructionSet set, int threads, int milliseconds)
      : Napi::AsyncWorker(env),
        set_(set),
        threads_(threads),
        milliseconds_(milliseconds),
        deferred_(Napi::Promise::Deferred::New(env)) {}

  Napi::Promise Promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override {
    try {
      ceilings_ = MeasureCeilings(set_, threads_, milliseconds_);
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  void OnOK() override {
    try {
      if (failure_) {
        deferred_.Reject(MakeError(Env(), failure_).Value());
        return;
      }
      Napi::Object object = Napi::Object::New(Env());
      object.Set("gflops", ceilings_.gflops);
      object.Set("gigabytesPerSecond", ceilings_.gigabytes_per_second);
      deferred_.Resolve(object);
    } catch (const Napi::Error&) {
      // The environment is being torn down and runs no more JavaScript: nobody is left to hear of this call.
    }
  }

 private:
  InstructionSet set_;
  int threads_;
  int milliseconds_;
  Napi::Promise::Deferred deferred_;
  Ceilings ceilings_{};
  std::exception_ptr failure_;
};

}  // namespace

Napi::Value MeasureCeilingsCall(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return RejectOnError(env, [&]() -> Napi::Value {
    const Napi::Object options = ReadObject(info[0], "options");
    const auto threads = static_cast<int>(ReadInteger(options, "threads", "options", 1, 256));
    const auto milliseconds = static_cast<int>(ReadInteger(options, "milliseconds", "options", 1, 10000));
    auto* worker = new CeilingsWorker(env, ChooseInstructionSet(), threads, milliseconds);
    const Napi::Promise promise = worker->Promise();
    worker->Queue();
    return promise;
  });
}

}  // namespace advnative::binding
