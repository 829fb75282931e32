// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "design/grid.hpp"

namespace energylens::cli {

/// The configurations that could be measured, and the workload. What is not given comes from the rows of
/// DATA.
struct DesignFlags {
  void declare(Arguments& args);
  /// The system to measure, if there is no DATA.
  table::GroupIdentity identity() const;
  /// Whether a flag names the system, which DATA would name too.
  bool names_system() const;
  /// Throws Error (usage) for a list that neither a flag nor `rows` gives, and for an invalid workload.
  design::Grid grid(const std::vector<table::Row>& rows, const predictor::Facts& facts) const;

 private:
  std::vector<table::Layout> layouts(const std::vector<table::Row>& rows,
                                     const predictor::Facts& facts) const;

  std::string model_, gpu_, quant_, kv_dtype_, row_kind_;
  std::vector<std::string> layouts_, workload_;
  std::vector<double> batches_, isls_, osls_;
  int total_gpus_ = 0, max_pp_ = 0;
  bool repeat_ = false;
};

}  // namespace energylens::cli
