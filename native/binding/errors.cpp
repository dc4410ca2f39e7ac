#include "binding/errors.h"

#include <new>

#include "base/error.h"

namespace advnative::binding {

Napi::Error MakeError(Napi::Env env, const std::exception_ptr& failure) {
  const auto make = [env](const std::string& message, const char* code) {
    Napi::Error error = Napi::Error::New(env, message);
    error.Set("code", Napi::String::New(env, code));
    return error;
  };
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    switch (error.code()) {
      case ErrorCode::kNotFinite:
        return make(error.what(), "NOT_FINITE");
      case ErrorCode::kCancelled:
        return make(error.what(), "CANCELLED");
      case ErrorCode::kInvalidArgument:
        return make(error.what(), "INVALID_ARGUMENT");
      case ErrorCode::kThreads:
        return make(error.what(), "THREADS");
      case ErrorCode::kOutOfMemory:
        return make(error.what(), "OUT_OF_MEMORY");
      case ErrorCode::kUnsupported:
        break;
    }
    return make(error.what(), "UNSUPPORTED");
  } catch (const std::bad_alloc&) {
    return make("the system gave no more memory: the model, its batch or a copy is too large",
                "OUT_OF_MEMORY");
  } catch (const std::exception& error) {
    return make(error.what(), "INTERNAL");
  }
}

}  // namespace advnative::binding
