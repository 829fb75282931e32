// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "energylens/io/json.hpp"
#include "energylens/predictor/group_context.hpp"
#include "energylens/predictor/predictor.hpp"

namespace energylens::cli {

/// Where an answer comes from if no model file was given.
struct LibraryNote {
  std::size_t groups = 0;            ///< fitted groups behind the answer
  std::vector<std::string> nearest;  ///< the nearest of them, at most three
  double likeness = kUnknown;        ///< of the nearest, from 0 to 1
  std::string fitted;                ///< data set of the system itself; "" if nothing of it was measured

  /// "nothing measured here: prior from 64 groups, nearest: ..."
  std::string text() const;
};

/// The group of a model file that is asked, and what its answers repeat about it.
struct AskedModel {
  std::string file, hash;  ///< FNV-1a (64 bits) of the file, as 16 hexadecimal digits
  std::unique_ptr<predictor::Predictor> predictor;
  std::size_t group = 0;
  std::optional<LibraryNote> note = std::nullopt;  ///< of laws from the library

  const predictor::GroupContext* context() const { return predictor->stored_context(group); }
  /// Whether the verdict of the fit is "do not use".
  bool not_to_be_used() const;
  /// Whether the file states that no training row of the group was measured.
  bool unmeasured() const;
  /// Warns of both, and repeats the verdict.
  void warn_of_verdict() const;
  /// For people: "verdict of the fit: usable: only 12 rows ...", unless the fit is good or has no verdict; of the library,
  /// where the law comes from.
  std::string verdict_line() const;
};

/// Whether rows of the group were measured, and the verdict of the fit is not "do not use"; true where the file states
/// neither.
bool is_sound(const predictor::GroupContext* context);

/// Warns of the verdict "do not use", with its worst reason, and of a group of which nothing was measured; nothing for
/// nullptr.
void warn_of_verdict(const predictor::GroupContext* context);

/// Reads a model file and selects its group by --where.
AskedModel load_asked_model(const std::string& file, const std::vector<std::string>& where);

/// Adds the members "question", "model" and "measured_rows" of an answer.
void add_echo(io::Json& answer, const io::Json& question, const AskedModel& model);
/// The same as cells of flat rows: question_NAME, model_file, model_hash, verdict, measured_rows.
void add_echo_cells(io::Json& row, const io::Json& question, const AskedModel& model);

}  // namespace energylens::cli
