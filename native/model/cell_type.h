// The recurrent cells there are.
#pragma once

namespace advnative {

enum class CellType {
  kGru,     // reset after the recurrent product (cuDNN's and PyTorch's form), see cpu/layers/gru.h
  kGruCho,  // reset before it (Cho et al. 2014), see cpu/layers/gru_cho.h
  kLstm,    // see cpu/layers/lstm.h
};

inline constexpr CellType kEveryCell[] = {CellType::kGru, CellType::kGruCho, CellType::kLstm};

// The two directions of a recurrent layer.
enum class Direction { kForward, kReverse };

// Gates stacked in a cell's weights: r, z, n or i, f, g, o.
constexpr int GateCount(CellType type) { return type == CellType::kLstm ? 4 : 3; }

// The name by which users choose a cell.
constexpr const char* CellName(CellType type) {
  switch (type) {
    case CellType::kGru:
      return "gru";
    case CellType::kGruCho:
      return "gru-cho";
    case CellType::kLstm:
      return "lstm";
  }
  return "";
}

}  // namespace advnative
