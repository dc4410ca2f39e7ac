#include "base/thread_pool.h"

#include <doctest/doctest.h>

#include <atomic>
#include <limits>
#include <stdexcept>
#include <string>

#include "batch_maker.h"

namespace advnative {

TEST_SUITE("threads") {
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

  TEST_CASE("a model trains and evaluates on three threads") {
    ModelConfig config = testing::SmallConfig();
    config.threads = 3;
    const auto model = CreateCpuModel<float>(config, ChooseInstructionSet());
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
