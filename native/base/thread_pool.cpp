#include "base/thread_pool.h"

#include <string>
#include <system_error>

#include "base/denormals.h"
#include "base/error.h"
#include "base/part_timer.h"
#include "base/spin.h"

namespace advnative {

ThreadPool::ThreadPool(int threads) {
  workers_.reserve(static_cast<std::size_t>(threads - 1));
  try {
    for (int i = 1; i < threads; ++i) workers_.emplace_back([this] { Work(); });
  } catch (const std::system_error&) {
    // A running thread must be joined before it is destroyed, and no destructor runs for a pool that was
    // never made.
    StopWorkers();
    throw Error(ErrorCode::kThreads, "cannot start " + std::to_string(threads) +
                                         " compute threads: the system gave " +
                                         std::to_string(workers_.size() + 1));
  } catch (...) {
    StopWorkers();
    throw;
  }
}

ThreadPool::~ThreadPool() { StopWorkers(); }

void ThreadPool::StopWorkers() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  work_ready_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::Run(int count, const std::function<void(int)>& task) {
  double wall = 0.0;
  RunTasks(count, task, wall);
  times_.Add(durations_, wall);
}

void ThreadPool::RunTasks(int count, const std::function<void(int)>& task, double& wall) {
  const PartTimer timer(wall);
  std::unique_lock<std::mutex> lock(mutex_);
  durations_.assign(static_cast<std::size_t>(count), 0.0);
  task_ = &task;
  next_ = 0;
  count_ = count;
  failure_ = nullptr;
  if (count > 1) {
    tasks_left_.store(true, std::memory_order_relaxed);
    work_ready_.notify_all();
  }
  TakeTasks(lock);
  if (running_ > 0) {
    lock.unlock();
    SpinBriefly([this] { return running_.load(std::memory_order_relaxed) == 0; });
    lock.lock();
    work_done_.wait(lock, [this] { return running_ == 0; });
  }
  task_ = nullptr;
  count_ = 0;
  if (failure_) std::rethrow_exception(failure_);
}

void ThreadPool::Work() {
  for (;;) {
    SpinBriefly([this] { return tasks_left_.load(std::memory_order_relaxed); });
    std::unique_lock<std::mutex> lock(mutex_);
    work_ready_.wait(lock, [this] { return stopping_ || next_ < count_; });
    if (stopping_) return;
    TakeTasks(lock);
  }
}

void ThreadPool::TakeTasks(std::unique_lock<std::mutex>& lock) {
  while (next_ < count_) {
    const int index = next_++;
    if (next_ == count_) tasks_left_.store(false, std::memory_order_relaxed);
    ++running_;
    lock.unlock();
    std::exception_ptr failure;
    try {
      const FlushDenormals flush;
      const PartTimer timer(durations_[static_cast<std::size_t>(index)]);
      (*task_)(index);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure) {
      if (!failure_ || index < failed_task_) {
        failure_ = failure;
        failed_task_ = index;
      }
      next_ = count_;
      tasks_left_.store(false, std::memory_order_relaxed);
    }
    if (--running_ == 0) work_done_.notify_all();
  }
}

}  // namespace advnative
