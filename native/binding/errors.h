// Failures of the engine as JavaScript errors.
#pragma once

#include <napi.h>

#include <exception>

namespace advnative::binding {

// A JavaScript error for a failure of the engine; its property `code` says which.
Napi::Error MakeError(Napi::Env env, const std::exception_ptr& failure);

// Argument errors of asynchronous methods arrive as rejections, so that callers handle one kind of failure.
template <typename Begin>
Napi::Value RejectOnError(Napi::Env env, Begin begin) {
  try {
    return begin();
  } catch (const Napi::Error& error) {
    const auto deferred = Napi::Promise::Deferred::New(env);
    deferred.Reject(error.Value());
    return deferred.Promise();
  } catch (...) {
    const auto deferred = Napi::Promise::Deferred::New(env);
    deferred.Reject(MakeError(env, std::current_exception()).Value());
    return deferred.Promise();
  }
}

}  // namespace advnative::binding
