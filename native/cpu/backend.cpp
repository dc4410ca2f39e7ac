#include "cpu/backend.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/chunks.h"
#include "base/part_timer.h"
#include "base/scale.h"
#include "model/initialization.h"

namespace advnative {

CpuBackend::CpuBackend(const ModelConfig& config, const Cpu& device)
    : config_(config),
      kernels_(KernelsFor(device.instruction_set)),
      tensors_(LayOutParameters(config)),
      embedding_stride_(PaddedWidth(kernels_, config.embedding)),
      token_stride_(PaddedWidth(kernels_, 2 * config.hidden)),
      pool_(device.threads),
      parameters_(CountParameters(tensors_)),
      dense_(CountDense(tensors_)),
      weights_(ViewParameters(tensors_, parameters_.data())),
      average_(config.ema > 0.0 ? parameters_.size() : 0),
      average_weights_(config.ema > 0.0 ? std::optional(ViewParameters(tensors_, average_.data()))
                                        : std::nullopt),
      gradient_(tensors_),
      recurrent_(kernels_, pool_, config.cell, {config.embedding, config.hidden}, config.layers),
      attention_(Attention::For(config.pooling, kernels_, pool_, 2 * config.hidden)),
      mlp_(kernels_, pool_, {config.pooled(), config.mlp, config.classes}),
      optimizer_(kernels_, pool_, tensors_),
      touched_(dense_, static_cast<std::size_t>(config.buckets), static_cast<std::size_t>(config.embedding)),
      deviation_(kernels_, tensors_[0].size),
      layer_masks_(static_cast<std::size_t>(config.layers) - 1) {}

void CpuBackend::Initialize(const Cancellation& cancellation) {
  InitializeParameters(config_, tensors_, kernels_.initial_values, pool_, parameters_.data(), cancellation);
  BeginAverage();
  ResetTimes();
}

void CpuBackend::BeginAverage() {
  if (!average_weights_) return;
  ForEachChunk(pool_, dense_, [&](std::size_t begin, std::size_t count) {
    std::copy_n(parameters_.data() + begin, count, average_.data() + begin);
  });
  ForEachChunk(pool_, NgramSize(), [&](std::size_t begin, std::size_t count) {
    std::fill_n(average_.data() + dense_ + begin, count, Scalar(0));
  });
}

void CpuBackend::CopyParameters(Scalar* parameters) const {
  std::copy_n(parameters_.data(), parameters_.size(), parameters);
}

void CpuBackend::WriteParameters(const Scalar* parameters) {
  std::copy_n(parameters, parameters_.size(), parameters_.data());
  BeginAverage();
  packed_ = nullptr;
  deviation_.TableChanges();
}

void CpuBackend::CopyAverage(Scalar* average) const {
  std::copy_n(average_.data(), dense_, average);
  kernels_.lagging(parameters_.data() + dense_, average_.data() + dense_, static_cast<Scalar>(lag_scale_),
                   average + dense_, NgramSize());
}

void CpuBackend::CopyKeptAverage(Scalar* kept) const { std::copy_n(average_.data(), average_.size(), kept); }

void CpuBackend::WriteKeptAverage(const Scalar* kept, double lag_scale) {
  std::copy_n(kept, average_.size(), average_.data());
  lag_scale_ = lag_scale;
  packed_ = nullptr;
}

void CpuBackend::CopyMoments(Scalar* first_moment, Scalar* second_moment) const {
  std::copy_n(optimizer_.first_moment().data(), parameters_.size(), first_moment);
  std::copy_n(optimizer_.second_moment().data(), parameters_.size(), second_moment);
}

void CpuBackend::WriteMoments(const Scalar* first_moment, const Scalar* second_moment) {
  std::copy_n(first_moment, parameters_.size(), optimizer_.first_moment().data());
  std::copy_n(second_moment, parameters_.size(), optimizer_.second_moment().data());
}

double CpuBackend::EmbeddingStandardDeviation() { return deviation_.Value(pool_, parameters_.data()); }

double CpuBackend::SquaredNorm() {
  const PartTimer timer(times_[Part::kOptimizer]);
  return optimizer_.SumOfSquares(gradient_.values().data(), gradient_.support(), touched_);
}

void CpuBackend::Update(const AdamStep& adam, const std::optional<AverageStep>& average,
                        const Cancellation& cancellation) {
  const PartTimer timer(times_[Part::kOptimizer]);
  packed_ = nullptr;
  UpdateDense(adam, average, cancellation);
  UpdateNgrams(adam, average, cancellation);
  gradient_.ClearedAll();
}

// One pass over memory does all that is needed of the updated parameters as well: it moves their average,
// measures the table, where this step asked for that, and clears the gradient.
void CpuBackend::UpdateDense(const AdamStep& adam, const std::optional<AverageStep>& average,
                             const Cancellation& cancellation) {
  const bool measures = deviation_.TableChanges();
  optimizer_.Update(adam, gradient_.values().data(), gradient_.support(), parameters_.data(),
                    [&](std::size_t begin, std::size_t count) {
                      cancellation.CheckAbandoned();
                      if (average) {
                        kernels_.move_average(parameters_.data() + begin,
                                              static_cast<Scalar>(average->weight), average_.data() + begin,
                                              count);
                      }
                      if (measures) deviation_.MeasureChunk(parameters_.data(), begin, count);
                      gradient_.ClearChunk(begin, count);
                    });
  if (measures) deviation_.MeasuredAll();
}

void CpuBackend::UpdateNgrams(const AdamStep& adam, const std::optional<AverageStep>& average,
                              const Cancellation& cancellation) {
  if (!HasSubwords()) return;
  if (average && average->renewal != 1.0) {
    ForEachChunk(pool_, NgramSize(), [&](std::size_t begin, std::size_t count) {
      ScaleNumbers(static_cast<Scalar>(average->renewal), average_.data() + dense_ + begin, count);
    });
  }
  const auto after_part = [&](std::size_t begin, std::span<const Scalar> before) {
    cancellation.CheckAbandoned();
    if (average) {
      kernels_.add_lag(before.data(), parameters_.data() + begin, static_cast<Scalar>(average->lag_gain),
                       average_.data() + begin, before.size());
    }
    gradient_.ClearRow(begin, before.size());
  };
  optimizer_.UpdateRows(adam, gradient_.values().data(), touched_, parameters_.data(),
                        {.visit = after_part, .reads = average ? average_.data() : nullptr});
  if (average) lag_scale_ = average->lag_scale;
}

const TensorInfo* CpuBackend::FirstNotFinite(Vector vector) const {
  const Scalar* values = vector == Vector::kParameters ? parameters_.data() : gradient_.values().data();
  const auto at_fault = std::find_if(tensors_.begin(), tensors_.end(), [&](const TensorInfo& tensor) {
    return !std::isfinite(kernels_.sum_of_squares(values + tensor.offset, tensor.size));
  });
  return at_fault == tensors_.end() ? nullptr : &*at_fault;
}

std::vector<Scalar> CpuBackend::Gradient() const {
  const AlignedBuffer<Scalar>& values = gradient_.values();
  return {values.data(), values.data() + values.size()};
}

std::vector<ProfilePart> CpuBackend::Profile() const {
  PartTimes times = times_;
  times += recurrent_.Times();
  std::vector<ProfilePart> parts;
  for (std::size_t i = 0; i < kPartNames.size(); ++i)
    parts.push_back({kPartNames[i], times.milliseconds()[i]});
  const TaskTimes& tasks = pool_.times();
  const std::vector<double> longest_run = tasks.LongestRun();
  const double serial = std::max(0.0, times.Wall() - tasks.wall());
  parts.push_back({"tasks.count", static_cast<double>(longest_run.size())});
  parts.push_back({"tasks.longest", longest_run.empty() ? 0.0 : *std::ranges::max_element(longest_run)});
  parts.push_back({"tasks.serial", serial});
  for (const int cores : {4, 8, 16})
    parts.push_back({"cores." + std::to_string(cores), serial + tasks.OnCores(cores)});
  return parts;
}

}  // namespace advnative
