#include "base/process_memory.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <vector>

#include "base/error.h"

namespace advnative {

namespace {

using Path = std::filesystem::path;

constexpr std::uint64_t kUnbounded = std::numeric_limits<std::uint64_t>::max();
// Version 1 writes the largest multiple of a page where there is no limit.
constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 60;
constexpr std::uint64_t kMostKeptBack = std::uint64_t{64} << 20;
constexpr std::size_t kLeastLookedAt = std::size_t{1} << 20;

std::uint64_t Minus(std::uint64_t a, std::uint64_t b) { return a > b ? a - b : 0; }

// The number behind `key` at the start of a line: "MemAvailable:   24214552 kB", "inactive_file 20480".
std::optional<std::uint64_t> NumberAfter(const Path& file, const std::string& key) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(key)) continue;
    std::istringstream rest(line.substr(key.size()));
    std::uint64_t number = 0;
    std::string unit;
    if (!(rest >> number)) return std::nullopt;
    rest >> unit;
    return unit == "kB" ? number * 1024 : number;
  }
  return std::nullopt;
}

// The only number of a file; "max" and what cannot be read are none.
std::optional<std::uint64_t> NumberOf(const Path& file) {
  std::ifstream content(file);
  std::uint64_t number = 0;
  if (!(content >> number) || number >= kNoLimit) return std::nullopt;
  return number;
}

void Bound(MemoryAllowance& allowance, std::uint64_t bytes, const std::string& reason) {
  if (bytes < allowance.bytes) allowance = {bytes, reason};
}

std::string LimitText(const std::string& whose, std::uint64_t limit, std::uint64_t used) {
  return whose + " is " + SizeText(limit) + ", of which " + SizeText(std::min(used, limit)) + " are in use";
}

// Whether "memory" is an entry of a list with commas.
bool NamesMemory(const std::string& list) {
  std::istringstream entries(list);
  for (std::string entry; std::getline(entries, entry, ',');) {
    if (entry == "memory") return true;
  }
  return false;
}

// Where a hierarchy of control groups is mounted, and the place within it that the mount shows.
struct GroupMount {
  Path point;
  std::string root;
};

// The mount of version 2, or that of version 1 with the memory controller. A line of mountinfo:
// "35 31 0:32 /root /mount/point options optional-fields - type source super-options".
std::optional<GroupMount> FindMount(const Path& root, bool version_2) {
  std::ifstream lines(root / "proc/self/mountinfo");
  for (std::string line; std::getline(lines, line);) {
    const std::size_t separator = line.find(" - ");
    if (separator == std::string::npos) continue;
    std::istringstream before(line.substr(0, separator));
    std::istringstream behind(line.substr(separator + 3));
    std::string id, parent, device, shown, point, type, source, options;
    before >> id >> parent >> device >> shown >> point;
    behind >> type >> source >> options;
    if (version_2 ? type != "cgroup2" : type != "cgroup" || !NamesMemory(options)) continue;
    return GroupMount{root / Path(point).relative_path(), shown};
  }
  return std::nullopt;
}

// The path of this process's group in its hierarchy: "0::/path" of version 2, "4:cpu,memory:/path" of
// version 1.
std::optional<std::string> GroupPath(const Path& root, bool version_2) {
  std::ifstream lines(root / "proc/self/cgroup");
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    if (version_2 ? controllers.empty() : NamesMemory(controllers)) return line.substr(second + 1);
  }
  return std::nullopt;
}

// The folders of this process's group and of those above it that the mount shows, innermost first.
std::vector<Path> GroupFolders(const Path& root, bool version_2) {
  const auto mount = FindMount(root, version_2);
  auto path = GroupPath(root, version_2);
  if (!mount || !path) return {};
  // A container may show its own group as the hierarchy's root and still tell the path from outside.
  if (mount->root != "/" && path->starts_with(mount->root)) path = path->substr(mount->root.size());
  Path within = Path(*path).relative_path();
  if (!std::filesystem::is_directory(mount->point / within)) within.clear();
  std::vector<Path> folders;
  for (; !within.empty(); within = within.parent_path()) folders.push_back(mount->point / within);
  folders.push_back(mount->point);
  return folders;
}

// Names of a group's files in version 2 and 1.
struct GroupFiles {
  const char* limit;
  const char* usage;
  const char* inactive_cache;
  const char* active_cache;
};

constexpr GroupFiles kVersion2{"memory.max", "memory.current", "inactive_file ", "active_file "};
constexpr GroupFiles kVersion1{"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file ",
                               "total_active_file "};

