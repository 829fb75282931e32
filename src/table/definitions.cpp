// SPDX-License-Identifier: Apache-2.0
// Some columns are products of others: a job's energy per token is its total over batch * osl. Where both are
// stated they must agree. How far apart they are tells which mix-up it is: counting the input as well is off
// by osl / (isl + osl), and that is a definition of others, so it is a doubt; the figure of one GPU, or one
// that nothing explains, is refused. Held by definitions_test.cpp.
#include "table/definitions.hpp"

#include <array>
#include <cmath>
#include <map>
#include <span>

#include "energylens/core/count_text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"
#include "energylens/table/row.hpp"
#include "table/layout_of.hpp"

namespace energylens::table {
namespace {

/// Means may be taken over other windows, but not be another quantity.
constexpr double kTolerance = 1.5;
/// A mix-up is named if it explains the ratio to this factor.
constexpr double kExplained = 1.25;

/// The mean of the rates of requests is between that of one of a batch and so many times the rate of all:
/// where their lengths differ, means of ratios are not ratios of means (1.6 at most in public tables).
constexpr double kMeanOfRates = 3;

struct Factor {
  Column column;
  int power;  ///< 1 or -1
};

/// `stated` is the product of `factors` in rows of `kind`; factors without a column are absent.
struct Definition {
  RowKind kind;
  Column stated;
  std::array<Factor, 3> factors;
  std::size_t count;
  std::span<const Factor> all() const { return std::span(factors).first(count); }
};
constexpr Factor kNone{Column::batch, 1};
constexpr std::array<Definition, 5> kDefinitions = {{
    {RowKind::job,
     Column::energy_per_out_token_j,
     {{{Column::total_energy_j, 1}, {Column::batch, -1}, {Column::osl, -1}}},
     3},
    {RowKind::job,
     Column::energy_per_request_j,
     {{{Column::total_energy_j, 1}, {Column::batch, -1}, kNone}},
     2},
    {RowKind::job,
     Column::throughput_tok_s,
     {{{Column::batch, 1}, {Column::osl, 1}, {Column::total_time_s, -1}}},
     3},
    {RowKind::steady,
     Column::energy_per_out_token_j,
     {{{Column::avg_power_w, 1}, {Column::throughput_tok_s, -1}, kNone}},
     2},
    {RowKind::steady,
     Column::energy_per_request_j,
     {{{Column::energy_per_out_token_j, 1}, {Column::osl, 1}, kNone}},
     2},
}};

/// What the other columns give; unknown if one of them is blank.
double implied(const Table& table, std::size_t row, const Definition& definition) {
  double product = 1;
  for (const Factor& factor : definition.all()) {
    const double value = number_at(table, factor.column, row);
    product = factor.power > 0 ? product * value : product / value;
  }
  return product;
}

/// Stated over implied where they contradict each other; unknown where they do not, or one is blank.
double contradiction(const Table& table, std::size_t row, const Definition& definition) {
  const bool steady = table.text(Column::row_kind, row) == "steady";
  if ((definition.kind == RowKind::steady) != steady) return kUnknown;
  const double ratio = number_at(table, definition.stated, row) / implied(table, row, definition);
  return ratio >= kTolerance || ratio <= 1 / kTolerance ? ratio : kUnknown;
}

std::string cell_text(const Table& table, std::size_t row, Column column) {
  return std::string(info(column).name) + ' ' + number_text(number_at(table, column, row));
}

/// "total_energy_j 4000, batch 8, osl 100, which give 5"
std::string basis_text(const Table& table, std::size_t row, const Definition& definition) {
  std::string text;
  for (const Factor& factor : definition.all()) text += cell_text(table, row, factor.column) + ", ";
  return text + "which give " + rounded_text(implied(table, row, definition));
}

bool explains(double factor, double ratio) {
  const double off = ratio / factor;
  return off < kExplained && off > 1 / kExplained;
}

bool is(const Definition& definition, Column column) {
  return definition.stated == column;
}

/// The definition of others that explains the ratio; empty if there is none.
std::string other_definition(const Table& table, std::size_t row, const Definition& definition,
                             double ratio) {
  const double isl = number_at(table, Column::isl, row), osl = number_at(table, Column::osl, row);
  const double output_share = osl / (isl + osl);
  const auto counts_input = [&](double measured) {
    return known(output_share) ? explains(output_share, measured) : measured < 1;
  };
  if (is(definition, Column::throughput_tok_s)) {
    const bool own_rates =
        ratio < kMeanOfRates && ratio * number_at(table, Column::batch, row) * kTolerance > 1;
    const bool with_input = counts_input(1 / ratio);
    if (with_input && own_rates && !known(output_share))
      return "does it count tokens of input and output, or is it the mean of the requests' own rates?";
    if (with_input) return "does it count tokens of input and output?";
    return own_rates ? "is it the mean of the requests' own rates?" : "";
  }
  if (is(definition, Column::energy_per_request_j)) return {};
  if (counts_input(ratio)) return "is it per token of input and output?";
  if (definition.kind == RowKind::steady && counts_input(1 / ratio))
    return "does throughput_tok_s count tokens of input and output?";
  return {};
}

/// "; is it of one GPU by mistake?", or what else is off by that ratio.
std::string mistake_text(const Table& table, std::size_t row, const Definition& definition, double ratio,
                         int gpus) {
  const double batch = number_at(table, Column::batch, row);
  if (gpus > 1 && explains(1.0 / gpus, ratio)) return "; is it of one GPU by mistake?";
  if (gpus > 1 && definition.kind == RowKind::steady && explains(gpus, ratio))
    return "; is avg_power_w of one GPU by mistake?";
  if (is(definition, Column::throughput_tok_s)) return {};
  if (explains(batch, ratio) && definition.kind == RowKind::job)
    return is(definition, Column::energy_per_request_j) ? "; is it of the whole batch by mistake?"
                                                        : "; is it of a step of the whole batch by mistake?";
  if (explains(1000, ratio)) return "; is it in mJ by mistake?";
  return {};
}

/// Phases whose times do not add up to the total: the row can be true if the total has more in it.
bool time_outside_of_phases(const Table& table, std::size_t row) {
  if (table.text(Column::row_kind, row) == "steady") return false;
  const double phases =
      number_at(table, Column::prefill_time_s, row) + number_at(table, Column::decode_time_s, row);
  return kTolerance * phases < number_at(table, Column::total_time_s, row);
}

/// Rows of one doubt.
struct Doubt {
  std::size_t rows = 0;
  std::string first;
};

}  // namespace

void check_definitions(const Table& table, std::size_t row, int gpus) {
  for (const Definition& definition : kDefinitions) {
    const double ratio = contradiction(table, row, definition);
    if (!known(ratio) || !other_definition(table, row, definition, ratio).empty()) continue;
    throw Error::bad_input(place_of(table, row, definition.stated),
                           number_text(number_at(table, definition.stated, row)) + " contradicts " +
                               basis_text(table, row, definition) +
                               mistake_text(table, row, definition, ratio, gpus));
  }
}

std::vector<std::string> definition_doubts(const Table& table) {
  std::map<std::string, Doubt> doubts;  // by what is asked
  const auto note = [&](const std::string& question, std::size_t row, const std::string& what) {
    Doubt& doubt = doubts[question];
    if (doubt.rows++ == 0)
      doubt.first = table.file(row) + ':' + std::to_string(table.line(row)) + ": " + what;
  };
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (const Definition& definition : kDefinitions) {
      const double ratio = contradiction(table, row, definition);
      if (!known(ratio)) continue;
      note(std::string(info(definition.stated).name) + ": " + other_definition(table, row, definition, ratio),
           row,
           number_text(number_at(table, definition.stated, row)) + " beside " +
               basis_text(table, row, definition));
    }
    if (time_outside_of_phases(table, row))
      note("total_time_s: has it time outside of both phases, such as waiting?", row,
           cell_text(table, row, Column::prefill_time_s) + " and " +
               cell_text(table, row, Column::decode_time_s) + " beside " +
               cell_text(table, row, Column::total_time_s));
  }
  std::vector<std::string> lines;
  for (const auto& [question, doubt] : doubts)
    lines.push_back(counted(doubt.rows, "row") +
                    (doubt.rows == 1 ? " contradicts itself in " : " contradict themselves in ") + question +
                    " First " + doubt.first);
  return lines;
}

}  // namespace energylens::table
