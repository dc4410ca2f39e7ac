#include "binding/arguments.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <initializer_list>
#include <limits>

#include "base/process_memory.h"
#include "model/option_limits.h"

namespace advnative::binding {

namespace {

constexpr std::int64_t kLargestInt32 = 2147483647;
constexpr double kLargestSafeInteger = 9007199254740991.0;

// Beyond this the arithmetic on sizes could overflow, and no machine trains such a model in one process.
constexpr double kMostParameters = 2e9;

std::string NumberText(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  char text[32];
  std::snprintf(text, sizeof text, "%.15g", value);
  return text;
}

// A whole number below 2^53 with its thousands separated.
std::string Grouped(double value) {
  std::string text = std::to_string(static_cast<std::int64_t>(value));
  for (std::size_t place = text.size(); place > 3; place -= 3) text.insert(place - 3, ",");
  return text;
}

[[noreturn]] void ThrowType(const Napi::Value& value, const std::string& name, const std::string& expected) {
  throw Napi::TypeError::New(value.Env(), name + ": expected " + expected + ", got " + Describe(value));
}

double ReadNumberWhere(const Napi::Object& object, const char* property, const std::string& owner,
                       const std::string& expected, const std::function<bool(double)>& accepts) {
  const double number = ReadNumber(object, property, owner);
  // NaN fails every comparison and so is never accepted.
  if (!accepts(number)) ThrowRange(object.Env(), owner + "." + property, expected, NumberText(number));
  return number;
}

void CheckOffsets(const Napi::Env& env, const std::vector<std::int32_t>& offsets, std::size_t tokens) {
  if (offsets.size() < 2) {
    ThrowRange(env, "batch.offsets", "at least 2 entries (one text)", std::to_string(offsets.size()));
  }
  if (offsets.front() != 0) {
    ThrowRange(env, "batch.offsets[0]", "0", std::to_string(offsets.front()));
  }
  for (std::size_t i = 1; i < offsets.size(); ++i) {
    if (offsets[i] > offsets[i - 1]) continue;
    ThrowRange(env, "batch.offsets[" + std::to_string(i) + "]",
               "more than " + std::to_string(offsets[i - 1]) + " (every text has at least one token)",
               std::to_string(offsets[i]));
  }
  if (static_cast<std::size_t>(offsets.back()) != tokens) {
    ThrowRange(env, "batch.offsets",
               "a last entry of " + std::to_string(tokens) + ", the length of batch.ids",
               std::to_string(offsets.back()));
  }
}

}  // namespace

double ReadFloat(const Napi::Object& object, const char* property, const std::string& owner,
                 const std::string& expected, const std::function<bool(double)>& accepts) {
  return ReadNumberWhere(object, property, owner, expected,
                         [&accepts](double x) { return HoldsInFloat(x) && accepts(x); });
}

std::string ReadName(const Napi::Object& object, const char* property, const std::string& owner,
                     std::initializer_list<const char*> names, const std::string& expected) {
  const Napi::Value value = object.Get(property);
  const std::string name = value.IsString() ? value.As<Napi::String>().Utf8Value() : "";
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    ThrowType(value, owner + "." + property, expected);
  }
  return name;
}

void ThrowRange(const Napi::Env& env, const std::string& name, const std::string& expected,
                const std::string& got) {
  throw Napi::RangeError::New(env, name + ": expected " + expected + ", got " + got);
}

std::string Describe(const Napi::Value& value) {
  if (value.IsNumber()) return NumberText(value.As<Napi::Number>().DoubleValue());
  if (value.IsString())
    return std::string("'").append(value.As<Napi::String>().Utf8Value().substr(0, 40)).append("'");
  if (value.IsTypedArray()) {
    return value.As<Napi::Object>().Get("constructor").As<Napi::Object>().Get("name").ToString().Utf8Value() +
           " of " + std::to_string(value.As<Napi::TypedArray>().ElementLength());
  }
  if (value.IsUndefined()) return "undefined";
  if (value.IsNull()) return "null";
  if (value.IsArray()) return "an array";
  if (value.IsFunction()) return "a function";
  if (value.IsBoolean()) return value.As<Napi::Boolean>().Value() ? "true" : "false";
  if (value.IsBigInt()) return "a bigint";
  if (value.IsSymbol()) return "a symbol";
  return "an object";
}

