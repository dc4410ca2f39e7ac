// The CPU's side of a model: layers, optimizer, the buffers of a batch.
//
// Dimension letters: B texts of a batch, N tokens, U different words, E embedding, H hidden of one direction,
// M MLP hidden, C classes, P poolings.
#pragma once

#include <optional>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/buffer_count.h"
#include "base/thread_pool.h"
#include "cpu/gradient.h"
#include "cpu/layers/attention.h"
#include "cpu/layers/embedding.h"
#include "cpu/layers/mlp.h"
#include "cpu/layers/word_vectors.h"
#include "cpu/optimizer.h"
#include "cpu/part_times.h"
#include "cpu/recurrent_stack.h"
#include "cpu/table_deviation.h"
#include "cpu/touched_rows.h"
#include "model/backend.h"
#include "model/recent_sizes.h"

namespace advnative {

class CpuBackend final : public Backend {
 public:
  CpuBackend(const ModelConfig& config, const Cpu& device);

  // Bytes that a model holds apart from what batches need: parameters, gradient, two moments, the average
  // and, from the first call on, packed weights, which take no less than the making of the initial values
  // did.
  static std::size_t ModelBytes(const ModelConfig& config, const Cpu& device);

  void Initialize(const Cancellation& cancellation) override;
  void CopyParameters(Scalar* parameters) const override;
  void WriteParameters(const Scalar* parameters) override;
  void CopyAverage(Scalar* average) const override;
  void CopyKeptAverage(Scalar* kept) const override;
  void WriteKeptAverage(const Scalar* kept, double lag_scale) override;
  void CopyMoments(Scalar* first_moment, Scalar* second_moment) const override;
  void WriteMoments(const Scalar* first_moment, const Scalar* second_moment) override;
  double EmbeddingStandardDeviation() override;

  std::size_t BytesFor(const std::vector<std::int32_t>& offsets, const BatchNeeds& needs) override;
  std::size_t HeldBytes() override;
  void Reserve(const Batch& batch, const BatchNeeds& needs, const std::string& call) override;
  void EndCall() override;

  std::vector<Scalar> Predict(const Batch& batch, const Cancellation& cancellation) override;
  void BeginStep(const Batch& batch, const std::optional<Dropout>& dropout,
                 const Cancellation& cancellation) override;
  PassResult Pass(const TrainingPass& pass, const Cancellation& cancellation) override;
  void PerturbBySign(double epsilon) override;
  void PerturbAtRandom(const Philox& random, double epsilon, const Cancellation& cancellation) override;
  void ScaleGradient(double factor, const Cancellation& cancellation) override;
  void FinishGradient(const Cancellation& cancellation) override;
  double SquaredNorm() override;
  void Update(const AdamStep& adam, const std::optional<AverageStep>& average,
              const Cancellation& cancellation) override;

  const TensorInfo* FirstNotFinite(Vector vector) const override;
  std::vector<Scalar> Gradient() const override;
  std::vector<Scalar> TokenGradient() const override;
  std::vector<ProfilePart> Profile() const override;

 private:
  // How much of each a batch has. Words are counted where they have n-grams.
  struct BatchSize {
    std::size_t tokens;
    std::size_t texts;
    std::size_t words;
  };

