#include "base/thread_pool.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>

#include "base/task_thread.h"
#include "batch_maker.h"

namespace advnative {

TEST_CASE("tasks on more cores: each core that is free takes the next one") {
  CHECK(TimeOnCores({}, 4) == 0.0);
  CHECK(TimeOnCores({3, 2, 2, 1}, 1) == 8.0);
  CHECK(TimeOnCores({3, 2, 2, 1}, 2) == 4.0);
  // The longest task bounds it, and so does the order: alone at the end it keeps one core busy.
  CHECK(TimeOnCores({3, 2, 2, 1}, 16) == 3.0);
  CHECK(TimeOnCores({1, 1, 4}, 2) == 5.0);
}

TEST_CASE("times of tasks are summed over runs, and those of the longest run are told") {
  TaskTimes times;
  times.Add({1, 1}, 1.5);
  times.Add({4, 4, 4, 4, 5}, 11.0);
  times.Add({2}, 2.0);
  CHECK(times.wall() == 14.5);
  CHECK(times.LongestRun() == std::vector<double>{4, 4, 4, 4, 5});
  CHECK(times.OnCores(4) == 1.0 + 9.0 + 2.0);
  CHECK(times.OnCores(8) == 1.0 + 5.0 + 2.0);
  times.Clear();
  CHECK(times.wall() == 0.0);
  CHECK(times.OnCores(4) == 0.0);
  CHECK(times.LongestRun().empty());
}

TEST_SUITE("threads") {
  TEST_CASE("a pool times its runs") {
    ThreadPool pool(2);
    const auto sleep = [](int) { std::this_thread::sleep_for(std::chrono::milliseconds(10)); };
    pool.Run(4, sleep);
    const std::vector<double> tasks = pool.times().LongestRun();
    CHECK(tasks.size() == 4);
    CHECK(*std::min_element(tasks.begin(), tasks.end()) >= 10.0);
    CHECK(pool.times().wall() >= 20.0);
    CHECK(pool.times().OnCores(4) == *std::max_element(tasks.begin(), tasks.end()));
    pool.ResetTimes();
    CHECK(pool.times().wall() == 0.0);
  }

  TEST_CASE("every task runs once, for one thread and for more") {
    for (const int threads : {1, 2, 5}) {
      ThreadPool pool(threads);
      for (const int count : {0, 1, 3, 100}) {
        std::vector<int> runs(static_cast<std::size_t>(count), 0);
        pool.Run(count, [&runs](int task) { ++runs[static_cast<std::size_t>(task)]; });
        for (const int run : runs) CHECK(run == 1);
      }
    }
  }

  TEST_CASE("the exception of a task arrives at the caller and the pool goes on working") {
    ThreadPool pool(3);
    CHECK_THROWS_WITH(pool.Run(50,
                               [](int task) {
                                 if (task == 7) throw std::runtime_error("task 7");
                               }),
                      "task 7");
    std::atomic<int> sum{0};
    pool.Run(10, [&sum](int task) { sum += task; });
    CHECK(sum == 45);
  }

  TEST_CASE("tasks run with denormals flushed, and the caller's own mode comes back") {
    volatile double smallest = std::numeric_limits<double>::min();
    ThreadPool pool(2);
    std::vector<double> halves(20, 1.0);
    pool.Run(20, [&](int task) { halves[static_cast<std::size_t>(task)] = smallest / 2; });
    for (const double half : halves) CHECK(half == 0.0);
    CHECK(smallest / 2 > 0.0);
  }

  TEST_CASE("a thread of one's own runs tasks in their order and drops what has not begun when it stops") {
    std::vector<int> order;
    {
      TaskThread thread;
      std::promise<void> done;
      for (int i = 0; i < 3; ++i) thread.Post([&order, i] { order.push_back(i); });
      thread.Post([&done] { done.set_value(); });
      done.get_future().wait();
      std::promise<void> begun;
      std::promise<void> leave;
      thread.Post([&] {
        begun.set_value();
        leave.get_future().wait();
        order.push_back(3);
      });
      thread.Post([&order] { order.push_back(4); });
      begun.get_future().wait();
      std::thread opener([&leave] {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        leave.set_value();
      });
      thread.Stop();
      opener.join();
    }
    CHECK(order == std::vector<int>{0, 1, 2, 3});
  }

  TEST_CASE("an abandoned model ends even in its update, and stays abandoned") {
    const ModelConfig config = testing::SmallConfig();
    const auto model = CreateModel(config, testing::OnCpu());
    const Batch batch = testing::RandomBatch(1, config, {4, 4});
    Cancellation cancellation;
    cancellation.Request();
    cancellation.Clear();
    model->TrainStep(batch, testing::VanillaOptions(), cancellation);
    cancellation.CheckAbandoned();
    cancellation.Abandon();
    cancellation.Clear();
    CHECK_THROWS_AS(cancellation.CheckAbandoned(), Error);
    CHECK_THROWS_AS(model->TrainStep(batch, testing::VanillaOptions(), cancellation), Error);
  }

  TEST_CASE("a model trains and evaluates on three threads") {
    const ModelConfig config = testing::SmallConfig();
    const auto model = CreateModel(config, testing::OnCpu(3));
    const Batch batch = testing::RandomBatch(1, config, std::vector<int>(70, 4));
    StepOptions options = testing::AdversarialStepOptions(0.05);
    options.dropout_keep = 0.5;
    const Cancellation cancellation;
    for (int step = 0; step < 3; ++step) model->TrainStep(batch, options, cancellation);
    CHECK(model->Evaluate(batch, cancellation).losses.size() == 70);
    CHECK(model->step() == 3);
  }
}

}  // namespace advnative
