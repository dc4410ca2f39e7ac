// What the kernels of one time step of a direction take, cell by cell: forward, and the elementwise parts of
// backward.
//
// Rows are texts of a slice. Strides are whole vectors: H* and E* are H and E rounded up. Weights of gates
// are packed in panels of `lanes` hidden units, [panel][depth][gates·lanes], so that one tile holds every
// gate of its units; activations are kept [panel][rows][…·lanes] in the order in which backward reads them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/scalar.h"

namespace advnative {

// Where the input's part of the gates' sums, W·x + b, comes from. The bits are the same either way.
enum class InputSums {
  kComputed,  // from the input
  kLookedUp,  // among those of every word of the vocabulary, by the word of each row
};

// Every cell's inputs of one time step forward.
struct ForwardStepOperands {
  int rows;
  int hidden;
  int embedding;
  InputSums input_sums;
  const Scalar* input;  // [rows][input_stride], where they are computed
  std::ptrdiff_t input_stride;
  const Scalar* projections;  // [V][projection_stride] as `project` writes them, where they are looked up
  std::ptrdiff_t projection_stride;
  const std::int32_t* words;     // [rows], likewise
  const Scalar* previous_state;  // [rows][state_stride]
  Scalar* state;                 // [rows][state_stride]
  std::ptrdiff_t state_stride;   // H*
};

// The input sums of whole embeddings: rows [panel][gates·lanes] = bias + input·W.
struct Projection {
  int rows;
  int hidden;
  int embedding;
  const Scalar* input;  // [rows][input_stride]
  std::ptrdiff_t input_stride;
  const Scalar* input_weights;  // [panel][E][gates·lanes]
  const Scalar* bias;           // [panel][gates·lanes]
  Scalar* projections;          // [rows][projection_stride], the first panels of each row written
  std::ptrdiff_t projection_stride;
};

// One time step of a GRU direction, reset after the recurrent product (gate order r, z, n):
//   r = σ(Wr·x + Ur·h + br)   z = σ(Wz·x + Uz·h + bz)   q = Un·h + cn   n = tanh(Wn·x + bn + r∘q)
//   h' = n + z∘(h − n)
struct GruForwardStep {
  ForwardStepOperands operands;
  const Scalar* recurrent_weights;  // [panel][H][3·lanes]
  const Scalar* input_weights;      // [panel][E][3·lanes]
  const Scalar* bias;               // [panel][3·lanes]: br, bz, bn
  const Scalar* candidate_bias;     // [H*]: cn
  Scalar* activations;  // [panel][rows][4·lanes]: r, z, n, q for the backward pass; null when none follows
};

// Reads dh, writes the gradients of the gates' sums and what reaches h through z alone:
//   dn̂ = dh∘(1 − z)∘(1 − n²)   dẑ = dh∘(h − n)∘z∘(1 − z)   dr̂ = dn̂∘q∘r∘(1 − r)   dq = dn̂∘r   dh ← dh∘z
struct GruBackwardGates {
  int rows;
  std::ptrdiff_t state_stride;  // H*
  const Scalar* activations;    // [panel][rows][4·lanes]: r, z, n, q
  const Scalar* previous_state;
  Scalar* state_gradient;  // dh, in and out
  Scalar* gate_gradients;  // [rows][4·H*]: dn̂, dr̂, dẑ, dq
  Scalar* bias_gradient;   // [4·H*], the same order; added to
};

// One time step of a GRU direction in the form of Cho et al. 2014, reset before the recurrent product (gate
// order r, z, n): r and z as above,
//   n = tanh(Wn·x + bn + Un·(r∘h))   h' = n + z∘(h − n)
struct GruChoForwardStep {
  ForwardStepOperands operands;
  const Scalar* gate_recurrent_weights;       // [panel][H][2·lanes]: r, z
  const Scalar* gate_input_weights;           // [panel][E][2·lanes]: r, z
  const Scalar* gate_bias;                    // [panel][2·lanes]: br, bz
  const Scalar* candidate_recurrent_weights;  // panels (see PackPanels) of Unᵀ [H][H]
  const Scalar* candidate_input_weights;      // panels of Wnᵀ [E][H]
  const Scalar* candidate_bias;               // panels of bn [1][H]
  Scalar* reset_state;                        // [rows][H*]: r∘h, written
  Scalar* activations;                        // [panel][rows][3·lanes]: r, z, n, written
};

// The two elementwise parts of a backward step. The first goes from dh to the candidate and z:
//   dn̂ = dh∘(1 − z)∘(1 − n²)   dẑ = dh∘(h − n)∘z∘(1 − z)   dh ← dh∘z
// and the second, once d(r∘h) = Unᵀ·dn̂ is known, on to r:
//   dr̂ = d(r∘h)∘h∘r∘(1 − r)   dh ← dh + d(r∘h)∘r
struct GruChoBackwardGates {
  int rows;
  std::ptrdiff_t state_stride;  // H*
  const Scalar* activations;    // [panel][rows][3·lanes]: r, z, n
  const Scalar* previous_state;
  const Scalar* reset_state_gradient;  // [rows][H*]: d(r∘h); read by the second part
  Scalar* state_gradient;              // dh, in and out
  Scalar* gate_gradients;              // [rows][3·H*]: dr̂, dẑ, dn̂
  Scalar* bias_gradient;               // [3·H*], the same order; added to
  Scalar* reset_state;                 // [rows][H*]: r∘h, written by the second part
};

// One time step of an LSTM direction (Hochreiter and Schmidhuber 1997 with the forget gate of Gers et al.
// 2000; gate order i, f, g, o):
//   i, f, o = σ(W·x + U·h + b)   g = tanh(Wg·x + Ug·h + bg)   c' = f∘c + i∘g   h' = o∘tanh(c')
struct LstmForwardStep {
  ForwardStepOperands operands;
  const Scalar* recurrent_weights;  // [panel][H][4·lanes]
  const Scalar* input_weights;      // [panel][E][4·lanes]
  const Scalar* bias;               // [panel][4·lanes]
  Scalar* cell_state;               // [rows][H*]: c, in and out
  Scalar* activations;  // [panel][rows][5·lanes]: i, f, g, o, c for the backward pass; null when none follows
};

// Reads dh and dc, writes the gradients of the gates' sums and of the cell state before. tanh(c') is computed
// again, which costs less than keeping it: with t = tanh(c'),
//   dc' = dc + dh∘o∘(1 − t²)   dî = dc'∘g∘i∘(1 − i)   df̂ = dc'∘c∘f∘(1 − f)   dĝ = dc'∘i∘(1 − g²)
//   dô = dh∘t∘o∘(1 − o)   dc ← dc'∘f
struct LstmBackwardGates {
  int rows;
  std::ptrdiff_t state_stride;   // H*
  const Scalar* activations;     // [panel][rows][5·lanes]: i, f, g, o, c
  const Scalar* state_gradient;  // dh
  Scalar* cell_state_gradient;   // dc, in and out
  Scalar* gate_gradients;        // [rows][4·H*]: dî, df̂, dĝ, dô
  Scalar* bias_gradient;         // [4·H*], the same order; added to
};

}  // namespace advnative
