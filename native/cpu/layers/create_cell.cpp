#include "cpu/layers/gru.h"
#include "cpu/layers/gru_cho.h"
#include "cpu/layers/lstm.h"

namespace advnative {

template <typename Scalar>
std::unique_ptr<RecurrentCell<Scalar>> CreateCell(CellType type, const KernelTable<Scalar>& kernels,
                                                  RecurrentShape shape) {
  switch (type) {
    case CellType::kGru:
      return std::make_unique<GruCell<Scalar>>(kernels, shape);
    case CellType::kGruCho:
      return std::make_unique<GruChoCell<Scalar>>(kernels, shape);
    case CellType::kLstm:
      return std::make_unique<LstmCell<Scalar>>(kernels, shape);
  }
  __builtin_unreachable();
}

template std::unique_ptr<RecurrentCell<float>> CreateCell(CellType, const KernelTable<float>&,
                                                          RecurrentShape);
template std::unique_ptr<RecurrentCell<double>> CreateCell(CellType, const KernelTable<double>&,
                                                           RecurrentShape);

}  // namespace advnative
