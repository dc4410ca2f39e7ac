#include "binding/classifier_object.h"

#include <exception>
#include <new>
#include <utility>

#include "base/instruction_set.h"
#include "base/process_memory.h"
#include "binding/arguments.h"
#include "binding/errors.h"
#include "binding/step_arguments.h"

namespace advnative::binding {

namespace {

template <typename Array, typename Element>
Array CopyToArray(Napi::Env env, const std::vector<Element>& values) {
  Array array = Array::New(env, values.size());
  std::copy(values.begin(), values.end(), array.Data());
  return array;
}

// Zeros, made by JavaScript's own constructor: where memory is short it throws, and Node-API ends the
// process.
Napi::Float32Array NewFloats(Napi::Env env, std::size_t size) {
  const auto constructor = env.Global().Get("Float32Array").As<Napi::Function>();
  try {
    return constructor.New({Napi::Number::New(env, static_cast<double>(size))}).As<Napi::Float32Array>();
  } catch (const Napi::Error&) {
    throw MakeError(env, std::make_exception_ptr(std::bad_alloc()));
  }
}

// Refuses `count` copies of the parameters that the process may not have.
void RequireCopies(Napi::Env env, std::size_t count, std::size_t parameters, const char* what) {
  try {
    RequireMemory(count * parameters * sizeof(float), what);
  } catch (...) {
    throw MakeError(env, std::current_exception());
  }
}

}  // namespace

Napi::Function ClassifierObject::Define(Napi::Env env) {
  return DefineClass(
      env, "Classifier",
      {InstanceAccessor<&ClassifierObject::Config>("config"),
       InstanceAccessor<&ClassifierObject::Tensors>("tensors"),
       InstanceAccessor<&ClassifierObject::Step>("step"), InstanceMethod<&ClassifierObject::Ready>("ready"),
       InstanceMethod<&ClassifierObject::TrainStep>("trainStep"),
       InstanceMethod<&ClassifierObject::Evaluate>("evaluate"),
       InstanceMethod<&ClassifierObject::EvaluateUnder>("evaluateUnder"),
       InstanceMethod<&ClassifierObject::Predict>("predict"),
       InstanceMethod<&ClassifierObject::EmbeddingStandardDeviation>("embeddingStandardDeviation"),
       InstanceMethod<&ClassifierObject::Profile>("profile"),
       InstanceMethod<&ClassifierObject::BytesFor>("bytesFor"),
       InstanceAccessor<&ClassifierObject::HeldBytes>("heldBytes"),
       InstanceMethod<&ClassifierObject::ReadState>("readState"),
       InstanceMethod<&ClassifierObject::ReadParameters>("readParameters"),
       InstanceMethod<&ClassifierObject::WriteState>("writeState"),
       InstanceMethod<&ClassifierObject::WriteParameters>("writeParameters"),
       InstanceMethod<&ClassifierObject::Cancel>("cancel"),
       InstanceMethod<&ClassifierObject::Dispose>("dispose")});
}

ClassifierObject::ClassifierObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<ClassifierObject>(info), config_(ReadConfig(info[0])), threads_(ReadThreads(info[0])) {
  try {
    shared_ = std::make_shared<SharedModel>(info.Env());
    shared_->model = CreateModel(config_, Cpu{threads_, ChooseInstructionSet()});
  } catch (...) {
    throw MakeError(info.Env(), std::current_exception());
  }
  tensors_ = shared_->model->tensors();
  // Parameters, gradient, two moments and an average: what the garbage collector should know of.
  reported_bytes_ = static_cast<std::int64_t>((Averages() ? 5 : 4) * sizeof(float) * ParameterCount());
  Napi::MemoryManagement::AdjustExternalMemory(info.Env(), reported_bytes_);
}

void ClassifierObject::Finalize(Napi::Env env) { ReportFreed(env); }

void ClassifierObject::ReportFreed(Napi::Env env) {
  Napi::MemoryManagement::AdjustExternalMemory(env, -reported_bytes_);
  reported_bytes_ = 0;
}

std::size_t ClassifierObject::ParameterCount() const { return tensors_.back().offset + tensors_.back().size; }

void ClassifierObject::CheckNotDisposed(Napi::Env env, const char* method) const {
  if (shared_) return;
  throw Napi::Error::New(
      env, std::string(method) + ": expected a live classifier, but dispose() was called on this one");
}

Model& ClassifierObject::Idle(Napi::Env env, const char* method) const {
  CheckNotDisposed(env, method);
  if (!shared_->busy) return *shared_->model;
  throw Napi::Error::New(
      env,
      std::string(method) + ": the classifier is busy: wait until the promise of its last call is settled");
}

template <typename Call, typename Settle>
Napi::Value ClassifierObject::Start(const Napi::CallbackInfo& info, const char* method, Call call,
                                    Settle settle) {
  Idle(info.Env(), method);
  // The call keeps its host, and this is it.
  SharedModel& shared = *shared_;
  return BeginCall(
      info.Env(), shared_,
      [&shared, call = std::move(call)] { return call(*shared.model, shared.cancellation); },
      std::move(settle));
}

namespace {

Napi::Value StepResultObject(Napi::Env env, const StepResult& result) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("step", static_cast<double>(result.step));
  object.Set("loss", result.loss);
  object.Set("cleanLoss", result.clean_loss);
  object.Set("adversarialLoss", result.adversarial_loss);
  object.Set("correct", static_cast<double>(result.correct));
  object.Set("gradientNorm", result.gradient_norm);
  object.Set("epsilon", result.epsilon);
  return object;
}

Napi::Value AttackedEvaluationObject(Napi::Env env, const AttackedEvaluation& evaluation) {
  Napi::Array attacks = Napi::Array::New(env, evaluation.attacks.size());
  for (std::uint32_t i = 0; i < evaluation.attacks.size(); ++i) {
    const AttackResult& attacked = evaluation.attacks[i];
    Napi::Object object = Napi::Object::New(env);
    object.Set("epsilon", attacked.epsilon);
    object.Set("loss", attacked.loss);
    object.Set("correct", static_cast<double>(attacked.correct));
    attacks.Set(i, object);
  }
  Napi::Object object = Napi::Object::New(env);
  object.Set("loss", evaluation.loss);
  object.Set("correct", static_cast<double>(evaluation.correct));
  object.Set("attacks", attacks);
  return object;
}

}  // namespace

