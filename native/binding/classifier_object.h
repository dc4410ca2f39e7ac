// The JavaScript class Classifier around one model.
#pragma once

#include <napi.h>

#include <memory>

#include "base/cancellation.h"
#include "binding/calls.h"
#include "model/model.h"

namespace advnative::binding {

// What a running call shares with the object, so that neither needs the other alive. Its thread is one of the
// model's: where the model has n, the pool starts n − 1.
struct SharedModel final : CallHost {
  using CallHost::CallHost;
  std::unique_ptr<Model> model;
};

class ClassifierObject : public Napi::ObjectWrap<ClassifierObject> {
 public:
  static Napi::Function Define(Napi::Env env);

  explicit ClassifierObject(const Napi::CallbackInfo& info);
  void Finalize(Napi::Env env) override;

 private:
  Napi::Value Config(const Napi::CallbackInfo& info);
  Napi::Value Tensors(const Napi::CallbackInfo& info);
  Napi::Value Step(const Napi::CallbackInfo& info);
  Napi::Value Ready(const Napi::CallbackInfo& info);
  Napi::Value TrainStep(const Napi::CallbackInfo& info);
  Napi::Value Evaluate(const Napi::CallbackInfo& info);
  Napi::Value EvaluateUnder(const Napi::CallbackInfo& info);
  Napi::Value Predict(const Napi::CallbackInfo& info);
  Napi::Value EmbeddingStandardDeviation(const Napi::CallbackInfo& info);
  Napi::Value Profile(const Napi::CallbackInfo& info);
  Napi::Value BytesFor(const Napi::CallbackInfo& info);
  Napi::Value HeldBytes(const Napi::CallbackInfo& info);
  Napi::Value ReadState(const Napi::CallbackInfo& info);
  Napi::Value ReadParameters(const Napi::CallbackInfo& info);
  void WriteState(const Napi::CallbackInfo& info);
  void WriteParameters(const Napi::CallbackInfo& info);
  void Cancel(const Napi::CallbackInfo& info);
  void Dispose(const Napi::CallbackInfo& info);

  // The model, or an error when it is disposed of or busy.
  Model& Idle(Napi::Env env, const char* method) const;
  void CheckNotDisposed(Napi::Env env, const char* method) const;
  std::size_t ParameterCount() const;
  bool Averages() const { return config_.ema > 0.0; }
  // Vectors of the parameters' size in a state.
  std::size_t StateVectors() const { return Averages() ? 4 : 3; }
  void ReportFreed(Napi::Env env);
  // As Idle, with the initial weights made.
  Model& Initialized(Napi::Env env, const char* method) const;
  // Runs call(model, cancellation) on the model's own thread; settle(env, result) makes the promise's
  // value. Checks that the model is idle itself, because reading the arguments may have run JavaScript that
  // began a call or disposed of the classifier.
  template <typename Call, typename Settle>
  Napi::Value Start(const Napi::CallbackInfo& info, const char* method, Call call, Settle settle);

  ModelConfig config_;
  int threads_;
  std::vector<TensorInfo> tensors_;
  std::shared_ptr<SharedModel> shared_;
  std::int64_t reported_bytes_ = 0;
};

}  // namespace advnative::binding
