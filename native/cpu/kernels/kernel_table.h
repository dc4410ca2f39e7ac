// The interface of everything hot. One table of functions exists for each instruction set; all come from the
// same source (cpu/kernels/kernels.cpp), compiled once a set.
//
// Dimension letters: rows are texts of a slice or tokens; H hidden of one direction; E embedding. "Padded"
// widths are rounded up to whole vectors; padding holds zeros and stays zero.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cpu/kernels/recurrent_steps.h"
#include "model/initial_value_kernels.h"

namespace advnative {

// Declared only: the standard headers behind it must not be compiled with the flags of an instruction set.
enum class InstructionSet : int;

// How a matrix lies: row after row, or in tiles as `transpose_to_tiles` writes it, [depth][rows] a tile.
enum class Layout { kRows, kTiles };

// What becomes of a result: C = … or C += …
enum class Write { kSet, kAdd };

// C = A·B or C += A·B, one tile of rows of A and one panel of B at a time. A is row-major with a_row_stride,
// or lies in tiles. B element (depth k, column j) lies at b[(j / panel)·b_panel_stride + k·b_depth_stride + j
// % panel], panel = 3·lanes, and whole vectors are read: columns up to the padded width must exist. C is
// row-major and padded alike.
struct Product {
  int rows;
  int columns;
  int depth;
  const Scalar* a;
  std::ptrdiff_t a_row_stride;
  Layout a_layout;
  const Scalar* b;
  std::ptrdiff_t b_panel_stride;
  std::ptrdiff_t b_depth_stride;
  Scalar* c;
  std::ptrdiff_t c_row_stride;
  Write write;
};

// Aᵀ for a product: row-major A [depth][stride] with `rows` columns becomes rows [first, first + depth) of
// the tiles [tile_depth][rows of the tile], tile_depth·rows elements in all.
struct Transposition {
  int rows;
  int depth;
  const Scalar* a;
  std::ptrdiff_t stride;
  Scalar* tiles;
  std::ptrdiff_t tile_depth;
  std::ptrdiff_t first;
};

// C [rows][c_row_stride] = Aᵀ·B or += Aᵀ·B of some columns of B, from first_column on; both are whole
// vectors.
struct TransposedProduct {
  int rows;             // columns of A
  const Scalar* tiles;  // A as `transpose_to_tiles` writes it
  int first_column;
  int columns;
  Scalar* c;  // its first column is that of first_column
  std::ptrdiff_t c_row_stride;
  Write write;
};

// Products with one row-major B [depth][b_stride], and its rows summed by word: word_sums [·][word_columns]
// row words[k] += the first word_columns of row k, for every k in order; none where there are 0 of them. All
// take a panel of B while it is in the caches nearest to the core; every sum keeps the order of the rows. The
// first product should be the greatest.
struct SharedProducts {
  int depth;
  int columns;
  const Scalar* b;
  std::ptrdiff_t b_stride;
  const TransposedProduct* products;
  int count;
  int word_columns;
  const std::int32_t* words;  // [depth]
  Scalar* word_sums;
};

// One Adam update of `size` parameters (Kingma and Ba 2015, Algorithm 1, with ε outside the corrected root):
//   m ← β1·m + (1 − β1)·s·g   v ← β2·v + (1 − β2)·(s·g)²
//   θ ← θ − (decay·θ + rate·m / (√v·root_correction + ε))
// with rate = lr / (1 − β1ᵗ) and root_correction = 1 / √(1 − β2ᵗ); s scales the gradient (clipping).
struct AdamUpdate {
  std::size_t size;
  Scalar* parameters;
  const Scalar* gradient;  // not read by adam_without_gradient
  Scalar* first_moment;
  Scalar* second_moment;
  Scalar gradient_scale;
  Scalar rate;
  Scalar decay;
  Scalar root_correction;
  Scalar beta1;
  Scalar beta2;
  Scalar one_minus_beta1;  // formed in double: in float, 1 − 0.999f is off by 1e-5 of itself
  Scalar one_minus_beta2;
  Scalar epsilon;
};

// Sizes count elements; shapes and formulas stand with the structures that the kernels take.
struct KernelTable {
  int lanes;  // Scalars in a vector; a panel of B is 3·lanes wide

  // Products.
  void (*multiply)(const Product&);
  void (*multiply_shared)(const SharedProducts&);
  void (*transpose_to_tiles)(const Transposition&);

  // Time steps of the recurrent cells, and the input sums of two (r, z of the Cho GRU), three (GRU) and four
  // gates (LSTM): cpu/kernels/recurrent_steps.h.
  void (*project_two_gates)(const Projection&);
  void (*project_three_gates)(const Projection&);
  void (*project_four_gates)(const Projection&);
  void (*gru_forward_step)(const GruForwardStep&);
  void (*gru_backward_gates)(const GruBackwardGates&);
  void (*gru_cho_forward_step)(const GruChoForwardStep&);
  void (*gru_cho_backward_candidate)(const GruChoBackwardGates&);  // the first part
  void (*gru_cho_backward_reset)(const GruChoBackwardGates&);      // the second
  void (*lstm_forward_step)(const LstmForwardStep&);
  void (*lstm_backward_gates)(const LstmBackwardGates&);

  void (*adam)(const AdamUpdate&);
  void (*adam_without_gradient)(const AdamUpdate&);  // the bits of a gradient of zero everywhere
  // average [size] += weight·(values [size] − average [size]).
  void (*move_average)(const Scalar* values, Scalar weight, Scalar* average, std::size_t size);
  // The average of values that few steps change (model/parameter_average.h):
  // lag [size] += gain·(before [size] − after [size]), and average [size] = values [size] + scale·lag [size].
  void (*add_lag)(const Scalar* before, const Scalar* after, Scalar gain, Scalar* lag, std::size_t size);
  void (*lagging)(const Scalar* values, const Scalar* lag, Scalar scale, Scalar* average, std::size_t size);
  // Of values [size], in double and in a fixed order that is the same for every instruction set.
  double (*sum)(const Scalar* values, std::size_t size);
  double (*sum_of_squares)(const Scalar* values, std::size_t size);
  // perturbation [size] = epsilon·sign(gradient [size]), with sign(0) = 0.
  void (*sign_step)(const Scalar* gradient, Scalar epsilon, Scalar* perturbation, std::size_t size);

  InitialValueKernels initial_values;

  void (*tanh)(Scalar* values, std::size_t size);  // in place, of whole vectors

  // In place, for tests: size must be a multiple of 2·lanes.
  void (*sigmoid)(Scalar* values, std::size_t size);
  void (*sigmoid_and_tanh)(Scalar* sigmoid_values, Scalar* tanh_values, std::size_t size);

  // The machine's ceilings. multiply_add runs x ← x·factor + addend in registers, multiply_add_flop
  // operations a round, and returns the sum of what came out; triad writes a[i] = b[i] + factor·c[i].
  int multiply_add_flop;
  Scalar (*multiply_add)(std::size_t rounds, Scalar factor, Scalar addend);
  void (*triad)(const Scalar* b, const Scalar* c, Scalar factor, Scalar* a, std::size_t size);
};

// The kernels of one instruction set, which this machine must have. Lives forever.
const KernelTable& KernelsFor(InstructionSet set);

// `size` rounded up to whole vectors.
inline std::ptrdiff_t PaddedWidth(const KernelTable& kernels, std::ptrdiff_t size) {
  return (size + kernels.lanes - 1) / kernels.lanes * kernels.lanes;
}

}  // namespace advnative
