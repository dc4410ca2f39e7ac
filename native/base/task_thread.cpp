#include "base/task_thread.h"

#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/spin.h"

namespace advnative {

TaskThread::TaskThread() {
  try {
    thread_ = std::thread([this] { Work(); });
  } catch (const std::system_error&) {
    throw Error(ErrorCode::kThreads, "cannot start a compute thread: the system gave none");
  }
}

TaskThread::~TaskThread() { Stop(); }

void TaskThread::Post(std::function<void()> task) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    tasks_.push_back(std::move(task));
    posted_.store(true, std::memory_order_relaxed);
  }
  changed_.notify_one();
}

void TaskThread::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    posted_.store(true, std::memory_order_relaxed);
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void TaskThread::Work() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
    if (stopping_) return;
    const std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    posted_.store(!tasks_.empty(), std::memory_order_relaxed);
    lock.unlock();
    task();
    SpinBriefly([this] { return posted_.load(std::memory_order_relaxed); });
    lock.lock();
  }
}

}  // namespace advnative
