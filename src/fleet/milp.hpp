// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace energylens::fleet {

/// A mixed integer programme: the least sum of cost x variable, all variables at least 0.
class IntegerProgram {
 public:
  enum class Sense { equal, at_most };
  std::size_t add_variable(double cost, bool whole);
  std::size_t add_row(Sense sense, double right_side);
  void add(std::size_t row, std::size_t variable, double coefficient);

  /// In the free MPS format.
  std::string mps() const;
  /// The values of the variables, within `gap` (relative) of the least cost. Throws Error (io) if CBC is missing or
  /// finds no solution.
  std::vector<double> solve(double gap) const;

 private:
  struct Entry {
    std::size_t row;
    double coefficient;
  };
  struct Variable {
    double cost;
    bool whole;
    std::vector<Entry> entries;
  };
  struct Row {
    Sense sense;
    double right_side;
  };
  std::vector<Variable> variables_;
  std::vector<Row> rows_;
};

}  // namespace energylens::fleet
