// A fixed set of compute threads that share numbered tasks.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/task_times.h"

namespace advnative {

// Runs tasks 0 … count − 1 on `threads` threads, the caller among them. How work is cut into tasks never
// depends on the number of threads; that, and tasks that write to places of their own, makes results the same
// bits for any number.
class ThreadPool {
 public:
  // threads ≥ 1; one thread means the caller alone. Throws kThreads, saying how many the system gave,
  // when it gives no more.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Returns when every task is done. Each runs with denormals flushed. When tasks throw, no new one begins,
  // and the exception of the lowest-numbered failed task is thrown here. One call at a time.
  void Run(int count, const std::function<void(int)>& task);

  // Of the runs since ResetTimes.
  const TaskTimes& times() const { return times_; }
  void ResetTimes() { times_.Clear(); }

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

 private:
  void RunTasks(int count, const std::function<void(int)>& task, double& wall);
  void Work();
  void StopWorkers();
  void TakeTasks(std::unique_lock<std::mutex>& lock);

  // Everything below is written under the mutex; what is atomic is also looked at without it, by those who
  // wait.
  std::mutex mutex_;
  std::condition_variable work_ready_;
  std::condition_variable work_done_;
  const std::function<void(int)>* task_ = nullptr;
  int next_ = 0;
  int count_ = 0;
  std::atomic<bool> tasks_left_{false};  // next_ < count_
  std::atomic<int> running_{0};
  int failed_task_ = 0;
  std::exception_ptr failure_;
  std::vector<double> durations_;  // milliseconds of each task of the run
  TaskTimes times_;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace advnative
