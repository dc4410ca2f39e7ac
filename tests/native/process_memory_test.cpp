// What a process may have, from made-up trees of /proc and /sys.
#include "base/process_memory.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <limits>

#include "base/error.h"

namespace advnative {

namespace {

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20;
constexpr std::uint64_t kGibibyte = std::uint64_t{1} << 30;

// A folder that stands for / and goes with the test.
class Machine {
 public:
  Machine() {
    std::string name = (std::filesystem::temp_directory_path() / "advnative-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    root_ = name;
    Write("proc/meminfo", "MemTotal: 33554432 kB\nMemAvailable:   16777216 kB\nSwapFree:       0 kB\n");
  }
  ~Machine() { std::filesystem::remove_all(root_); }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  void Write(const std::string& path, const std::string& content) const {
    std::filesystem::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << content;
  }

  // A process of the group /outer/inner, in the hierarchy of version 2.
  void InGroups() const {
    Write("proc/self/cgroup", "0::/outer/inner\n");
    Write("proc/self/mountinfo",
          "22 1 0:5 / /proc rw - proc proc rw\n41 31 0:38 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 "
          "cgroup2 rw\n");
  }
  void Group(const std::string& path, const std::string& limit, std::uint64_t used,
             std::uint64_t cache = 0) const {
    const std::string folder = "sys/fs/cgroup/" + path + "/";
    Write(folder + "memory.max", limit + "\n");
    Write(folder + "memory.current", std::to_string(used) + "\n");
    Write(folder + "memory.stat", "anon 5\ninactive_file " + std::to_string(cache / 2) + "\nactive_file " +
                                      std::to_string(cache / 2) + "\n");
  }

  MemoryAllowance Allowance() const { return ReadMemoryAllowance(root_); }

 private:
  std::filesystem::path root_;
};

// Without what is kept back.
std::uint64_t Kept(std::uint64_t left) { return left - std::min(64 * kMebibyte, left / 16); }

}  // namespace

TEST_CASE("without limits a process may have what is free on the machine, with its swap") {
  const Machine machine;
  CHECK(machine.Allowance().bytes == Kept(16 * kGibibyte));
  machine.Write("proc/meminfo", "MemAvailable: 1048576 kB\nSwapFree: 2097152 kB\n");
  CHECK(machine.Allowance().bytes == Kept(3 * kGibibyte));
  CHECK(machine.Allowance().reason == "that much memory with swap is free on this machine");
}

TEST_CASE("where nothing can be read, nothing is refused") {
  const MemoryAllowance allowance = ReadMemoryAllowance("/nowhere");
  CHECK(allowance.bytes == std::numeric_limits<std::uint64_t>::max());
  RequireMemory(std::numeric_limits<std::size_t>::max(), "anything", allowance);
}

TEST_CASE("control groups of version 2 bound, those above as well, without their page cache") {
  const Machine machine;
  machine.InGroups();
  machine.Group("outer/inner", "max", kGibibyte);
  machine.Group("outer", "max", kGibibyte);
  CHECK(machine.Allowance().bytes == Kept(16 * kGibibyte));
  machine.Group("outer/inner", std::to_string(3 * kGibibyte), kGibibyte, kGibibyte / 2);
  CHECK(machine.Allowance().bytes == Kept(2 * kGibibyte + kGibibyte / 2));
  CHECK(machine.Allowance().reason ==
        "the memory limit of its control group is 3.0 GiB, of which 512 MiB are in use");
  machine.Group("outer", std::to_string(2 * kGibibyte), kGibibyte);
  CHECK(machine.Allowance().bytes == Kept(kGibibyte));
  // More in use than the limit, which was lowered.
  machine.Group("outer", std::to_string(kGibibyte / 2), kGibibyte);
  CHECK(machine.Allowance().bytes == 0);
}

TEST_CASE("a group's swap counts up to its limit and to what the machine has") {
  const Machine machine;
  machine.Write("proc/meminfo", "MemAvailable: 16777216 kB\nSwapFree: 1048576 kB\n");
  machine.InGroups();
  machine.Group("outer/inner", std::to_string(2 * kGibibyte), kGibibyte);
  CHECK(machine.Allowance().bytes == Kept(2 * kGibibyte));
  machine.Write("sys/fs/cgroup/outer/inner/memory.swap.max", std::to_string(kGibibyte));
  machine.Write("sys/fs/cgroup/outer/inner/memory.swap.current", std::to_string(kGibibyte / 4));
  CHECK(machine.Allowance().bytes == Kept(kGibibyte + 3 * (kGibibyte / 4)));
  machine.Write("sys/fs/cgroup/outer/inner/memory.swap.max", "0\n");
  CHECK(machine.Allowance().bytes == Kept(kGibibyte));
}

TEST_CASE("control groups of version 1 bound by the memory controller's hierarchy") {
  const Machine machine;
  machine.Write("proc/self/cgroup", "5:devices:/x\n4:cpu,memory:/docker/abc\n0::/\n");
  machine.Write("proc/self/mountinfo",
                "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n"
                "36 31 0:33 /docker/abc /sys/fs/cgroup/devices rw - cgroup cgroup rw,devices\n"
                "35 31 0:32 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
  // The container sees its own group as the root.
  machine.Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  machine.Write("sys/fs/cgroup/memory/memory.usage_in_bytes", "1000000\n");
  CHECK(machine.Allowance().bytes == Kept(16 * kGibibyte));
  machine.Write("sys/fs/cgroup/memory/memory.limit_in_bytes", std::to_string(4 * kGibibyte));
  machine.Write("sys/fs/cgroup/memory/memory.usage_in_bytes", std::to_string(3 * kGibibyte));
  machine.Write(
      "sys/fs/cgroup/memory/memory.stat",
      "inactive_file 7\ntotal_inactive_file " + std::to_string(kGibibyte) + "\ntotal_active_file 0\n");
  CHECK(machine.Allowance().bytes == Kept(2 * kGibibyte));
}

TEST_CASE("limits on data and address space bound, without what is mapped") {
  const Machine machine;
  const auto limits = [&machine](const std::string& data, const std::string& space) {
    machine.Write("proc/self/limits",
                  "Limit                     Soft Limit           Hard Limit           Units\n"
                  "Max data size             " +
                      data + "           unlimited            bytes\nMax address space         " + space +
                      "           unlimited            bytes\n");
  };
  machine.Write("proc/self/status", "VmSize:   2097152 kB\nVmData:\t 1048576 kB\n");
  limits("unlimited", "unlimited");
  CHECK(machine.Allowance().bytes == Kept(16 * kGibibyte));
  limits(std::to_string(3 * kGibibyte), "unlimited");
  CHECK(machine.Allowance().bytes == Kept(2 * kGibibyte));
  CHECK(machine.Allowance().reason ==
        "its limit on data (ulimit -d) is 3.0 GiB, of which 1.0 GiB are in use");
  limits(std::to_string(3 * kGibibyte), std::to_string(3 * kGibibyte));
  CHECK(machine.Allowance().bytes == Kept(kGibibyte));
}

TEST_CASE("a refusal names what is needed, what there is and why") {
  const MemoryAllowance allowance{kGibibyte + kGibibyte / 2, "a reason"};
  RequireMemory(allowance.bytes, "a model", allowance);
  try {
    RequireMemory(5 * kGibibyte, "a model", allowance);
    FAIL("expected an error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::kOutOfMemory);
    CHECK(std::string(error.what()) ==
          "a model needs 5.0 GiB, and this process may have 1.5 GiB more: a reason");
  }
  CHECK(SizeText(0) == "0.0 MiB");
  CHECK(SizeText(310 * kMebibyte) == "310 MiB");
}

TEST_CASE("this process may have something") { CHECK(ReadMemoryAllowance().bytes > 0); }

}  // namespace advnative
