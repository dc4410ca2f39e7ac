// measureCeilings() of the addon.
#pragma once

#include <napi.h>

namespace advnative::binding {

// measureCeilings({threads, milliseconds}) → promise of {gflops, gigabytesPerSecond}; rejects with a
// TypeError or RangeError for a wrong argument.
Napi::Value MeasureCeilingsCall(const Napi::CallbackInfo& info);

}  // namespace advnative::binding
