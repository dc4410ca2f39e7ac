// The failures that the engine reports, each with a code that programs can compare.
#pragma once

#include <stdexcept>
#include <string>

namespace advnative {

enum class ErrorCode {
  kInvalidArgument,  // a size, id or rate outside its range
  kNotFinite,        // a loss or gradient is NaN or infinite; no update was applied
  kCancelled,        // the caller asked to stop; the model is as it was before the call
  kThreads,          // the system gives no more threads
  kOutOfMemory,      // the process may not have what a model or batch needs; nothing was touched
  kUnsupported,      // an instruction set or device that this machine or build lacks
};

// Thrown by the engine, never across the Node-API boundary: the binding turns it into a JavaScript error.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace advnative
