// How the states of a text's tokens become what the MLP reads.
#pragma once

#include <algorithm>
#include <vector>

namespace advnative {

enum class Pooling {
  kLast,  // each direction's state after the last token that it reads
  kMax,   // of each unit, over the text's tokens
  kMean,
  kAttention,  // of all states, weighed by trained scores
};

inline constexpr Pooling kEveryPooling[] = {Pooling::kLast, Pooling::kMax, Pooling::kMean,
                                            Pooling::kAttention};

// The name by which users choose it.
constexpr const char* PoolingName(Pooling pooling) {
  switch (pooling) {
    case Pooling::kLast:
      return "last";
    case Pooling::kMax:
      return "max";
    case Pooling::kMean:
      return "mean";
    case Pooling::kAttention:
      return "attention";
  }
  return "";
}

// Whether a list needs the states of all tokens.
inline bool NeedsTokens(const std::vector<Pooling>& list) {
  return std::any_of(list.begin(), list.end(), [](Pooling pooling) { return pooling != Pooling::kLast; });
}

// Whether a list has what only a model that attends trains.
inline bool Attends(const std::vector<Pooling>& list) {
  return std::find(list.begin(), list.end(), Pooling::kAttention) != list.end();
}

}  // namespace advnative
