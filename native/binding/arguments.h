// Reading JavaScript arguments. Every function throws a TypeError or RangeError that names the argument, says
// what was expected and what came.
#pragma once

#include <napi.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "model/model.h"

namespace advnative::binding {

[[noreturn]] void ThrowRange(const Napi::Env& env, const std::string& name, const std::string& expected,
                             const std::string& got);

// A short text of what a value is, for messages: "3.5", "'abc'", "Float64Array of 3", "undefined".
std::string Describe(const Napi::Value& value);

Napi::Object ReadObject(const Napi::Value& value, const std::string& name);
double ReadNumber(const Napi::Object& object, const char* property, const std::string& owner);
// An integer in [least, most].
std::int64_t ReadInteger(const Napi::Object& object, const char* property, const std::string& owner,
                         std::int64_t least, std::int64_t most);

// A copy of an Int32Array.
std::vector<std::int32_t> ReadInt32Array(const Napi::Object& object, const char* property,
                                         const std::string& owner);
// Throws for the first value that is not in [0, bound).
void CheckBelow(const Napi::Env& env, const std::vector<std::int32_t>& values, std::int32_t bound,
                const std::string& name);

// A finite number above 0.
double ReadPositive(const Napi::Object& object, const char* property, const std::string& owner);

// A number that float holds and `accepts` takes.
double ReadFloat(const Napi::Object& object, const char* property, const std::string& owner,
                 const std::string& expected, const std::function<bool(double)>& accepts);
// A property that is one of some names.
std::string ReadName(const Napi::Object& object, const char* property, const std::string& owner,
                     std::initializer_list<const char*> names, const std::string& expected);

ModelConfig ReadConfig(const Napi::Value& value);
// The same object's `threads`, from 1 to 256.
int ReadThreads(const Napi::Value& value);
// Checks ids against V, or of a model with buckets against the batch's words, these against V and the
// buckets, and labels against C; without labels for Predict. Copies the arrays.
Batch ReadBatch(const Napi::Value& value, const ModelConfig& config, bool with_labels);
// The lengths of a batch's texts, an Int32Array of numbers above 0, as offsets.
std::vector<std::int32_t> ReadLengths(const Napi::Value& value);
// A Float32Array of exactly `size` finite numbers.
std::vector<float> ReadFloats(const Napi::Value& value, const std::string& name, std::size_t size);
// With an average of the parameters' size where the model keeps one, and without where it keeps none.
ModelState ReadModelState(const Napi::Value& value, std::size_t parameters, bool averages);

}  // namespace advnative::binding