Napi::Object ReadObject(const Napi::Value& value, const std::string& name) {
  if (!value.IsObject() || value.IsArray() || value.IsTypedArray() || value.IsFunction()) {
    ThrowType(value, name, "an object");
  }
  return value.As<Napi::Object>();
}

double ReadNumber(const Napi::Object& object, const char* property, const std::string& owner) {
  const Napi::Value value = object.Get(property);
  if (!value.IsNumber()) ThrowType(value, owner + "." + property, "a number");
  return value.As<Napi::Number>().DoubleValue();
}

std::int64_t ReadInteger(const Napi::Object& object, const char* property, const std::string& owner,
                         std::int64_t least, std::int64_t most) {
  const double number = ReadNumberWhere(
      object, property, owner, "an integer from " + std::to_string(least) + " to " + std::to_string(most),
      [least, most](double x) {
        return x >= static_cast<double>(least) && x <= static_cast<double>(most) && std::floor(x) == x;
      });
  return static_cast<std::int64_t>(number);
}

std::vector<std::int32_t> ReadInt32Array(const Napi::Object& object, const char* property,
                                         const std::string& owner) {
  const Napi::Value value = object.Get(property);
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_int32_array) {
    ThrowType(value, owner + "." + property, "an Int32Array");
  }
  const auto array = value.As<Napi::Int32Array>();
  RequireMemory(array.ByteLength(), "a copy of " + owner + "." + property);
  return {array.Data(), array.Data() + array.ElementLength()};
}

void CheckBelow(const Napi::Env& env, const std::vector<std::int32_t>& values, std::int32_t bound,
                const std::string& name) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] >= 0 && values[i] < bound) continue;
    ThrowRange(env, name + "[" + std::to_string(i) + "]", "an integer in [0, " + std::to_string(bound) + ")",
               std::to_string(values[i]));
  }
}

namespace {

CellType ReadCell(const Napi::Object& object, const std::string& owner) {
  const Napi::Value value = object.Get("cell");
  if (value.IsString()) {
    const std::string name = value.As<Napi::String>().Utf8Value();
    for (const CellType cell : kEveryCell) {
      if (name == CellName(cell)) return cell;
    }
  }
  ThrowType(value, owner + ".cell", "'gru', 'gru-cho' or 'lstm'");
}

std::vector<Pooling> ReadPooling(const Napi::Object& object, const std::string& owner) {
  const Napi::Value value = object.Get("pooling");
  const auto refuse = [&] {
    ThrowType(value, owner + ".pooling",
              "an array of different names among 'last', 'max', 'mean' and 'attention'");
  };
  if (!value.IsArray()) refuse();
  const auto names = value.As<Napi::Array>();
  std::vector<Pooling> list;
  for (std::uint32_t i = 0; i < names.Length(); ++i) {
    const Napi::Value name = names.Get(i);
    const auto* const known =
        std::find_if(std::begin(kEveryPooling), std::end(kEveryPooling), [&name](Pooling pooling) {
          return name.IsString() && name.As<Napi::String>().Utf8Value() == PoolingName(pooling);
        });
    if (known == std::end(kEveryPooling) || std::find(list.begin(), list.end(), *known) != list.end())
      refuse();
    list.push_back(*known);
  }
  if (list.empty()) refuse();
  return list;
}

}  // namespace

double ReadPositive(const Napi::Object& object, const char* property, const std::string& owner) {
  return ReadFloat(object, property, owner, "a number above 0 (from 1.2e-38 to 3.4e38)",
                   [](double x) { return x > 0.0; });
}

