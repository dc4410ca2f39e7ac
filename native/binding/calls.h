// Asynchronous calls: work on threads of ours, none of libuv's pool, whose results arrive on the thread of
// JavaScript that asked.
#pragma once

#include <napi.h>

#include <exception>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/cancellation.h"
#include "base/task_thread.h"
#include "binding/errors.h"

namespace advnative::binding {

class Calls;

// What calls run on, one at a time: a thread and the flag that stops it. Made and destroyed on the thread of
// JavaScript; destroyed when no call runs.
class CallHost {
 public:
  // Throws kThreads.
  explicit CallHost(Napi::Env env);
  virtual ~CallHost();
  CallHost(const CallHost&) = delete;
  CallHost& operator=(const CallHost&) = delete;

  Cancellation cancellation;
  bool busy = false;  // from a call's beginning until its promise is settled

 private:
  friend class Calls;

  const std::shared_ptr<Calls> calls_;
  TaskThread thread_;
};

// One call: Execute runs on the host's thread and must not throw, Settle on the thread of JavaScript.
class Call {
 public:
  explicit Call(std::shared_ptr<CallHost> call_host) : host(std::move(call_host)) {}
  virtual ~Call() = default;
  virtual void Execute() = 0;
  virtual void Settle(Napi::Env env) = 0;

  // Keeps what Execute needs alive, whatever becomes of the JavaScript object.
  const std::shared_ptr<CallHost> host;
};

// The calls of one environment (the main thread or a worker). A running call keeps the event loop alive; a
// host without one doesn't. When the environment ends (the loop ran empty, worker.terminate(), process.exit()
// in a worker), what runs is abandoned and every thread joined before the addon can be unloaded.
// process.exit() in the main thread ends no environment: the process ends while threads compute, and they
// touch nothing that exit() takes down.
class Calls : public std::enable_shared_from_this<Calls> {
 public:
  static std::shared_ptr<Calls> Of(Napi::Env env);

  explicit Calls(Napi::Env env);

  void Begin(std::unique_ptr<Call> call);

  void Add(CallHost& host) { hosts_.insert(&host); }
  void Remove(CallHost& host) { hosts_.erase(&host); }

 private:
  static void OnFinished(napi_env env, napi_value function, void* calls, void* call);
  static void OnEnvironmentEnd(void* calls);
  void Finish(napi_env env, Call* call);
  void KeepLoopAlive(bool alive);

  const napi_env env_;
  napi_threadsafe_function finished_ = nullptr;
  std::unordered_map<Call*, std::unique_ptr<Call>> running_;
  std::unordered_set<CallHost*> hosts_;
};

// A call that settles a promise: work() runs on the host's thread, and answer(env, result) makes the
// promise's value of what it returned.
template <typename Work, typename Answer>
class PromiseCall final : public Call {
 public:
  using Result = decltype(std::declval<Work>()());

  PromiseCall(Napi::Env env, std::shared_ptr<CallHost> call_host, Work work, Answer answer)
      : Call(std::move(call_host)),
        work_(std::move(work)),
        answer_(std::move(answer)),
        deferred_(Napi::Promise::Deferred::New(env)) {}

  Napi::Promise Promise() const { return deferred_.Promise(); }

  void Execute() override {
    try {
      result_ = work_();
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  void Settle(Napi::Env env) override {
    if (failure_) {
      deferred_.Reject(MakeError(env, failure_).Value());
      return;
    }
    try {
      deferred_.Resolve(answer_(env, *result_));
    } catch (const Napi::Error& error) {
      deferred_.Reject(error.Value());
    }
  }

 private:
  Work work_;
  Answer answer_;
  Napi::Promise::Deferred deferred_;
  std::optional<Result> result_;
  std::exception_ptr failure_;
};

// Begins a call on an idle host; returns its promise.
template <typename Work, typename Answer>
Napi::Promise BeginCall(Napi::Env env, std::shared_ptr<CallHost> host, Work work, Answer answer) {
  auto call =
      std::make_unique<PromiseCall<Work, Answer>>(env, std::move(host), std::move(work), std::move(answer));
  const Napi::Promise promise = call->Promise();
  Calls::Of(env)->Begin(std::move(call));
  return promise;
}

}  // namespace advnative::binding
