// oneDNN's side of `advnative bench`: forward and backward of its GRU primitive, timed on request.
//
// Started as pytorch_step.py is, whose head describes arguments, files and answers; links oneDNN 2 built for
// OpenMP. Only the recurrent part is oneDNN's and only that is timed: packing the weights once a step, as
// training needs, and for each pass zeroing the gradients, forward and backward. Embedding, MLP and loss are
// plain loops outside the timer; they make the losses comparable and give the final states' gradient, the
// only one that comes from above.
//
// Dimension letters: B texts, T tokens of each (all alike), V vocabulary, E embedding, H hidden of one
// direction, M MLP hidden, C classes.
#include <immintrin.h>
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <oneapi/dnnl/dnnl.hpp>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#if DNNL_VERSION_MAJOR != 2
#error "expected oneDNN 2: other versions have another interface"
#endif

namespace {

using dnnl::memory;
using Floats = std::vector<float>;

template <typename Element>
std::vector<Element> ReadArray(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<Element> values(static_cast<std::size_t>(file.tellg()) / sizeof(Element));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(values.data()),
            static_cast<std::streamsize>(values.size() * sizeof(Element)));
  return values;
}

struct Sizes {
  std::size_t B, T, V, E, H, M, C;
};

struct Work {
  Sizes size;
  bool adversarial;
  float epsilon, alpha;
  std::vector<std::int32_t> ids;  // [B][T]
  std::vector<std::int32_t> labels;
  Floats parameters;
};

Work ReadWork(int count, char** arguments) {
  std::map<std::string, std::string> values;
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    const std::size_t equals = argument.find('=');
    values[argument.substr(0, equals)] = argument.substr(equals + 1);
  }
  const auto integer = [&](const char* name) { return std::stoul(values.at(name)); };
  const std::string& folder = values.at("folder");
  Work work{};
  work.ids = ReadArray<std::int32_t>(folder + "/ids.i32");
  work.labels = ReadArray<std::int32_t>(folder + "/labels.i32");
  work.parameters = ReadArray<float>(folder + "/parameters.f32");
  const std::size_t B = work.labels.size();
  work.size = {B, work.ids.size() / B, integer("V"), integer("E"), integer("H"), integer("M"), integer("C")};
  work.adversarial = integer("adversarial") != 0;
  work.epsilon = std::stof(values.at("epsilon"));
  work.alpha = std::stof(values.at("alpha"));
  return work;
}

// Where the tensors lie in the flat parameter vector; the layout is that of src/native/addon.ts.
struct Parameters {
  struct Direction {
    const float *input, *recurrent, *bias, *candidate_bias;  // [3H][E], [3H][H], [3H], [H]; gates r, z, n
  };
  const float* table;  // [V][E]
  Direction directions[2];
  const float *hidden, *hidden_bias, *output, *output_bias;  // [M][2H], [M], [C][M], [C]

  Parameters(const Floats& values, const Sizes& s) {
    const float* at = values.data();
    const auto take = [&at](std::size_t size) {
      const float* tensor = at;
      at += size;
      return tensor;
    };
    table = take(s.V * s.E);
    for (Direction& direction : directions) {
      direction.input = take(3 * s.H * s.E);
      direction.recurrent = take(3 * s.H * s.H);
      direction.bias = take(3 * s.H);
      direction.candidate_bias = take(s.H);
    }
    hidden = take(s.M * 2 * s.H);
    hidden_bias = take(s.M);
    output = take(s.C * s.M);
    output_bias = take(s.C);
    if (at != values.data() + values.size()) throw std::runtime_error("parameters.f32 has another size");
  }
};

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

float* Data(const memory& block) { return static_cast<float*>(block.get_data_handle()); }

void Zero(const memory& block) {
  std::fill_n(static_cast<char*>(block.get_data_handle()), block.get_desc().get_size(), 0);
}

// The bidirectional GRU with zero initial states. Final states and their gradient are [2][B][H].
class Gru {
 public:
  Gru(const Sizes& sizes, const Parameters& parameters)
      : engine_(dnnl::engine::kind::cpu, 0), stream_(engine_), s_(sizes) {
    MakePrimitives();
    CopyWeights(parameters);
  }

