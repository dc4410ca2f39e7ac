// What `advnative bench` asks of a program: arguments and files, which the head of pytorch_step.py describes.
//
// Dimension letters: B texts, T tokens of each (all alike), V vocabulary, E embedding, H hidden of one
// direction, G gates, M MLP hidden, C classes.
#ifndef ADVNATIVE_BENCH_ONEDNN_WORK_H_
#define ADVNATIVE_BENCH_ONEDNN_WORK_H_

#include <cstdint>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

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

enum class Cell { kGru, kGruCho, kLstm };

inline Cell ReadCell(const std::string& name) {
  if (name == "gru") return Cell::kGru;
  if (name == "gru-cho") return Cell::kGruCho;
  if (name == "lstm") return Cell::kLstm;
  throw std::runtime_error("expected cell gru, gru-cho or lstm, got " + name);
}

// G, the gates of a cell: r, z, n of a GRU, i, f, g, o of an LSTM.
inline std::size_t GateCount(Cell cell) { return cell == Cell::kLstm ? 4 : 3; }

struct Work {
  Cell cell;
  Sizes size;
  bool adversarial;
  float epsilon, alpha;
  std::vector<std::int32_t> ids;  // [B][T]
  std::vector<std::int32_t> labels;
  Floats parameters;
};

inline Work ReadWork(int count, char** arguments) {
  std::map<std::string, std::string> values;
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    const std::size_t equals = argument.find('=');
    values[argument.substr(0, equals)] = argument.substr(equals + 1);
  }
  const auto integer = [&](const char* name) { return std::stoul(values.at(name)); };
  const std::string& folder = values.at("folder");
  Work work{};
  work.cell = ReadCell(values.at("cell"));
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

// Where the tensors lie in the flat parameter vector; the layout is that of src/engine/addon.ts.
struct Parameters {
  struct Direction {
    const float *input, *recurrent, *bias;  // [GH][E], [GH][H], [GH]
    const float* candidate_bias;            // [H]; of kGru alone
  };
  const float* table;  // [V][E]
  Direction directions[2];
  const float *hidden, *hidden_bias, *output, *output_bias;  // [M][2H], [M], [C][M], [C]

  Parameters(const Floats& values, Cell cell, const Sizes& s) {
    const std::size_t G = GateCount(cell);
    const float* at = values.data();
    const auto take = [&at](std::size_t size) {
      const float* tensor = at;
      at += size;
      return tensor;
    };
    table = take(s.V * s.E);
    for (Direction& direction : directions) {
      direction.input = take(G * s.H * s.E);
      direction.recurrent = take(G * s.H * s.H);
      direction.bias = take(G * s.H);
      direction.candidate_bias = cell == Cell::kGru ? take(s.H) : nullptr;
    }
    hidden = take(s.M * 2 * s.H);
    hidden_bias = take(s.M);
    output = take(s.C * s.M);
    output_bias = take(s.C);
    if (at != values.data() + values.size()) throw std::runtime_error("parameters.f32 has another size");
  }
};

#endif  // ADVNATIVE_BENCH_ONEDNN_WORK_H_