  bool HasSubwords() const { return config_.buckets > 0; }
  void VisitBuffers(const BatchSize& size, const BatchNeeds& needs, const BufferVisit& visit);
  // `rows` are those that the embedding table may have for the layers, in rising order.
  BufferCount CountBuffers(const std::vector<std::int32_t>& offsets, const std::vector<int>& rows,
                           const BatchNeeds& needs);
  BufferCount CountWeights();
  std::size_t BatchBytes();
  // What predictions are made with.
  const ParameterViews& EvaluatedWeights() const { return average_weights_ ? *average_weights_ : weights_; }
  // The vectors of the batch's words, where they have n-grams.
  void ComposeTable(const Batch& batch, const ParameterViews& weights, const Cancellation& cancellation);
  // A row a word of the batch.
  Matrix WordRows(AlignedBuffer<Scalar>& buffer, const BatchWords& words) const {
    return DenseMatrix(buffer.data(), static_cast<int>(words.size()), config_.embedding);
  }
  EmbeddedBatch Embed(const Batch& batch, const ParameterViews& weights);
  // Of the table that the layers read: the batch's words, or the vocabulary.
  Matrix TableGradient();
  GradientSupport SupportOf(const Batch& batch) const;
  void ResetTimes();
  void PackWeights(const ParameterViews& weights, const Cancellation& cancellation);
  void ForwardPass(const EmbeddedBatch& embedded, PassKind kind,
                   const std::optional<ConstMatrix>& hidden_mask, const Cancellation& cancellation);
  // Of the running step; empty without dropout.
  std::vector<ConstMatrix> LayerMasks();
  // Rows of a batch's states or their gradients.
  void Pool(const std::vector<std::int32_t>& offsets, ConstMatrix tokens, Matrix pooled,
            const Cancellation& cancellation);
  void PoolBack(WantedGradients wanted, const Cancellation& cancellation);
  LayerStates StatesOf(AlignedBuffer<Scalar>& pooled, AlignedBuffer<Scalar>& tokens);
  double MeanLoss(const TrainingPass& pass, const Cancellation& cancellation);
  void HeadBackward(const std::optional<ConstMatrix>& hidden_mask, WantedGradients wanted,
                    const Cancellation& cancellation);
  std::int64_t CountCorrect() const;
  // Of the parameters, without a lag.
  void BeginAverage();
  // Elements of the vectors of n-grams, behind the dense part.
  std::size_t NgramSize() const { return parameters_.size() - dense_; }
  NgramVectors NgramsOf(const ParameterViews& weights) const;
  // All but the vectors of n-grams, and the rows of these that the batch touches.
  void UpdateDense(const AdamStep& adam, const std::optional<AverageStep>& average,
                   const Cancellation& cancellation);
  void UpdateNgrams(const AdamStep& adam, const std::optional<AverageStep>& average,
                    const Cancellation& cancellation);
  // One of the batch's buffers: rows of this many numbers, each padded to whole vectors.
  Matrix Rows(AlignedBuffer<Scalar>& buffer, int columns) const {
    const std::ptrdiff_t stride = PaddedWidth(kernels_, columns);
    return {buffer.data(), static_cast<int>(buffer.size() / Size(1, stride)), columns, stride};
  }

  const ModelConfig config_;
  const KernelTable& kernels_;
  const std::vector<TensorInfo> tensors_;
  const std::ptrdiff_t embedding_stride_;
  const std::ptrdiff_t token_stride_;
  ThreadPool pool_;
  AlignedBuffer<Scalar> parameters_;
  const std::size_t dense_;  // of the parameters, those before the vectors of n-grams
  const ParameterViews weights_;
  AlignedBuffer<Scalar> average_;  // as it is kept, in place of the vectors of n-grams their lag; or empty
  double lag_scale_ = 1.0;
  const std::optional<ParameterViews> average_weights_;
  advnative::Gradient gradient_;
  RecurrentStack recurrent_;
  std::optional<Attention> attention_;  // where the list of poolings has it
  Mlp mlp_;
  Optimizer optimizer_;
  TouchedRows touched_;  // of the vectors of n-grams, by the running step
  TableDeviation deviation_;
  const ParameterViews* packed_ = nullptr;  // whose current values the layers hold
  PartTimes times_;                         // of the running step, but for the layer's

  const Batch* batch_ = nullptr;  // of the running step
  std::size_t tokens_ = 0;        // N of it
  bool dropout_ = false;
  std::vector<double> losses_;  // [B]
  // Where words have n-grams:
  AlignedBuffer<Scalar> word_vectors_;          // [U][E]
  AlignedBuffer<Scalar> word_vector_gradient_;  // [U][E]
  // Rows padded to whole vectors:
  AlignedBuffer<Scalar> embedding_mask_;            // [N][E]
  AlignedBuffer<Scalar> hidden_mask_;               // [B][M]
  std::vector<AlignedBuffer<Scalar>> layer_masks_;  // [L − 1] of [N][2H]
  AlignedBuffer<Scalar> perturbation_;              // [N][E]
  AlignedBuffer<Scalar> embedded_gradient_;         // [N][E]
  AlignedBuffer<Scalar> states_;                    // [B][P·2H], what is pooled
  AlignedBuffer<Scalar> state_gradient_;            // [B][P·2H]
  AlignedBuffer<Scalar> token_states_;              // [N][2H], where poolings need them
  AlignedBuffer<Scalar> token_gradient_;            // [N][2H]
  AlignedBuffer<Scalar> logit_gradient_;            // [B][C]
  std::size_t needed_bytes_ = 0;                    // of the running call
  RecentSizes recent_sizes_;
};

}  // namespace advnative
