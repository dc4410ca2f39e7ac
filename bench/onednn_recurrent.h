// The bidirectional recurrent layer as a primitive of oneDNN 2: LBR GRU, GRU and LSTM.
#ifndef ADVNATIVE_BENCH_ONEDNN_RECURRENT_H_
#define ADVNATIVE_BENCH_ONEDNN_RECURRENT_H_

#include <algorithm>
#include <array>
#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>
#include <vector>

#include "onednn_work.h"

#if DNNL_VERSION_MAJOR != 2
#error "expected oneDNN 2: other versions have another interface"
#endif

using dnnl::memory;

inline float* Data(const memory& block) { return static_cast<float*>(block.get_data_handle()); }

inline void Zero(const memory& block) {
  std::fill_n(static_cast<char*>(block.get_data_handle()), block.get_desc().get_size(), 0);
}

// For each gate of oneDNN its place among the engine's: oneDNN's GRUs have u, r, o, which are z, r, n here.
inline std::array<std::size_t, 4> GateOrder(Cell cell) {
  if (cell == Cell::kLstm) return {0, 1, 2, 3};
  return {1, 0, 2};
}

// One a gate; the LBR GRU has the candidate's recurrent one beside them.
inline std::size_t BiasCount(Cell cell) { return GateCount(cell) + (cell == Cell::kGru ? 1 : 0); }

// All initial states are zero. Final states and their gradient are [2][B][H].
class Recurrent {
 public:
  Recurrent(Cell cell, const Sizes& sizes, const Parameters& parameters)
      : engine_(dnnl::engine::kind::cpu, 0), stream_(engine_), cell_(cell), s_(sizes) {
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
    for (const memory& gradient : weight_gradients_) Zero(gradient);
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

  // Shapes of what goes in and out; weights in the order that oneDNN likes.
  struct Shapes {
    memory::desc input, output, states, bias, input_weights, recurrent_weights;
  };

  static constexpr auto kDirection = dnnl::rnn_direction::bidirectional_concat;

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
               E = static_cast<memory::dim>(s_.E), H = static_cast<memory::dim>(s_.H),
               G = static_cast<memory::dim>(GateCount(cell_));
    const auto biases = static_cast<memory::dim>(BiasCount(cell_));
    const Shapes shapes = {Describe({T, B, E}, tag::tnc),       Describe({T, B, 2 * H}, tag::tnc),
                           Describe({1, 2, B, H}, tag::ldnc),   Describe({1, 2, biases, H}, tag::ldgo),
                           Describe({1, 2, E, G, H}, tag::any), Describe({1, 2, H, G, H}, tag::any)};
    input_ = Make(shapes.input);
    input_gradient_ = Make(shapes.input);
    states_ = Make(shapes.states);
    state_gradient_ = Make(shapes.states);
    bias_ = Make(shapes.bias);
    plain_[0] = Make(Describe({1, 2, E, G, H}, tag::ldigo));
    plain_[1] = Make(Describe({1, 2, H, G, H}, tag::ldigo));
    if (cell_ == Cell::kGru) MakeGru<dnnl::lbr_gru_forward, dnnl::lbr_gru_backward>(shapes);
    if (cell_ == Cell::kGruCho) MakeGru<dnnl::gru_forward, dnnl::gru_backward>(shapes);
    if (cell_ == Cell::kLstm) MakeLstm(shapes);
  }

  template <typename Forward, typename Backward>
  void MakeGru(const Shapes& s) {
    const typename Forward::primitive_desc forward(
        typename Forward::desc(dnnl::prop_kind::forward_training, kDirection, s.input, {}, s.input_weights,
                               s.recurrent_weights, s.bias, s.output, s.states),
        engine_);
    const typename Backward::primitive_desc backward(
        typename Backward::desc(dnnl::prop_kind::backward, kDirection, s.input, {}, s.input_weights,
                                s.recurrent_weights, s.bias, s.output, s.states, s.input, {}, s.input_weights,
                                s.recurrent_weights, s.bias, s.output, s.states),
        engine_, forward);
    Adopt<Forward, Backward>(s, forward, backward);
  }