ModelConfig ReadConfig(const Napi::Value& value) {
  const std::string owner = "config";
  const Napi::Object object = ReadObject(value, owner);
  const auto dimension = [&](const char* property, std::int64_t least) {
    return static_cast<std::int32_t>(ReadInteger(object, property, owner, least, kLargestInt32));
  };
  ModelConfig config{};
  config.cell = ReadCell(object, owner);
  config.pooling = ReadPooling(object, owner);
  config.vocabulary = dimension("vocabularySize", 1);
  config.embedding = dimension("embeddingSize", 1);
  config.hidden = dimension("hiddenSize", 1);
  config.mlp = dimension("mlpSize", 1);
  config.layers = static_cast<std::int32_t>(ReadInteger(object, "layers", owner, 1, kMostLayers));
  config.classes = dimension("classCount", 2);
  config.unknown_id =
      static_cast<std::int32_t>(ReadInteger(object, "unknownId", owner, 0, config.vocabulary - 1));
  config.buckets = static_cast<std::int32_t>(ReadInteger(object, "buckets", owner, 0, kLargestInt32));
  config.embedding_range =
      ReadFloat(object, "embeddingRange", owner, "a number above 0 (from 1.2e-38 to 3.4e38)",
                [](double x) { return x > 0.0; });
  config.ema =
      ReadFloat(object, "ema", owner, "a number of at least 0 and below 1 (0: no average, or from 1.2e-38)",
                [](double x) { return x >= 0.0 && x < 1.0; });
  const std::string loss =
      ReadName(object, "loss", owner, {LossName(LossKind::kCrossEntropy), LossName(LossKind::kSquared)},
               "'cross-entropy' or 'squared'");
  config.loss = loss == LossName(LossKind::kSquared) ? LossKind::kSquared : LossKind::kCrossEntropy;
  config.seed = static_cast<std::uint64_t>(
      ReadInteger(object, "seed", owner, 0, static_cast<std::int64_t>(kLargestSafeInteger)));
  const double H = config.hidden;
  const double parameters =
      (static_cast<double>(config.vocabulary) + config.buckets) * config.embedding +
      2.0 * GateCount(config.cell) * H * (config.embedding + H + (config.layers - 1) * 3.0 * H) +
      config.mlp * (2.0 * H * static_cast<double>(config.pooling.size()) + config.classes) +
      (Attends(config.pooling) ? 2.0 * H * (2.0 * H + 2.0) : 0.0);
  if (parameters > kMostParameters) {
    ThrowRange(value.Env(), owner, "a model of at most 2,000,000,000 parameters",
               parameters > kLargestSafeInteger ? "more than 9,007,199,254,740,991" : Grouped(parameters));
  }
  return config;
}

int ReadThreads(const Napi::Value& value) {
  return static_cast<int>(ReadInteger(ReadObject(value, "config"), "threads", "config", 1, 256));
}

namespace {

// Offsets that may repeat: a word may have no n-gram.
void CheckWordOffsets(const Napi::Env& env, const BatchWords& words) {
  const std::string name = "batch.words.offsets";
  const std::vector<std::int32_t>& offsets = words.offsets;
  if (offsets.size() != words.size() + 1) {
    ThrowRange(env, name, std::to_string(words.size() + 1) + " entries, one more than there are words",
               std::to_string(offsets.size()));
  }
  if (offsets.front() != 0) ThrowRange(env, name + "[0]", "0", std::to_string(offsets.front()));
  for (std::size_t u = 1; u < offsets.size(); ++u) {
    if (offsets[u] >= offsets[u - 1]) continue;
    ThrowRange(env, name + "[" + std::to_string(u) + "]", "at least " + std::to_string(offsets[u - 1]),
               std::to_string(offsets[u]));
  }
  if (static_cast<std::size_t>(offsets.back()) != words.buckets.size()) {
    ThrowRange(
        env, name,
        "a last entry of " + std::to_string(words.buckets.size()) + ", the length of batch.words.buckets",
        std::to_string(offsets.back()));
  }
}

BatchWords ReadWords(const Napi::Object& batch, const ModelConfig& config, std::size_t tokens) {
  const Napi::Env env = batch.Env();
  const std::string owner = "batch.words";
  const Napi::Object object = ReadObject(batch.Get("words"), owner);
  BatchWords words;
  words.ids = ReadInt32Array(object, "ids", owner);
  words.offsets = ReadInt32Array(object, "offsets", owner);
  words.buckets = ReadInt32Array(object, "buckets", owner);
  if (words.size() < 1 || words.size() > tokens) {
    ThrowRange(env, owner + ".ids",
               "1 to " + std::to_string(tokens) + " different words, as many as tokens at most",
               std::to_string(words.size()));
  }
  CheckWordOffsets(env, words);
  CheckBelow(env, words.ids, config.vocabulary, owner + ".ids");
  CheckBelow(env, words.buckets, config.buckets, owner + ".buckets");
  return words;
}

}  // namespace

