// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <limits>
#include <memory>
#include <vector>

#include "search/fit/evaluate.hpp"
#include "search/fit/sheet.hpp"
#include "search/fit/small_linear.hpp"
#include "search/tree/tree.hpp"

namespace energylens::search {

/// How constants are fitted.
struct FitSettings {
  Scope coefficients = Scope::per_group, inner = Scope::shared;
  bool positive = false;         ///< coefficients of terms are > 0; those that would not be are 0
  bool positive_inner = false;   ///< so are numbers in brackets and functions
  double greatest_exponent = 8;  ///< of fitted exponents, in size
  int steps = 15;                ///< of Levenberg and Marquardt
  double tolerance = 1e-6;       ///< stop when a step lowers the loss by less, relative to it
  int starts = 1;                ///< descents that begin apart from each other; one: from what the tree holds
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
  explicit Fitter(const Sheet& sheet);
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
  /// Constants, and what follows from them at rows.
  struct State {
    std::vector<double> inner, coefficients;
    double loss = std::numeric_limits<double>::infinity();
    std::vector<std::vector<double>> values, slopes;  // columns by term, by inner constant
    std::vector<double> model, error, slope;  // the error of each row, and its derivative by the model
  };
  struct Start {
    double loss;
    std::vector<double> inner;
  };

  void find_constants(Tree& tree);
  void set_inner(const std::vector<double>& inner);
  void keep_within_bounds(std::vector<double>& inner) const;
  std::vector<double> inner_of_tree() const;
  void set_blocks(std::size_t first_group, std::size_t last_group, bool own);

  // fit.cpp: what follows from the constants
  void evaluate(const Tree& tree, State& at, bool with_slopes);
  void solve_coefficients(const double* wanted, const double* scale, State& at);
  void refine_coefficients(int rounds, State& at);
  void find_loss(State& at);
  void descend(Tree& tree, int steps);
  Fitted fit_groups(Tree& tree, std::size_t first_group, std::size_t last_group, bool own);

  // fit_step.cpp: one step of the descent
  bool step(const State& at, double damping, State& next);
  void accumulate(const Block& block, const State& at, const double* coefficients);
  void eliminate(double damping, double* kept);
  void move_inner(const State& at, std::vector<double>& change);

  // fit_starts.cpp: where descents begin
  void solve_state(Tree& tree, State& state, bool with_slopes);
  void find_start(Tree& tree, const std::vector<double>* scouted);
  void scan(Tree& tree);
  void race(Tree& tree);
  void try_start(Tree& tree, bool balanced);
  void balance(Sum& sum, bool whole_terms);
  bool far_from_all(const std::vector<double>& inner, std::size_t started) const;

  const Sheet& sheet_;
  std::unique_ptr<Sheet> thin_;    // some of many rows
  std::unique_ptr<Fitter> scout_;  // looks for starts there
  std::vector<double> root_weight_;
  Scratch scratch_;
  Evaluator evaluator_;
  FitSettings settings_;
  SmallSystem system_;
  std::vector<Block> blocks_;
  std::size_t terms_ = 0;
  std::vector<InnerConstant> inner_;     // of the tree
  std::vector<std::size_t> inner_term_;  // whose term each belongs to
  State best_, next_;
  std::vector<Start> tried_;  // by scan(), for race()
  std::vector<State> field_;
  std::vector<double> at_points_, jacobian_, residual_, row_, wanted_, kept_;
  std::vector<double> normal_, right_, shared_, shared_right_, solution_, eliminated_, change_;
  std::size_t dependent_blocks_ = 0;
  bool redundant_ = false;
};

}  // namespace energylens::search
