// What memory this process may still have, so that what does not fit is refused before it is touched: a
// system that has promised more than it has kills the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace advnative {

struct MemoryAllowance {
  std::uint64_t bytes;  // may still be taken; the largest number where nothing is known
  std::string reason;   // what bounds it, to follow "this process may have … more:"
};

// The least of what Linux says below `root`, a folder in place of / for tests:
//   /proc/meminfo                   what is available on the machine, and free swap
//   /proc/self/cgroup, mountinfo    for the control group of this process and each above it, of version 1 or
//   2: its
//                                   limit without what it uses, page cache not counted, which is given up
//                                   first
//   /proc/self/limits, status       RLIMIT_AS (ulimit -v) without VmSize, RLIMIT_DATA (ulimit -d) without
//   VmData
// Swap counts: what goes there is slow, but runs. A little is kept back, 64 MiB or a sixteenth of what is
// left if that is less, for what grows meanwhile: Node's heap, stacks, page tables. What cannot be read
// bounds nothing.
MemoryAllowance ReadMemoryAllowance(const std::filesystem::path& root = "/");

// Nothing but returns when the process may have `bytes` more. Less than 1 MiB is not looked at. `what` says
// what needs them: "the model of 300,040,000 parameters". Throws Error kOutOfMemory with sizes and limit.
void RequireMemory(std::size_t bytes, const std::string& what);

// The same against a given allowance.
void RequireMemory(std::size_t bytes, const std::string& what, const MemoryAllowance& allowance);

// "4.8 GiB", "310 MiB".
std::string SizeText(std::uint64_t bytes);

}  // namespace advnative
