#include "cpu/layers/gru.h"
#include "cpu/layers/gru_cho.h"
#include "cpu/layers/lstm.h"

namespace advnative {

std::unique_ptr<RecurrentCell> CreateCell(CellType type, const KernelTable& kernels, RecurrentShape shape) {
  switch (type) {
    case CellType::kGru:
      return std::make_unique<GruCell>(kernels, shape);
    case CellType::kGruCho:
      return std::make_unique<GruChoCell>(kernels, shape);
    case CellType::kLstm:
      return std::make_unique<LstmCell>(kernels, shape);
  }
  __builtin_unreachable();
}

}  // namespace advnative