  float* input() { return Data(input_); }                    // [T][B][E]
  float* input_gradient() { return Data(input_gradient_); }  // [T][B][E]
  const float* states() { return Data(states_); }
  float* state_gradient() { return Data(state_gradient_); }

  // Weights from their plain order to those that the two passes read.
  void PackWeights() {
    for (Packed& packed : packed_)
      dnnl::reorder(packed.from, packed.to).execute(stream_, packed.from, packed.to);
    stream_.wait();
    Zero(weight_gradients_[0]);
    Zero(weight_gradients_[1]);
    Zero(weight_gradients_[2]);
  }

  void Forward() {
    forward_.execute(stream_, forward_arguments_);
    stream_.wait();
  }

  void Backward() {
    backward_.execute(stream_, backward_arguments_);
    stream_.wait();
  }

 private:
  struct Packed {
    memory from, to;
  };

  static memory::desc Describe(const memory::dims& dims, memory::format_tag tag) {
    return {dims, memory::data_type::f32, tag};
  }

  memory Make(const memory::desc& description) const {
    const memory block(description, engine_);
    Zero(block);
    return block;
  }

  void MakePrimitives() {
    using tag = memory::format_tag;
    const auto B = static_cast<memory::dim>(s_.B), T = static_cast<memory::dim>(s_.T),
               E = static_cast<memory::dim>(s_.E), H = static_cast<memory::dim>(s_.H);
    const auto direction = dnnl::rnn_direction::bidirectional_concat;
    const memory::desc input = Describe({T, B, E}, tag::tnc), output = Describe({T, B, 2 * H}, tag::tnc),
                       states = Describe({1, 2, B, H}, tag::ldnc), bias = Describe({1, 2, 4, H}, tag::ldgo),
                       input_weights = Describe({1, 2, E, 3, H}, tag::any),
                       recurrent_weights = Describe({1, 2, H, 3, H}, tag::any);
    const dnnl::lbr_gru_forward::primitive_desc forward(
        dnnl::lbr_gru_forward::desc(dnnl::prop_kind::forward_training, direction, input, {}, input_weights,
                                    recurrent_weights, bias, output, states),
        engine_);
    const dnnl::lbr_gru_backward::primitive_desc backward(
        dnnl::lbr_gru_backward::desc(dnnl::prop_kind::backward, direction, input, {}, input_weights,
                                     recurrent_weights, bias, output, states, input, {}, input_weights,
                                     recurrent_weights, bias, output, states),
        engine_, forward);
    forward_ = dnnl::lbr_gru_forward(forward);
    backward_ = dnnl::lbr_gru_backward(backward);

    input_ = Make(input);
    input_gradient_ = Make(input);
    states_ = Make(states);
    state_gradient_ = Make(states);
    bias_ = Make(bias);
    const memory sequence = Make(output), sequence_gradient = Make(output),
                 workspace = Make(forward.workspace_desc());
    plain_[0] = Make(Describe({1, 2, E, 3, H}, tag::ldigo));
    plain_[1] = Make(Describe({1, 2, H, 3, H}, tag::ldigo));
    packed_ = {{plain_[0], Make(forward.weights_layer_desc())},
               {plain_[1], Make(forward.weights_iter_desc())},
               {plain_[0], Make(backward.weights_layer_desc())},
               {plain_[1], Make(backward.weights_iter_desc())}};
    weight_gradients_[0] = Make(backward.diff_weights_layer_desc());
    weight_gradients_[1] = Make(backward.diff_weights_iter_desc());
    weight_gradients_[2] = Make(bias);
    const std::unordered_map<int, memory> both = {{DNNL_ARG_SRC_LAYER, input_},
                                                  {DNNL_ARG_BIAS, bias_},
                                                  {DNNL_ARG_DST_LAYER, sequence},
                                                  {DNNL_ARG_DST_ITER, states_},
                                                  {DNNL_ARG_WORKSPACE, workspace}};
    forward_arguments_ = both;
    forward_arguments_[DNNL_ARG_WEIGHTS_LAYER] = packed_[0].to;
    forward_arguments_[DNNL_ARG_WEIGHTS_ITER] = packed_[1].to;
    backward_arguments_ = both;
    backward_arguments_[DNNL_ARG_WEIGHTS_LAYER] = packed_[2].to;
    backward_arguments_[DNNL_ARG_WEIGHTS_ITER] = packed_[3].to;
    backward_arguments_[DNNL_ARG_DIFF_SRC_LAYER] = input_gradient_;
    backward_arguments_[DNNL_ARG_DIFF_DST_LAYER] = sequence_gradient;
    backward_arguments_[DNNL_ARG_DIFF_DST_ITER] = state_gradient_;
    backward_arguments_[DNNL_ARG_DIFF_WEIGHTS_LAYER] = weight_gradients_[0];
    backward_arguments_[DNNL_ARG_DIFF_WEIGHTS_ITER] = weight_gradients_[1];
    backward_arguments_[DNNL_ARG_DIFF_BIAS] = weight_gradients_[2];
  }

