// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "energylens/io/json.hpp"
#include "energylens/predictor/predictor.hpp"

namespace energylens::cli {

/// Lines of aligned columns for people; columns are two blanks apart. `align` has one letter per column: l or
/// r.
class TextTable {
 public:
  TextTable(std::string align, std::vector<std::string> header);
  void add(std::vector<std::string> cells);
  std::string text() const;

 private:
  std::string align_;
  std::vector<std::vector<std::string>> lines_;
};

/// An array of flat objects as CSV: one column per member name, in order of first occurrence; null is blank.
std::string csv_text(const io::Json& rows);

/// A fitted number for people: 0 where it differs from 0 by rounding errors only, far below the resolution of its
/// interval. Not for data.
std::string estimate_text(double value, double lo, double hi);

/// The prediction for a configuration in `predict` and `choose`: values with `_lo` and `_hi` where they have an
/// interval.
void add_prediction(io::Json& object, const predictor::Prediction& prediction);

/// Where the KV capacity of a prediction comes from, for people: "table", "catalogue", ...
std::string_view capacity_origin(predictor::CapacitySource source);

/// The identity of a group as an object of its key columns.
io::Json identity_json(const table::GroupIdentity& identity);

}  // namespace energylens::cli