Batch ReadBatch(const Napi::Value& value, const ModelConfig& config, bool with_labels) {
  const Napi::Env env = value.Env();
  const Napi::Object object = ReadObject(value, "batch");
  Batch batch;
  batch.ids = ReadInt32Array(object, "ids", "batch");
  batch.offsets = ReadInt32Array(object, "offsets", "batch");
  CheckOffsets(env, batch.offsets, batch.ids.size());
  if (config.buckets > 0) {
    batch.words = ReadWords(object, config, batch.ids.size());
  } else if (!object.Get("words").IsUndefined()) {
    ThrowType(object.Get("words"), "batch.words", "none for a model without buckets");
  }
  const std::int32_t rows =
      config.buckets > 0 ? static_cast<std::int32_t>(batch.words.size()) : config.vocabulary;
  CheckBelow(env, batch.ids, rows, "batch.ids");
  if (!with_labels) return batch;
  batch.labels = ReadInt32Array(object, "labels", "batch");
  if (batch.labels.size() != batch.size()) {
    ThrowRange(env, "batch.labels", std::to_string(batch.size()) + " labels, one for each text",
               std::to_string(batch.labels.size()));
  }
  CheckBelow(env, batch.labels, config.classes, "batch.labels");
  return batch;
}

std::vector<std::int32_t> ReadLengths(const Napi::Value& value) {
  const Napi::Env env = value.Env();
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_int32_array) {
    ThrowType(value, "lengths", "an Int32Array");
  }
  const auto lengths = value.As<Napi::Int32Array>();
  if (lengths.ElementLength() == 0) ThrowRange(env, "lengths", "at least 1 text", "0");
  std::vector<std::int32_t> offsets{0};
  for (std::size_t i = 0; i < lengths.ElementLength(); ++i) {
    const std::int64_t end = std::int64_t{offsets.back()} + lengths[i];
    if (lengths[i] < 1) {
      ThrowRange(env, "lengths[" + std::to_string(i) + "]", "at least 1", std::to_string(lengths[i]));
    }
    if (end > kLargestInt32) {
      ThrowRange(env, "lengths", "a batch of at most 2,147,483,647 tokens", "more");
    }
    offsets.push_back(static_cast<std::int32_t>(end));
  }
  return offsets;
}

std::vector<float> ReadFloats(const Napi::Value& value, const std::string& name, std::size_t size) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_float32_array) {
    ThrowType(value, name, "a Float32Array");
  }
  const auto array = value.As<Napi::Float32Array>();
  if (array.ElementLength() != size) {
    ThrowRange(value.Env(), name, std::to_string(size) + " numbers, the model's parameters",
               std::to_string(array.ElementLength()));
  }
  std::vector<float> values(array.Data(), array.Data() + size);
  for (std::size_t i = 0; i < size; ++i) {
    if (std::isfinite(values[i])) continue;
    ThrowRange(value.Env(), name + "[" + std::to_string(i) + "]", "a finite number",
               NumberText(static_cast<double>(values[i])));
  }
  return values;
}

ModelState ReadModelState(const Napi::Value& value, std::size_t parameters, bool averages) {
  const Napi::Object object = ReadObject(value, "state");
  ModelState state;
  state.step = static_cast<std::uint64_t>(
      ReadInteger(object, "step", "state", 0, static_cast<std::int64_t>(kLargestSafeInteger)));
  state.parameters = ReadFloats(object.Get("parameters"), "state.parameters", parameters);
  state.first_moment = ReadFloats(object.Get("firstMoment"), "state.firstMoment", parameters);
  const auto too_large = std::find_if(state.first_moment.begin(), state.first_moment.end(), [](float moment) {
    return static_cast<double>(std::abs(moment)) > kMostMoment;
  });
  if (too_large != state.first_moment.end()) {
    ThrowRange(value.Env(), "state.firstMoment", "numbers from -1.8e19 to 1.8e19, as training makes them",
               NumberText(static_cast<double>(*too_large)));
  }
  state.second_moment = ReadFloats(object.Get("secondMoment"), "state.secondMoment", parameters);
  const auto negative = std::find_if(state.second_moment.begin(), state.second_moment.end(),
                                     [](float moment) { return moment < 0.0f; });
  if (negative != state.second_moment.end()) {
    ThrowRange(value.Env(), "state.secondMoment", "numbers of at least 0",
               NumberText(static_cast<double>(*negative)));
  }
  const Napi::Value average = object.Get("average");
  if (averages) {
    state.average = ReadFloats(average, "state.average", parameters);
  } else if (!average.IsUndefined()) {
    ThrowType(average, "state.average", "undefined, as this model keeps no average");
  }
  return state;
}

}  // namespace advnative::binding