  // oneDNN's gates are u, r, o (z, r, n here), and its fourth bias is the candidate's recurrent one.
  void CopyWeights(const Parameters& parameters) {
    constexpr std::size_t kGateOf[3] = {1, 0, 2};
    for (std::size_t d = 0; d < 2; ++d) {
      const Parameters::Direction& from = parameters.directions[d];
      const auto transpose = [&](const float* weights, std::size_t width, float* to) {
        for (std::size_t i = 0; i < width; ++i)
          for (std::size_t gate = 0; gate < 3; ++gate)
            for (std::size_t h = 0; h < s_.H; ++h)
              to[((d * width + i) * 3 + gate) * s_.H + h] = weights[(kGateOf[gate] * s_.H + h) * width + i];
      };
      transpose(from.input, s_.E, Data(plain_[0]));
      transpose(from.recurrent, s_.H, Data(plain_[1]));
      float* bias = Data(bias_) + d * 4 * s_.H;
      for (std::size_t gate = 0; gate < 3; ++gate)
        std::copy_n(from.bias + kGateOf[gate] * s_.H, s_.H, bias + gate * s_.H);
      std::copy_n(from.candidate_bias, s_.H, bias + 3 * s_.H);
    }
  }

  dnnl::engine engine_;
  dnnl::stream stream_;
  Sizes s_;
  dnnl::lbr_gru_forward forward_;
  dnnl::lbr_gru_backward backward_;
  memory input_, input_gradient_, states_, state_gradient_, bias_;
  memory plain_[2];  // input and recurrent weights
  memory weight_gradients_[3];
  std::vector<Packed> packed_;
  std::unordered_map<int, memory> forward_arguments_, backward_arguments_;
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
double Pass(const Work& work, const Parameters& parameters, Gru& gru, float share, Stopwatch& watch) {
  watch.Start();
  gru.Forward();
  watch.Stop();
  const double loss = Head(work, parameters, gru.states(), share, gru.state_gradient());
  watch.Start();
  gru.Backward();
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

void Step(const Work& work, const Parameters& parameters, Gru& gru) {
  Stopwatch watch;
  Embed(work, parameters, gru.input());
  watch.Start();
  gru.PackWeights();
  watch.Stop();
  const double packing = watch.milliseconds();
  const double clean = Pass(work, parameters, gru, work.adversarial ? work.alpha : 1.0f, watch);
  double adversarial = clean;
  if (work.adversarial) {
    const std::size_t values = work.ids.size() * work.size.E;
    for (std::size_t i = 0; i < values; ++i) {
      const float g = gru.input_gradient()[i];
      gru.input()[i] += g > 0 ? work.epsilon : (g < 0 ? -work.epsilon : 0.0f);
    }
    adversarial = Pass(work, parameters, gru, 1.0f - work.alpha, watch);
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
  const Parameters parameters(work.parameters, work.size);
  Gru gru(work.size, parameters);
  std::printf("{\"version\": \"%d.%d.%d\", \"threads\": %d}\n", version->major, version->minor,
              version->patch, omp_get_max_threads());
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) Step(work, parameters, gru);
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
