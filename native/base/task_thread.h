// A thread of one's own that runs tasks one after another.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace advnative {

class TaskThread {
 public:
  // Throws kThreads when the system gives no thread.
  TaskThread();
  // As Stop.
  ~TaskThread();
  TaskThread(const TaskThread&) = delete;
  TaskThread& operator=(const TaskThread&) = delete;

  // Runs `task`, which must not throw, after those posted before it. Nothing runs after Stop.
  void Post(std::function<void()> task);

  // Waits for the running task and ends the thread; tasks that have not begun are dropped. May be called
  // again, never from a task.
  void Stop();

 private:
  void Work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  // Whether there is something to wake up for; looked at without the mutex by the thread that waits.
  std::atomic<bool> posted_{false};
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace advnative
