// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <unordered_set>
#include <vector>

#include "search/fit/archive.hpp"
#include "search/tree/vocabulary.hpp"

namespace energylens::search {

/// What a search works on; shared by all threads, never changed.
struct Setting {
  const Sheet& sheet;
  const Vocabulary& vocabulary;
  const Options& options;
  std::vector<Sheet> risen;  ///< with one input of Options::rising a little larger
  FitSettings fit;
};

Setting setting_of(const Sheet& sheet, const Vocabulary& vocabulary, const Options& options,
                   const Problem& problem, const Form& form);

/// Whether numbers in brackets and functions that multiply terms are > 0 where formulas may have no
/// difference, and fitted exponents of a size that data can tell: where rows do not determine one, it runs
/// away.
bool keeps_bounds(const Tree& tree, const Vocabulary& vocabulary);

/// Whether the formula, as fitted, falls in no input of Options::rising.
bool rises(Member& member, const Setting& setting, Fitter& fitter);

/// Structures that were fitted: a set of limited size that forgets.
class Seen {
 public:
  explicit Seen(std::size_t slots = std::size_t{1} << 17) : slots_(slots, 0) {}
  /// True if the hash is new (or forgotten); remembers it.
  bool enter(std::uint64_t hash);
  void clear() { std::fill(slots_.begin(), slots_.end(), 0); }

 private:
  std::vector<std::uint64_t> slots_;
};

/// Brings trees to canonical form, refuses what is too long, seen before, or breaks a wish, and fits the
/// rest. One per island or thread.
class Judge {
 public:
  explicit Judge(const Setting& setting) : setting_(setting), fitter_(setting.sheet) {}

  /// The fitted formula, shorter than `tree` if a coefficient came out as 0; nothing if it is refused.
  std::optional<Member> judge(Tree tree, Seen* seen);
  Fitter& fitter() { return fitter_; }
  std::uint64_t evaluations() const { return evaluations_; }
  std::uint64_t duplicates() const { return duplicates_; }
  void count(std::uint64_t evaluations, std::uint64_t duplicates) {
    evaluations_ = evaluations;
    duplicates_ = duplicates;
  }

 private:
  const Setting& setting_;
  Fitter fitter_;
  std::uint64_t evaluations_ = 0, duplicates_ = 0;
};

}  // namespace energylens::search
