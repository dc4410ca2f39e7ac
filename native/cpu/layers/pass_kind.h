// What a forward pass is for.
#pragma once

namespace advnative {

// What it leaves: what it finds alone, or what a backward pass after it reads too.
enum class PassKind { kPrediction, kTraining };

}  // namespace advnative
