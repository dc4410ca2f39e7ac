#include "binding/calls.h"

namespace advnative::binding {

CallHost::CallHost(Napi::Env env) : calls_(Calls::Of(env)) { calls_->Add(*this); }

CallHost::~CallHost() { calls_->Remove(*this); }

std::shared_ptr<Calls> Calls::Of(Napi::Env env) {
  using Holder = std::shared_ptr<Calls>;
  auto* holder = env.GetInstanceData<Holder>();
  if (holder == nullptr) {
    holder = new Holder(std::make_shared<Calls>(env));
    env.SetInstanceData(holder);
  }
  return *holder;
}

Calls::Calls(Napi::Env env) : env_(env) {
  const Napi::String name = Napi::String::New(env, "advnative");
  const napi_status status = napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr,
                                                             nullptr, this, &OnFinished, &finished_);
  if (status != napi_ok) throw Napi::Error::New(env, "cannot create a thread-safe function");
  KeepLoopAlive(false);
  // Hooks run in the reverse order: this one while the function still works.
  napi_add_env_cleanup_hook(env, &OnEnvironmentEnd, this);
}

void Calls::KeepLoopAlive(bool alive) {
  if (alive) {
    napi_ref_threadsafe_function(env_, finished_);
  } else {
    napi_unref_threadsafe_function(env_, finished_);
  }
}

void Calls::Begin(std::unique_ptr<Call> owned) {
  Call* const call = owned.get();
  if (running_.empty()) KeepLoopAlive(true);
  running_.emplace(call, std::move(owned));
  call->host->busy = true;
  call->host->cancellation.Clear();
  call->host->thread_.Post([call, finished = finished_] {
    call->Execute();
    // From here on the call may be gone.
    napi_call_threadsafe_function(finished, call, napi_tsfn_nonblocking);
  });
}

void Calls::OnFinished(napi_env env, napi_value, void* calls, void* call) {
  // Without an environment there is nobody left to hear of the call, and it is gone.
  if (env != nullptr) static_cast<Calls*>(calls)->Finish(env, static_cast<Call*>(call));
}

void Calls::Finish(napi_env env, Call* call) {
  const auto found = running_.find(call);
  if (found == running_.end()) return;
  const std::unique_ptr<Call> owned = std::move(found->second);
  running_.erase(found);
  if (running_.empty()) KeepLoopAlive(false);
  owned->host->busy = false;
  try {
    owned->Settle(env);
  } catch (const Napi::Error&) {
    // The environment is being torn down and runs no more JavaScript: nobody is left to hear of this call.
  }
}

void Calls::OnEnvironmentEnd(void* self) {
  Calls& calls = *static_cast<Calls*>(self);
  for (CallHost* host : calls.hosts_) host->cancellation.Abandon();
  for (CallHost* host : calls.hosts_) host->thread_.Stop();
  calls.running_.clear();
  napi_release_threadsafe_function(calls.finished_, napi_tsfn_abort);
}

}  // namespace advnative::binding
