// The JavaScript class LinearTraining: one training of linear classifiers on the same rows.
#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "base/thread_pool.h"
#include "binding/calls.h"
#include "linear/naive_bayes.h"
#include "linear/one_vs_rest.h"

namespace advnative::binding {

// What the running call shares with the object.
struct SharedTraining final : CallHost {
  using CallHost::CallHost;
  SparseRows rows;
  std::vector<std::int32_t> labels;
  int classes = 0;
  OneVsRestOptions options{};
  double smoothing = 0.0;  // of naive Bayes
  std::unique_ptr<ThreadPool> pool;
};

class LinearTraining : public Napi::ObjectWrap<LinearTraining> {
 public:
  static Napi::Function Define(Napi::Env env);

  explicit LinearTraining(const Napi::CallbackInfo& info);

 private:
  Napi::Value Train(const Napi::CallbackInfo& info);
  void Cancel(const Napi::CallbackInfo& info);

  std::shared_ptr<SharedTraining> shared_;
};

}  // namespace advnative::binding
