// oneDNN's side of `advnative bench`: forward and backward of its recurrent primitive, timed on request.
//
// Started as pytorch_step.py is, whose head describes arguments, files and answers; links oneDNN 2 built for
// OpenMP. Only the recurrent part is oneDNN's and only that is timed: packing the weights once a step, as
// training needs, and for each pass zeroing the gradients, forward and backward. Embedding, MLP and loss are
// plain loops outside the timer; they make the losses comparable and give the final states' gradient, the
// only one that comes from above.
#include <immintrin.h>
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <stdexcept>
#include <string>

#include "onednn_recurrent.h"
#include "onednn_work.h"

namespace {

// Adds up the time between Start and Stop.
class Stopwatch {
 public:
  void Start() { begin_ = Clock::now(); }
  void Stop() { milliseconds_ += std::chrono::duration<double, std::milli>(Clock::now() - begin_).count(); }
  double milliseconds() const { return milliseconds_; }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point begin_;
  double milliseconds_ = 0;
};

// The MLP with one ReLU layer and softmax cross-entropy: returns the mean loss of the final states and writes
// its gradient with respect to them, times `share`.
double Head(const Work& work, const Parameters& p, const float* states, float share, float* gradient) {
  const Sizes& s = work.size;
  double loss = 0;
  Floats joined(2 * s.H), hidden(s.M), hidden_gradient(s.M), logits(s.C), joined_gradient(2 * s.H);
  for (std::size_t b = 0; b < s.B; ++b) {
    for (std::size_t d = 0; d < 2; ++d)
      std::copy_n(states + (d * s.B + b) * s.H, s.H, joined.data() + d * s.H);
    for (std::size_t m = 0; m < s.M; ++m) {
      double sum = p.hidden_bias[m];
      for (std::size_t j = 0; j < 2 * s.H; ++j) sum += p.hidden[m * 2 * s.H + j] * joined[j];
      hidden[m] = std::max(0.0f, static_cast<float>(sum));
    }
    double total = 0;
    for (std::size_t c = 0; c < s.C; ++c) {
      double sum = p.output_bias[c];
      for (std::size_t m = 0; m < s.M; ++m) sum += p.output[c * s.M + m] * hidden[m];
      logits[c] = static_cast<float>(sum);
      total += std::exp(sum);
    }
    const auto label = static_cast<std::size_t>(work.labels[b]);
    loss += std::log(total) - logits[label];
    std::fill(hidden_gradient.begin(), hidden_gradient.end(), 0.0f);
    for (std::size_t c = 0; c < s.C; ++c) {
      const auto target = c == label ? 1.0 : 0.0;
      const auto d =
          static_cast<float>((std::exp(logits[c]) / total - target) / static_cast<double>(s.B)) * share;
      for (std::size_t m = 0; m < s.M; ++m) hidden_gradient[m] += d * p.output[c * s.M + m];
    }
    std::fill(joined_gradient.begin(), joined_gradient.end(), 0.0f);
    for (std::size_t m = 0; m < s.M; ++m) {
      if (hidden[m] <= 0) continue;
      for (std::size_t j = 0; j < 2 * s.H; ++j)
        joined_gradient[j] += hidden_gradient[m] * p.hidden[m * 2 * s.H + j];
    }
    for (std::size_t d = 0; d < 2; ++d)
      std::copy_n(joined_gradient.data() + d * s.H, s.H, gradient + (d * s.B + b) * s.H);
  }
  return loss / static_cast<double>(s.B);
}

// One pass on the input as it is: forward, loss, backward of `share` of the loss.
double Pass(const Work& work, const Parameters& parameters, Recurrent& layer, float share, Stopwatch& watch) {
  watch.Start();
  layer.Forward();
  watch.Stop();
  const double loss = Head(work, parameters, layer.states(), share, layer.state_gradient());
  watch.Start();
  layer.Backward();
  watch.Stop();
  return loss;
}

void Embed(const Work& work, const Parameters& parameters, float* input) {
  const Sizes& s = work.size;
  for (std::size_t t = 0; t < s.T; ++t)
    for (std::size_t b = 0; b < s.B; ++b)
      std::copy_n(parameters.table + static_cast<std::size_t>(work.ids[b * s.T + t]) * s.E, s.E,
                  input + (t * s.B + b) * s.E);
}

void Step(const Work& work, const Parameters& parameters, Recurrent& layer) {
  Stopwatch watch;
  Embed(work, parameters, layer.input());
  watch.Start();
  layer.PackWeights();
  watch.Stop();
  const double packing = watch.milliseconds();
  const double clean = Pass(work, parameters, layer, work.adversarial ? work.alpha : 1.0f, watch);
  double adversarial = clean;
  if (work.adversarial) {
    const std::size_t values = work.ids.size() * work.size.E;
    for (std::size_t i = 0; i < values; ++i) {
      const float g = layer.input_gradient()[i];
      layer.input()[i] += g > 0 ? work.epsilon : (g < 0 ? -work.epsilon : 0.0f);
    }
    adversarial = Pass(work, parameters, layer, 1.0f - work.alpha, watch);
  }
  std::printf(
      "{\"milliseconds\": %.6f, \"packMilliseconds\": %.6f, \"cleanLoss\": %.9g, \"adversarialLoss\": "
      "%.9g}\n",
      watch.milliseconds(), packing, clean, adversarial);
  std::fflush(stdout);
}

void Run(int count, char** arguments) {
  const dnnl::version_t* version = dnnl::version();
  if (version->cpu_runtime != DNNL_RUNTIME_OMP) {
    throw std::runtime_error(
        "this oneDNN was not built for OpenMP, so that the number of its threads cannot be set");
  }
  // Arithmetic on the denormals that long texts' gradients become is 6 to 13 times slower.
#pragma omp parallel
  _mm_setcsr(_mm_getcsr() | 0x8040);
  const Work work = ReadWork(count, arguments);
  const Parameters parameters(work.parameters, work.cell, work.size);
  Recurrent layer(work.cell, work.size, parameters);
  std::printf("{\"version\": \"%d.%d.%d\", \"threads\": %d}\n", version->major, version->minor,
              version->patch, omp_get_max_threads());
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) Step(work, parameters, layer);
}

}  // namespace

int main(int count, char** arguments) {
  try {
    Run(count, arguments);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
