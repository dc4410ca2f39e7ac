#include "bench/ceilings.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <chrono>
#include <cstddef>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/error.h"
#include "base/thread_pool.h"
#include "cpu/kernels/kernel_table.h"

namespace advnative {

namespace {

using Clock = std::chrono::steady_clock;

// Rounds of the chains between two looks at the clock: some ten microseconds.
constexpr std::size_t kRoundsPerLook = 4096;

// Both keep the chains within normal numbers however long they run: x ← x/2 + 1 tends to 2.
constexpr Scalar kFactor = 0.5;
constexpr Scalar kAddend = 1;

// A ceiling is what the machine can do when nothing is in the way: the best of this many parts of the time.
constexpr int kWindows = 10;

// Runs `work` over and over on every thread at once for `milliseconds` and returns the sum of the threads'
// rates in units a second, in the best of kWindows. work(thread) returns the units of one go.
template <typename Work>
double RateOfAll(ThreadPool& pool, int milliseconds, const Cancellation& cancellation, const Work& work) {
  const auto window =
      std::chrono::duration_cast<Clock::duration>(std::chrono::milliseconds(milliseconds)) / kWindows;
  std::barrier together(pool.threads());
  std::array<std::atomic<double>, kWindows> rates{};
  pool.Run(pool.threads(), [&](int thread) {
    for (std::atomic<double>& rate : rates) {
      // Until every thread has come, nobody begins: a rate measured alone is that of another machine.
      together.arrive_and_wait();
      const Clock::time_point begin = Clock::now();
      Clock::time_point now = begin;
      double units = 0;
      while (now < begin + window && !cancellation.requested()) {
        units += work(thread);
        now = Clock::now();
      }
      rate.fetch_add(units / std::chrono::duration<double>(now - begin).count());
    }
  });
  // Only here: a thread that left the others waiting for it would hold them forever.
  cancellation.Check();
  return *std::max_element(rates.begin(), rates.end());
}

double MeasureMultiplyAdds(const KernelTable& kernels, ThreadPool& pool, int milliseconds,
                           const Cancellation& cancellation) {
  std::atomic<Scalar> sink{0};
  return RateOfAll(pool, milliseconds, cancellation, [&](int) {
    sink.store(kernels.multiply_add(kRoundsPerLook, kFactor, kAddend), std::memory_order_relaxed);
    return static_cast<double>(kRoundsPerLook) * kernels.multiply_add_flop;
  });
}

std::size_t TriadElements() {
  constexpr std::size_t kLeastBytes = std::size_t{64} << 20;
  std::size_t bytes = kLeastBytes;
#if defined(_SC_LEVEL3_CACHE_SIZE)
  bytes = std::max(bytes, static_cast<std::size_t>(std::max(0L, sysconf(_SC_LEVEL3_CACHE_SIZE))));
#endif
  return bytes / sizeof(Scalar);
}

double MeasureTriad(const KernelTable& kernels, ThreadPool& pool, int milliseconds,
                    const Cancellation& cancellation) {
  // What a thread takes before it looks at the clock: some hundred microseconds.
  constexpr std::size_t kBlock = std::size_t{1} << 18;
  const std::size_t share = TriadElements() / static_cast<std::size_t>(pool.threads());
  const std::size_t size = share * static_cast<std::size_t>(pool.threads());
  AlignedBuffer<Scalar> a, b, c;
  a.Reserve(size);
  b.Reserve(size);
  c.Reserve(size);
  // Each thread touches its share first, so that its pages lie in its own memory and exist before they are
  // timed.
  pool.Run(pool.threads(), [&](int thread) {
    const std::size_t begin = share * static_cast<std::size_t>(thread);
    std::fill_n(a.data() + begin, share, Scalar(0));
    std::fill_n(b.data() + begin, share, Scalar(1));
    std::fill_n(c.data() + begin, share, Scalar(2));
  });
  std::vector<std::size_t> done(static_cast<std::size_t>(pool.threads()), 0);
  return RateOfAll(pool, milliseconds, cancellation, [&](int thread) {
    std::size_t& at = done[static_cast<std::size_t>(thread)];
    const std::size_t begin = share * static_cast<std::size_t>(thread) + at;
    const std::size_t count = std::min(kBlock, share - at);
    kernels.triad(b.data() + begin, c.data() + begin, kFactor, a.data() + begin, count);
    at = at + count == share ? 0 : at + count;
    return static_cast<double>(3 * count * sizeof(Scalar));
  });
}

}  // namespace

Ceilings MeasureCeilings(InstructionSet set, int threads, int milliseconds,
                         const Cancellation& cancellation) {
  if (threads < 1 || threads > 256)
    throw Error(ErrorCode::kInvalidArgument, "threads: expected 1 to 256, got " + std::to_string(threads));
  if (milliseconds < 1 || milliseconds > 10000) {
    throw Error(ErrorCode::kInvalidArgument,
                "milliseconds: expected 1 to 10000, got " + std::to_string(milliseconds));
  }
  const KernelTable& kernels = KernelsFor(set);
  ThreadPool pool(threads);
  const double flops = MeasureMultiplyAdds(kernels, pool, milliseconds, cancellation);
  const double bytes = MeasureTriad(kernels, pool, milliseconds, cancellation);
  return {flops * 1e-9, bytes * 1e-9};
}

}  // namespace advnative