Napi::Value ClassifierObject::Ready(const Napi::CallbackInfo& info) {
  return RejectOnError(info.Env(), [&] {
    return Start(
        info, "ready",
        [](Model& model, const Cancellation& cancellation) {
          model.Initialize(cancellation);
          return true;
        },
        [](Napi::Env env, bool) -> Napi::Value { return env.Undefined(); });
  });
}

Napi::Value ClassifierObject::TrainStep(const Napi::CallbackInfo& info) {
  return RejectOnError(info.Env(), [&] {
    Idle(info.Env(), "trainStep");
    Batch batch = ReadBatch(info[0], config_, true);
    const StepOptions options = ReadStepOptions(info[1]);
    return Start(
        info, "trainStep",
        [batch = std::move(batch), options](Model& model, const Cancellation& cancellation) {
          return model.TrainStep(batch, options, cancellation);
        },
        &StepResultObject);
  });
}

Napi::Value ClassifierObject::Evaluate(const Napi::CallbackInfo& info) {
  return RejectOnError(info.Env(), [&] {
    Idle(info.Env(), "evaluate");
    return Start(
        info, "evaluate",
        [batch = ReadBatch(info[0], config_, true)](Model& model, const Cancellation& cancellation) {
          return model.Evaluate(batch, cancellation);
        },
        [](Napi::Env env, const Evaluation& evaluation) -> Napi::Value {
          Napi::Object object = Napi::Object::New(env);
          object.Set("losses", CopyToArray<Napi::Float64Array>(env, evaluation.losses));
          object.Set("predictions", CopyToArray<Napi::Int32Array>(env, evaluation.predictions));
          return object;
        });
  });
}

Napi::Value ClassifierObject::EvaluateUnder(const Napi::CallbackInfo& info) {
  return RejectOnError(info.Env(), [&] {
    Idle(info.Env(), "evaluateUnder");
    Batch batch = ReadBatch(info[0], config_, true);
    std::vector<Attack> attacks = ReadAttacks(info[1]);
    const std::uint64_t draw = ReadDraw(info[1]);
    return Start(
        info, "evaluateUnder",
        [batch = std::move(batch), attacks = std::move(attacks), draw](Model& model,
                                                                       const Cancellation& cancellation) {
          return model.EvaluateUnder(batch, attacks, draw, cancellation);
        },
        &AttackedEvaluationObject);
  });
}

Napi::Value ClassifierObject::Predict(const Napi::CallbackInfo& info) {
  return RejectOnError(info.Env(), [&] {
    Idle(info.Env(), "predict");
    return Start(
        info, "predict",
        [batch = ReadBatch(info[0], config_, false)](Model& model, const Cancellation& cancellation) {
          return model.Predict(batch, cancellation);
        },
        [](Napi::Env env, const std::vector<float>& logits) -> Napi::Value {
          return CopyToArray<Napi::Float32Array>(env, logits);
        });
  });
}

Napi::Value ClassifierObject::Config(const Napi::CallbackInfo& info) {
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("cell", CellName(config_.cell));
  Napi::Array pooling = Napi::Array::New(info.Env(), config_.pooling.size());
  for (std::size_t i = 0; i < config_.pooling.size(); ++i) {
    pooling.Set(static_cast<std::uint32_t>(i), PoolingName(config_.pooling[i]));
  }
  object.Set("pooling", pooling);
  object.Set("vocabularySize", config_.vocabulary);
  object.Set("embeddingSize", config_.embedding);
  object.Set("hiddenSize", config_.hidden);
  object.Set("mlpSize", config_.mlp);
  object.Set("layers", config_.layers);
  object.Set("buckets", config_.buckets);
  object.Set("classCount", config_.classes);
  object.Set("unknownId", config_.unknown_id);
  object.Set("embeddingRange", config_.embedding_range);
  object.Set("ema", config_.ema);
  object.Set("loss", LossName(config_.loss));
  object.Set("seed", static_cast<double>(config_.seed));
  object.Set("threads", threads_);
  return object;
}

