// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>

#include "energylens/table/table.hpp"

namespace energylens::table {

/// A question about a steady row whose batch differs from the requests in flight that Little's law gives.
struct LittleQuestion {
  std::string question;  ///< "batch: is tpot_s a median, ...?"
  std::string figures;   ///< "64, but throughput_tok_s 1000, tpot_s 0.02, osl 200, which give 20"
};

/// Refuses a steady row whose batch differs by a factor of two from throughput times latency, the requests in flight
/// by Little's law, unless another definition of a column explains it; and one with more requests in flight than
/// clients. Throws Error, naming the likely mistake.
void check_little(const Table& table, std::size_t row, int gpus);

/// The definition that explains such a difference; nothing if there is none.
std::optional<LittleQuestion> little_question(const Table& table, std::size_t row);

}  // namespace energylens::table
