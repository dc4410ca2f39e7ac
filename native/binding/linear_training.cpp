#include "binding/linear_training.h"

#include <algorithm>
#include <exception>
#include <tuple>

#include "base/process_memory.h"
#include "binding/arguments.h"
#include "binding/errors.h"

namespace advnative::binding {

namespace {

// The object's `offsets`, `columns` and `values`, checked against each other and against `features`; copied.
SparseRows ReadSparseRows(const Napi::Object& object, const std::string& owner, int features) {
  const Napi::Env env = object.Env();
  SparseRows rows{
      features, ReadInt32Array(object, "offsets", owner), ReadInt32Array(object, "columns", owner), {}};
  rows.values = ReadFloats(object.Get("values"), owner + ".values", rows.columns.size());
  const std::vector<std::int32_t>& offsets = rows.offsets;
  const auto entries = static_cast<std::int32_t>(rows.columns.size());
  if (offsets.size() < 2 || offsets.front() != 0 || offsets.back() != entries ||
      !std::is_sorted(offsets.begin(), offsets.end())) {
    ThrowRange(env, owner + ".offsets",
               "at least 2 integers that never fall, from 0 to " + std::to_string(entries),
               std::to_string(offsets.size()) + " others");
  }
  CheckBelow(env, rows.columns, features, owner + ".columns");
  return rows;
}

// The object's `labels`, one below `classes` for each row; copied.
std::vector<std::int32_t> ReadLabels(const Napi::Object& object, const std::string& owner, std::size_t rows,
                                     int classes) {
  const std::vector<std::int32_t> labels = ReadInt32Array(object, "labels", owner);
  if (labels.size() != rows) {
    ThrowRange(object.Env(), owner + ".labels", std::to_string(rows) + " labels, one a row",
               std::to_string(labels.size()));
  }
  CheckBelow(object.Env(), labels, classes, owner + ".labels");
  return labels;
}

// The weights of both classifiers.
struct LinearWeights {
  std::vector<float> one_vs_rest;
  std::vector<float> naive_bayes;
};

LinearWeights TrainBoth(SharedTraining& shared) {
  const auto& [rows, labels, classes] = std::tie(shared.rows, shared.labels, shared.classes);
  return {TrainOneVsRest(*shared.pool, rows, labels, classes, shared.options, shared.cancellation),
          TrainNaiveBayes(*shared.pool, rows, labels, classes, shared.smoothing, shared.cancellation)};
}

Napi::Value Float32ArrayOf(Napi::Env env, const std::vector<float>& values) {
  Napi::Float32Array array = Napi::Float32Array::New(env, values.size());
  std::copy(values.begin(), values.end(), array.Data());
  return array;
}

// Bytes of the weights of every class and of what trains them.
std::size_t TrainingBytes(const SharedTraining& shared) {
  return 3 * sizeof(float) * (static_cast<std::size_t>(shared.rows.features) + shared.rows.rows()) *
         static_cast<std::size_t>(shared.classes + 8);
}

}  // namespace

Napi::Function LinearTraining::Define(Napi::Env env) {
  return DefineClass(
      env, "LinearTraining",
      {InstanceMethod<&LinearTraining::Train>("train"), InstanceMethod<&LinearTraining::Cancel>("cancel")});
}

LinearTraining::LinearTraining(const Napi::CallbackInfo& info) : Napi::ObjectWrap<LinearTraining>(info) {
  const std::string owner = "problem";
  const Napi::Object problem = ReadObject(info[0], owner);
  const auto integer = [&](const char* property, std::int64_t least, std::int64_t most) {
    return ReadInteger(problem, property, owner, least, most);
  };
  try {
    shared_ = std::make_shared<SharedTraining>(info.Env());
    SharedTraining& shared = *shared_;
    shared.classes = static_cast<int>(integer("classCount", 2, 65536));
    shared.options = {.cost = ReadPositive(problem, "cost", owner),
                      .passes = static_cast<int>(integer("passes", 1, 100000)),
                      .tolerance = ReadPositive(problem, "tolerance", owner),
                      .seed = static_cast<std::uint64_t>(integer("seed", 0, (std::int64_t{1} << 53) - 1))};
    shared.smoothing = ReadPositive(problem, "smoothing", owner);
    shared.rows = ReadSparseRows(problem, owner, static_cast<int>(integer("featureCount", 1, 1 << 28)));
    shared.labels = ReadLabels(problem, owner, shared.rows.rows(), shared.classes);
    RequireMemory(TrainingBytes(shared), "training linear classifiers");
    shared.pool = std::make_unique<ThreadPool>(static_cast<int>(integer("threads", 1, 256)));
  } catch (const Napi::Error&) {
    throw;
  } catch (...) {
    throw MakeError(info.Env(), std::current_exception());
  }
}

Napi::Value LinearTraining::Train(const Napi::CallbackInfo& info) {
  return RejectOnError(info.Env(), [&] {
    if (shared_->busy) throw Napi::Error::New(info.Env(), "train: this training runs already");
    SharedTraining& shared = *shared_;
    return BeginCall(
        info.Env(), shared_, [&shared] { return TrainBoth(shared); },
        [](Napi::Env env, const LinearWeights& weights) -> Napi::Value {
          Napi::Object trained = Napi::Object::New(env);
          trained.Set("oneVsRest", Float32ArrayOf(env, weights.one_vs_rest));
          trained.Set("naiveBayes", Float32ArrayOf(env, weights.naive_bayes));
          return trained;
        });
  });
}

void LinearTraining::Cancel(const Napi::CallbackInfo&) {
  if (shared_->busy) shared_->cancellation.Request();
}

}  // namespace advnative::binding
