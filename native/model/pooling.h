// How the states of a text's tokens become what the MLP reads.
#pragma once

#include <algorithm>
#include <vector>

namespace advnative {

enum class Pooling {
  kLast,  // each direction's state after the last token that it reads
  kMax,   // of each unit, over the text's tokens
  kMean,
};

inline constexpr Pooling kEveryPooling[] = {Pooling::kLast, Pooling::kMax, Pooling::kMean};

// The name by which users choose it.
constexpr const char* PoolingName(Pooling pooling) {
  switch (pooling) {
    case Pooling::kLast:
      return "last";
    case Pooling::kMax:
      return "max";
    case Pooling::kMean:
      return "mean";
  }
  return "";
}

// Whether a list needs the states of all tokens.
inline bool NeedsTokens(const std::vector<Pooling>& list) {
  return std::any_of(list.begin(), list.end(), [](Pooling pooling) { return pooling != Pooling::kLast; });
}

}  // namespace advnative