std::uint64_t SwapOfGroup(const Path& folder, bool version_2, std::uint64_t memory_left,
                          std::uint64_t free_swap) {
  if (version_2) {
    const auto limit = NumberOf(folder / "memory.swap.max");
    const std::uint64_t used = NumberOf(folder / "memory.swap.current").value_or(0);
    return limit ? std::min(free_swap, Minus(*limit, used)) : free_swap;
  }
  // Version 1 limits memory and swap together.
  const auto limit = NumberOf(folder / "memory.memsw.limit_in_bytes");
  const std::uint64_t used = NumberOf(folder / "memory.memsw.usage_in_bytes").value_or(0);
  return limit ? std::min(free_swap, Minus(Minus(*limit, used), memory_left)) : free_swap;
}

void BoundByGroups(MemoryAllowance& allowance, const Path& root, bool version_2, std::uint64_t free_swap) {
  const GroupFiles& files = version_2 ? kVersion2 : kVersion1;
  for (const Path& folder : GroupFolders(root, version_2)) {
    const auto limit = NumberOf(folder / files.limit);
    const auto usage = NumberOf(folder / files.usage);
    if (!limit || !usage) continue;
    const std::uint64_t cache = NumberAfter(folder / "memory.stat", files.inactive_cache).value_or(0) +
                                NumberAfter(folder / "memory.stat", files.active_cache).value_or(0);
    const std::uint64_t used = Minus(*usage, cache);
    const std::uint64_t left = Minus(*limit, used);
    Bound(allowance, left + SwapOfGroup(folder, version_2, left, free_swap),
          LimitText("the memory limit of its control group", *limit, used));
  }
}

void BoundByMachine(MemoryAllowance& allowance, const Path& root, std::uint64_t free_swap) {
  const auto available = NumberAfter(root / "proc/meminfo", "MemAvailable:");
  if (!available) return;
  Bound(allowance, *available + free_swap,
        "that much memory" + std::string(free_swap > 0 ? " with swap" : "") + " is free on this machine");
}

void BoundByResourceLimits(MemoryAllowance& allowance, const Path& root) {
  const auto bound = [&](const char* limit_name, const char* usage_name, const std::string& whose) {
    const auto limit = NumberAfter(root / "proc/self/limits", limit_name);
    const auto used = NumberAfter(root / "proc/self/status", usage_name);
    if (limit && used) Bound(allowance, Minus(*limit, *used), LimitText(whose, *limit, *used));
  };
  bound("Max data size", "VmData:", "its limit on data (ulimit -d)");
  bound("Max address space", "VmSize:", "its limit on address space (ulimit -v)");
}

}  // namespace

MemoryAllowance ReadMemoryAllowance(const Path& root) {
  MemoryAllowance allowance{kUnbounded, "nothing is known to limit it"};
  const std::uint64_t free_swap = NumberAfter(root / "proc/meminfo", "SwapFree:").value_or(0);
  BoundByMachine(allowance, root, free_swap);
  for (const bool version_2 : {true, false}) BoundByGroups(allowance, root, version_2, free_swap);
  BoundByResourceLimits(allowance, root);
  if (allowance.bytes != kUnbounded) allowance.bytes -= std::min(kMostKeptBack, allowance.bytes / 16);
  return allowance;
}

void RequireMemory(std::size_t bytes, const std::string& what) {
  if (bytes < kLeastLookedAt) return;
  RequireMemory(bytes, what, ReadMemoryAllowance());
}

void RequireMemory(std::size_t bytes, const std::string& what, const MemoryAllowance& allowance) {
  if (bytes <= allowance.bytes) return;
  throw Error(ErrorCode::kOutOfMemory, what + " needs " + SizeText(bytes) + ", and this process may have " +
                                           SizeText(allowance.bytes) + " more: " + allowance.reason);
}

std::string SizeText(std::uint64_t bytes) {
  constexpr double kMebibyte = 1024.0 * 1024.0;
  const double mebibytes = static_cast<double>(bytes) / kMebibyte;
  char text[32];
  if (mebibytes >= 1024.0) {
    std::snprintf(text, sizeof text, "%.1f GiB", mebibytes / 1024.0);
  } else {
    std::snprintf(text, sizeof text, mebibytes < 10.0 ? "%.1f MiB" : "%.0f MiB", mebibytes);
  }
  return text;
}

}  // namespace advnative