  void MakeLstm(const Shapes& s) {
    const dnnl::lstm_forward::primitive_desc forward(
        dnnl::lstm_forward::desc(dnnl::prop_kind::forward_training, kDirection, s.input, {}, {},
                                 s.input_weights, s.recurrent_weights, s.bias, s.output, s.states, s.states),
        engine_);
    const dnnl::lstm_backward::primitive_desc backward(
        dnnl::lstm_backward::desc(dnnl::prop_kind::backward, kDirection, s.input, {}, {}, s.input_weights,
                                  s.recurrent_weights, s.bias, s.output, s.states, s.states, s.input, {}, {},
                                  s.input_weights, s.recurrent_weights, s.bias, s.output, s.states, s.states),
        engine_, forward);
    Adopt<dnnl::lstm_forward, dnnl::lstm_backward>(s, forward, backward);
    // The final cell states, which nothing reads: their gradient stays zero.
    const memory cell_states = Make(s.states), cell_gradient = Make(s.states);
    forward_arguments_[DNNL_ARG_DST_ITER_C] = cell_states;
    backward_arguments_[DNNL_ARG_DST_ITER_C] = cell_states;
    backward_arguments_[DNNL_ARG_DIFF_DST_ITER_C] = cell_gradient;
  }

  // The two passes with all that they read and write but for what only an LSTM has.
  template <typename Forward, typename Backward>
  void Adopt(const Shapes& s, const typename Forward::primitive_desc& forward,
             const typename Backward::primitive_desc& backward) {
    forward_ = Forward(forward);
    backward_ = Backward(backward);
    packed_ = {{plain_[0], Make(forward.weights_layer_desc())},
               {plain_[1], Make(forward.weights_iter_desc())},
               {plain_[0], Make(backward.weights_layer_desc())},
               {plain_[1], Make(backward.weights_iter_desc())}};
    weight_gradients_ = {Make(backward.diff_weights_layer_desc()), Make(backward.diff_weights_iter_desc()),
                         Make(s.bias)};
    const std::unordered_map<int, memory> both = {{DNNL_ARG_SRC_LAYER, input_},
                                                  {DNNL_ARG_BIAS, bias_},
                                                  {DNNL_ARG_DST_LAYER, Make(s.output)},
                                                  {DNNL_ARG_DST_ITER, states_},
                                                  {DNNL_ARG_WORKSPACE, Make(forward.workspace_desc())}};
    forward_arguments_ = both;
    forward_arguments_[DNNL_ARG_WEIGHTS_LAYER] = packed_[0].to;
    forward_arguments_[DNNL_ARG_WEIGHTS_ITER] = packed_[1].to;
    backward_arguments_ = both;
    backward_arguments_[DNNL_ARG_WEIGHTS_LAYER] = packed_[2].to;
    backward_arguments_[DNNL_ARG_WEIGHTS_ITER] = packed_[3].to;
    backward_arguments_[DNNL_ARG_DIFF_SRC_LAYER] = input_gradient_;
    backward_arguments_[DNNL_ARG_DIFF_DST_LAYER] = Make(s.output);
    backward_arguments_[DNNL_ARG_DIFF_DST_ITER] = state_gradient_;
    backward_arguments_[DNNL_ARG_DIFF_WEIGHTS_LAYER] = weight_gradients_[0];
    backward_arguments_[DNNL_ARG_DIFF_WEIGHTS_ITER] = weight_gradients_[1];
    backward_arguments_[DNNL_ARG_DIFF_BIAS] = weight_gradients_[2];
  }

  void CopyWeights(const Parameters& parameters) {
    const std::size_t G = GateCount(cell_), biases = BiasCount(cell_);
    const std::array<std::size_t, 4> order = GateOrder(cell_);
    for (std::size_t d = 0; d < 2; ++d) {
      const Parameters::Direction& from = parameters.directions[d];
      const auto transpose = [&](const float* weights, std::size_t width, float* to) {
        for (std::size_t i = 0; i < width; ++i)
          for (std::size_t gate = 0; gate < G; ++gate)
            for (std::size_t h = 0; h < s_.H; ++h)
              to[((d * width + i) * G + gate) * s_.H + h] = weights[(order[gate] * s_.H + h) * width + i];
      };
      transpose(from.input, s_.E, Data(plain_[0]));
      transpose(from.recurrent, s_.H, Data(plain_[1]));
      float* bias = Data(bias_) + d * biases * s_.H;
      for (std::size_t gate = 0; gate < G; ++gate)
        std::copy_n(from.bias + order[gate] * s_.H, s_.H, bias + gate * s_.H);
      if (from.candidate_bias != nullptr) std::copy_n(from.candidate_bias, s_.H, bias + G * s_.H);
    }
  }

  dnnl::engine engine_;
  dnnl::stream stream_;
  Cell cell_;
  Sizes s_;
  dnnl::primitive forward_, backward_;
  memory input_, input_gradient_, states_, state_gradient_, bias_;
  std::array<memory, 2> plain_;  // input and recurrent weights
  std::array<memory, 3> weight_gradients_;
  std::vector<Packed> packed_;
  std::unordered_map<int, memory> forward_arguments_, backward_arguments_;
};

#endif  // ADVNATIVE_BENCH_ONEDNN_RECURRENT_H_
