// As many scratches as tasks run at once, each taken by one task at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "cpu/layers/recurrent_cell.h"

namespace advnative {

class ScratchPool {
 public:
  // What Take gives; at its end the next task may have it.
  class Taken {
   public:
    explicit Taken(ScratchPool& pool) : pool_(pool), scratch_(pool.Pop()) {}
    ~Taken() { pool_.Push(scratch_); }
    Taken(const Taken&) = delete;
    Taken& operator=(const Taken&) = delete;
    RecurrentScratch& operator*() const { return scratch_; }

   private:
    ScratchPool& pool_;
    RecurrentScratch& scratch_;
  };

  // Has `count` scratches at least, and gives out the first so many. Like the calls below only while none is
  // taken.
  void Provide(std::size_t count, const RecurrentCell& cell) {
    while (scratches_.size() < count) scratches_.push_back(cell.MakeScratch());
    free_.clear();
    for (std::size_t i = 0; i < count; ++i) free_.push_back(scratches_[i].get());
  }
  void Free() {
    free_.clear();
    scratches_.clear();
  }
  const std::vector<std::unique_ptr<RecurrentScratch>>& scratches() const { return scratches_; }

  // To be called by no more tasks at once than there are scratches: the one that was used last, whose content
  // is most likely in the caches.
  Taken Take() { return Taken(*this); }

 private:
  RecurrentScratch& Pop() {
    const std::lock_guard<std::mutex> lock(mutex_);
    RecurrentScratch& scratch = *free_.back();
    free_.pop_back();
    return scratch;
  }
  void Push(RecurrentScratch& scratch) {
    const std::lock_guard<std::mutex> lock(mutex_);
    free_.push_back(&scratch);  // there is room: it lay here before
  }

  std::vector<std::unique_ptr<RecurrentScratch>> scratches_;
  std::mutex mutex_;
  std::vector<RecurrentScratch*> free_;
};

}  // namespace advnative