Napi::Value ClassifierObject::Tensors(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Napi::Array list = Napi::Array::New(env, tensors_.size());
  for (std::uint32_t i = 0; i < tensors_.size(); ++i) {
    const TensorInfo& tensor = tensors_[i];
    Napi::Array shape = Napi::Array::New(env, tensor.shape.size());
    for (std::uint32_t d = 0; d < tensor.shape.size(); ++d)
      shape.Set(d, static_cast<double>(tensor.shape[d]));
    Napi::Object object = Napi::Object::New(env);
    object.Set("name", tensor.name);
    object.Set("shape", shape);
    object.Set("offset", static_cast<double>(tensor.offset));
    list.Set(i, object);
  }
  return list;
}

Napi::Value ClassifierObject::Step(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(Idle(info.Env(), "step").step()));
}

// The initial weights, made here and now where nothing has asked for them before.
Model& ClassifierObject::Initialized(Napi::Env env, const char* method) const {
  Model& model = Idle(env, method);
  try {
    model.Initialize(Cancellation{});
  } catch (...) {
    throw MakeError(env, std::current_exception());
  }
  return model;
}

Napi::Value ClassifierObject::EmbeddingStandardDeviation(const Napi::CallbackInfo& info) {
  return Napi::Number::New(
      info.Env(), Initialized(info.Env(), "embeddingStandardDeviation").EmbeddingStandardDeviation());
}

Napi::Value ClassifierObject::Profile(const Napi::CallbackInfo& info) {
  Napi::Object object = Napi::Object::New(info.Env());
  for (const ProfilePart& part : Idle(info.Env(), "profile").Profile()) {
    object.Set(part.name, part.milliseconds);
  }
  return object;
}

Napi::Value ClassifierObject::BytesFor(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::vector<std::int32_t> offsets = ReadLengths(info[0]);
  std::optional<StepOptions> options;
  if (!info[1].IsUndefined()) options = ReadStepOptions(info[1]);
  Model& model = Idle(env, "bytesFor");
  return Napi::Number::New(env, static_cast<double>(model.BytesFor(offsets, options ? &*options : nullptr)));
}

Napi::Value ClassifierObject::HeldBytes(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(Idle(info.Env(), "heldBytes").HeldBytes()));
}

Napi::Value ClassifierObject::ReadState(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Idle(env, "readState");
  RequireCopies(env, StateVectors(), ParameterCount(), "a copy of the model's state");
  Napi::Float32Array parameters = NewFloats(env, ParameterCount());
  Napi::Float32Array first_moment = NewFloats(env, ParameterCount());
  Napi::Float32Array second_moment = NewFloats(env, ParameterCount());
  Napi::Float32Array average = NewFloats(env, Averages() ? ParameterCount() : 0);
  Model& model = Initialized(env, "readState");
  model.CopyParameters(parameters.Data());
  model.CopyMoments(first_moment.Data(), second_moment.Data());
  Napi::Object object = Napi::Object::New(env);
  object.Set("step", static_cast<double>(model.step()));
  object.Set("parameters", parameters);
  object.Set("firstMoment", first_moment);
  object.Set("secondMoment", second_moment);
  if (Averages()) {
    model.CopyKeptAverage(average.Data());
    object.Set("average", average);
  }
  return object;
}

Napi::Value ClassifierObject::ReadParameters(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Idle(env, "readParameters");
  RequireCopies(env, 1, ParameterCount(), "a copy of the model's parameters");
  Napi::Float32Array parameters = NewFloats(env, ParameterCount());
  Model& model = Initialized(env, "readParameters");
  if (Averages()) {
    model.CopyAverage(parameters.Data());
  } else {
    model.CopyParameters(parameters.Data());
  }
  return parameters;
}

void ClassifierObject::WriteState(const Napi::CallbackInfo& info) {
  RequireCopies(info.Env(), StateVectors(), ParameterCount(), "reading a state");
  const ModelState state = ReadModelState(info[0], ParameterCount(), Averages());
  Idle(info.Env(), "writeState").WriteState(state);
}

void ClassifierObject::WriteParameters(const Napi::CallbackInfo& info) {
  RequireCopies(info.Env(), 1, ParameterCount(), "reading parameters");
  const std::vector<float> parameters = ReadFloats(info[0], "parameters", ParameterCount());
  Idle(info.Env(), "writeParameters").WriteParameters(parameters);
}

void ClassifierObject::Cancel(const Napi::CallbackInfo&) {
  if (shared_ && shared_->busy) shared_->cancellation.Request();
}

void ClassifierObject::Dispose(const Napi::CallbackInfo& info) {
  if (!shared_) return;
  shared_->cancellation.Abandon();
  shared_.reset();
  ReportFreed(info.Env());
}

}  // namespace advnative::binding
