// The passes of a step, and a prediction.
#include <algorithm>
#include <numeric>

#include "attacks/random_sign.h"
#include "base/part_timer.h"
#include "base/scale.h"
#include "cpu/backend.h"
#include "cpu/layers/pooling.h"
#include "cpu/layers/word_vectors.h"
#include "model/dropout.h"
#include "model/loss.h"

namespace advnative {

namespace {

double Mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

std::vector<Scalar> CpuBackend::Predict(const Batch& batch, const Cancellation& cancellation) {
  ResetTimes();
  PackWeights(EvaluatedWeights(), cancellation);
  ComposeTable(batch, EvaluatedWeights(), cancellation);
  ForwardPass(Embed(batch, EvaluatedWeights()), PassKind::kPrediction, std::nullopt, cancellation);
  std::vector<Scalar> logits;
  logits.reserve(batch.size() * static_cast<std::size_t>(config_.classes));
  const ConstMatrix rows = mlp_.logits();
  for (int b = 0; b < rows.rows; ++b) logits.insert(logits.end(), rows.Row(b), rows.Row(b) + rows.columns);
  return logits;
}

void CpuBackend::BeginStep(const Batch& batch, const std::optional<Dropout>& dropout,
                           const Cancellation& cancellation) {
  ResetTimes();
  PackWeights(weights_, cancellation);
  ComposeTable(batch, weights_, cancellation);
  const PartTimer timer(times_[Part::kPrepare]);
  batch_ = &batch;
  tokens_ = batch.ids.size();
  dropout_ = dropout.has_value();
  if (dropout) {
    FillDropoutMask(dropout->embedding, dropout->keep, Rows(embedding_mask_, config_.embedding),
                    cancellation);
    FillDropoutMask(dropout->hidden, dropout->keep, Rows(hidden_mask_, config_.mlp), cancellation);
    for (std::size_t layer = 0; layer < layer_masks_.size(); ++layer) {
      FillDropoutMask(dropout->layers[layer], dropout->keep, Rows(layer_masks_[layer], 2 * config_.hidden),
                      cancellation);
    }
  }
  gradient_.Begin(pool_, SupportOf(batch), cancellation);
  touched_.Find(batch.words.buckets);
  word_vector_gradient_.Clear();
  recurrent_.ClearGradients();
}

GradientSupport CpuBackend::SupportOf(const Batch& batch) const {
  const TensorInfo& words = tensors_.front();
  return GradientSupport({.read = HasSubwords() ? batch.words.ids : batch.ids,
                          .offset = words.offset,
                          .rows = static_cast<std::size_t>(words.shape[0]),
                          .width = static_cast<std::size_t>(words.shape[1])},
                         dense_);
}

void CpuBackend::ResetTimes() {
  times_ = {};
  recurrent_.ResetTimes();
  pool_.ResetTimes();
}

void CpuBackend::PackWeights(const ParameterViews& weights, const Cancellation& cancellation) {
  if (packed_ == &weights) return;
  const PartTimer timer(times_[Part::kPack]);
  // A cancelled call leaves neither these nor those.
  packed_ = nullptr;
  recurrent_.Pack(weights.layers, cancellation);
  const MlpTensors<Scalar>& mlp = weights.mlp;
  mlp_.Pack({mlp.hidden_weights, mlp.hidden_bias, mlp.output_weights, mlp.output_bias}, cancellation);
  if (attention_) {
    const AttentionTensors<Scalar>& attention = weights.attention;
    attention_->Pack({attention.weights, attention.bias, attention.context}, cancellation);
  }
  packed_ = &weights;
}

void CpuBackend::ComposeTable(const Batch& batch, const ParameterViews& weights,
                              const Cancellation& cancellation) {
  if (!HasSubwords()) return;
  const PartTimer timer(times_[Part::kEmbedding]);
  ComposeWords(kernels_, batch.words, pool_,
               DenseMatrix(weights.embedding_table, config_.vocabulary, config_.embedding), NgramsOf(weights),
               WordRows(word_vectors_, batch.words), cancellation);
  recurrent_.TableChanges();
}

NgramVectors CpuBackend::NgramsOf(const ParameterViews& weights) const {
  const auto rows = [this](const Scalar* table) {
    return DenseMatrix(table, config_.buckets, config_.embedding);
  };
  std::optional<Lag> lag;
  if (&weights != &weights_) lag = {.rows = rows(weights.subword_table), .scale = lag_scale_};
  return {.rows = rows(weights_.subword_table), .lag = lag};
}

EmbeddedBatch CpuBackend::Embed(const Batch& batch, const ParameterViews& weights) {
  const Matrix table = HasSubwords()
                           ? WordRows(word_vectors_, batch.words)
                           : DenseMatrix(weights.embedding_table, config_.vocabulary, config_.embedding);
  return {.ids = batch.ids,
          .offsets = batch.offsets,
          .table = table,
          .perturbation = std::nullopt,
          .mask = std::nullopt};
}

PassResult CpuBackend::Pass(const TrainingPass& pass, const Cancellation& cancellation) {
  EmbeddedBatch embedded = Embed(*batch_, weights_);
  std::optional<ConstMatrix> hidden_mask;
  if (pass.perturbed) embedded.perturbation = Rows(perturbation_, config_.embedding);
  if (dropout_) {
    embedded.mask = Rows(embedding_mask_, config_.embedding);
    hidden_mask = Rows(hidden_mask_, config_.mlp);
  }
  ForwardPass(embedded, PassKind::kTraining, hidden_mask, cancellation);
  const double loss = MeanLoss(pass, cancellation);
  if (pass.wanted == WantedGradients::kNone) return {loss, CountCorrect()};
  HeadBackward(hidden_mask, pass.wanted, cancellation);
  const PartTimer timer(times_[Part::kRecurrentBackward]);
  recurrent_.Backward(embedded, LayerMasks(), pass.wanted, StatesOf(state_gradient_, token_gradient_),
                      Rows(embedded_gradient_, config_.embedding), TableGradient(), cancellation);
  return {loss, CountCorrect()};
}

Matrix CpuBackend::TableGradient() {
  if (HasSubwords()) return WordRows(word_vector_gradient_, batch_->words);
  return DenseMatrix(gradient_.views().embedding_table, config_.vocabulary, config_.embedding);
}

void CpuBackend::ForwardPass(const EmbeddedBatch& embedded, PassKind kind,
                             const std::optional<ConstMatrix>& hidden_mask,
                             const Cancellation& cancellation) {
  const Matrix pooled = Rows(states_, config_.pooled());
  const LayerStates states = StatesOf(states_, token_states_);
  {
    const PartTimer timer(times_[Part::kRecurrentForward]);
    states_.Clear();
    const auto masks = kind == PassKind::kTraining ? LayerMasks() : std::vector<ConstMatrix>{};
    recurrent_.Forward(embedded, masks, kind, states, cancellation);
  }
  const PartTimer timer(times_[Part::kHead]);
  if (states.tokens.data != nullptr) Pool(embedded.offsets, states.tokens, pooled, cancellation);
  mlp_.Forward(pooled, hidden_mask, cancellation);
}

void CpuBackend::Pool(const std::vector<std::int32_t>& offsets, ConstMatrix tokens, Matrix pooled,
                      const Cancellation& cancellation) {
  PoolTokens(pool_, config_.pooling, offsets, tokens, pooled, cancellation);
  if (!attention_) return;
  attention_->Forward(offsets, tokens, PooledBy(Pooling::kAttention, config_.pooling, pooled), cancellation);
}

// From the gradient of what was pooled to that of the tokens' states.
void CpuBackend::PoolBack(WantedGradients wanted, const Cancellation& cancellation) {
  const ConstMatrix tokens = Rows(token_states_, 2 * config_.hidden);
  const ConstMatrix pooled = Rows(states_, config_.pooled());
  const ConstMatrix gradient = Rows(state_gradient_, config_.pooled());
  const Matrix token_gradient = Rows(token_gradient_, 2 * config_.hidden);
  PoolTokensBack(pool_, config_.pooling, batch_->offsets, tokens, pooled, gradient, token_gradient,
                 cancellation);
  if (!attention_) return;
  std::optional<AttentionTensors<Scalar>> gradients;
  if (wanted != WantedGradients::kInputs) gradients = gradient_.views().attention;
  attention_->Backward(batch_->offsets, tokens, PooledBy(Pooling::kAttention, config_.pooling, pooled),
                       PooledBy(Pooling::kAttention, config_.pooling, gradient), gradients, token_gradient,
                       cancellation);
}

std::vector<ConstMatrix> CpuBackend::LayerMasks() {
  std::vector<ConstMatrix> masks;
  if (!dropout_) return masks;
  for (AlignedBuffer<Scalar>& mask : layer_masks_) masks.push_back(Rows(mask, 2 * config_.hidden));
  return masks;
}

LayerStates CpuBackend::StatesOf(AlignedBuffer<Scalar>& pooled, AlignedBuffer<Scalar>& tokens) {
  const Matrix none{nullptr, 0, 2 * config_.hidden, token_stride_};
  return {.last = PooledBy(Pooling::kLast, config_.pooling, Rows(pooled, config_.pooled())),
          .tokens = NeedsTokens(config_.pooling) ? Rows(tokens, 2 * config_.hidden) : none};
}

// Of the logits, and where the pass goes back their gradient.
double CpuBackend::MeanLoss(const TrainingPass& pass, const Cancellation& cancellation) {
  const PartTimer timer(times_[Part::kHead]);
  losses_.resize(batch_->size());
  const std::int32_t* labels = batch_->labels.data();
  if (pass.wanted == WantedGradients::kNone) {
    Losses(config_.loss, mlp_.logits(), labels, losses_.data(), cancellation);
  } else {
    const Matrix logit_gradient = Rows(logit_gradient_, config_.classes);
    Losses(config_.loss, mlp_.logits(), labels, losses_.data(),
           static_cast<Scalar>(pass.weight / logit_gradient.rows), logit_gradient, cancellation);
  }
  return Mean(losses_);
}

// From the gradient of the logits to that of the final states.
void CpuBackend::HeadBackward(const std::optional<ConstMatrix>& hidden_mask, WantedGradients wanted,
                              const Cancellation& cancellation) {
  const PartTimer timer(times_[Part::kHead]);
  const ConstMatrix logit_gradient = Rows(logit_gradient_, config_.classes);
  const Matrix state_gradient = Rows(state_gradient_, config_.pooled());
  if (wanted == WantedGradients::kInputs) {
    mlp_.BackwardToStates(hidden_mask, logit_gradient, state_gradient, cancellation);
  } else {
    mlp_.Backward(Rows(states_, config_.pooled()), hidden_mask, logit_gradient, gradient_.views().mlp,
                  state_gradient, cancellation);
  }
  if (NeedsTokens(config_.pooling)) PoolBack(wanted, cancellation);
}

std::int64_t CpuBackend::CountCorrect() const {
  std::int64_t correct = 0;
  const ConstMatrix logits = mlp_.logits();
  for (int b = 0; b < logits.rows; ++b) {
    correct += LargestLogit(logits.Row(b), logits.columns) == batch_->labels[static_cast<std::size_t>(b)];
  }
  return correct;
}

void CpuBackend::PerturbBySign(double epsilon) {
  const PartTimer timer(times_[Part::kEmbedding]);
  kernels_.sign_step(embedded_gradient_.data(), static_cast<Scalar>(epsilon), perturbation_.data(),
                     perturbation_.size());
}

void CpuBackend::PerturbAtRandom(const Philox& random, double epsilon, const Cancellation& cancellation) {
  const PartTimer timer(times_[Part::kEmbedding]);
  FillRandomSigns(random, static_cast<Scalar>(epsilon), Rows(perturbation_, config_.embedding), cancellation);
}

void CpuBackend::ScaleGradient(double factor, const Cancellation& cancellation) {
  if (factor == 1.0) return;
  const PartTimer timer(times_[Part::kPack]);
  // After a pass for the inputs alone only the layer's gathered sums are left, and nothing after one for
  // none.
  if (factor == 0.0) return recurrent_.ClearGradients();
  gradient_.Scale(pool_, static_cast<Scalar>(factor), cancellation);
  ScaleNumbers(static_cast<Scalar>(factor), word_vector_gradient_.data(), word_vector_gradient_.size());
  recurrent_.ScaleGradients(static_cast<Scalar>(factor));
}

void CpuBackend::FinishGradient(const Cancellation& cancellation) {
  const PartTimer timer(times_[Part::kPack]);
  const ParameterViews& gradient = gradient_.views();
  recurrent_.AddGradients(gradient.layers, cancellation);
  if (!HasSubwords()) return;
  AddWordGradients(batch_->words, pool_, TableGradient(),
                   DenseMatrix(gradient.embedding_table, config_.vocabulary, config_.embedding),
                   DenseMatrix(gradient.subword_table, config_.buckets, config_.embedding), cancellation);
}

std::vector<Scalar> CpuBackend::TokenGradient() const {
  std::vector<Scalar> gradient;
  for (std::size_t token = 0; token < tokens_; ++token) {
    const Scalar* row = embedded_gradient_.data() + static_cast<std::ptrdiff_t>(token) * embedding_stride_;
    gradient.insert(gradient.end(), row, row + config_.embedding);
  }
  return gradient;
}

}  // namespace advnative
