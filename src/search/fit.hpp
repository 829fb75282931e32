// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <limits>
#include <vector>

#include "evaluate.hpp"
#include "sheet.hpp"
#include "small_linear.hpp"
#include "tree.hpp"

namespace energylens::search {

/// How constants are fitted.
struct FitSettings {
  Scope coefficients = Scope::per_group, inner = Scope::shared;
  bool positive = false;    ///< coefficients of terms are > 0; those that would not be are 0
  int steps = 15;           ///< of Levenberg and Marquardt
  double tolerance = 1e-6;  ///< stop when a step lowers the loss by less, relative to it
  int starts = 1;           ///< starting points of inner constants; the first is what the tree holds
};

/// A tree with its constants. Numbers of the tree itself are those of group 0.
struct Fitted {
  double loss = std::numeric_limits<double>::infinity();
  std::vector<double> coefficients;  ///< of all terms, one set, or one per group one after another
  std::vector<double> inner;         ///< likewise
  bool redundant = false;  ///< a term depends on the others in every group: there is a shorter formula
};

/// Fits trees to a sheet, one after another; one per thread. Deterministic.
class Fitter {
 public:
  explicit Fitter(const Sheet& sheet) : sheet_(sheet), evaluator_(sheet, scratch_) {}
  Fitter(const Fitter&) = delete;
  Fitter& operator=(const Fitter&) = delete;

  /// Begins with the inner constants of the tree and leaves the best ones in it.
  Fitted fit(Tree& tree, const FitSettings& settings);
  /// Values of all rows of the sheet. Requires: as fitted.
  std::vector<double> predict(Tree& tree, const Fitted& fitted, const Sheet& sheet);

 private:
  /// Rows that share one set of coefficients.
  struct Block {
    std::size_t begin, end;
  };
  struct State {
    std::vector<double> inner, coefficients;
    double loss = std::numeric_limits<double>::infinity();
  };

  void find_constants(Tree& tree);
  void set_inner(const std::vector<double>& inner);
  void evaluate(const Tree& tree, bool with_slopes);
  void solve_coefficients(const std::vector<Block>& blocks, std::vector<double>& coefficients);
  double loss_of(const std::vector<Block>& blocks, const std::vector<double>& coefficients);
  bool step(const std::vector<Block>& blocks, const State& at, double damping, State& next);
  void accumulate(const Block& block, const double* coefficients);
  Fitted fit_blocks(Tree& tree, const std::vector<Block>& blocks);
  void descend(Tree& tree, const std::vector<Block>& blocks, State& best);
  State best_start(Tree& tree, const std::vector<Block>& blocks);
  void evaluate_state(Tree& tree, const std::vector<Block>& blocks, State& state, bool solve);

  const Sheet& sheet_;
  Scratch scratch_;
  Evaluator evaluator_;
  FitSettings settings_;
  SmallSystem system_;
  std::size_t terms_ = 0;
  std::vector<double*> inner_;                        // into the tree
  std::vector<std::size_t> inner_term_;               // whose term each belongs to
  std::vector<std::vector<double>> values_, slopes_;  // by term, by inner constant; at rows
  std::vector<double> at_points_, model_, error_, slope_;
  std::vector<double> normal_, right_, shared_, shared_right_, solution_, row_;
  std::size_t dependent_blocks_ = 0;
  bool any_dependent_ = false;
};

}  // namespace energylens::search
