// SPDX-License-Identifier: Apache-2.0
// Some columns are products of others: a job's energy per token is its total over batch * osl. A row that states
// both must agree with itself. The ratio of the two figures shows which mistake was made. A figure that counts
// input tokens as well is off by osl / (isl + osl); other tools define it so, and the row is kept with a warning.
// A figure of one GPU, or one that nothing explains, is refused. Held by definitions_test.cpp.
#include "table/definitions.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <map>
#include <span>

#include "core/rounded_text.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"
#include "energylens/table/row.hpp"
#include "table/layout_of.hpp"
#include "table/little.hpp"

namespace energylens::table {
namespace {

/// Means may be taken over different windows, so that they differ by less than this factor.
constexpr double kTolerance = 1.5;
/// A mistake is named if it explains the ratio to within this factor.
constexpr double kExplained = 1.25;

/// The mean rate of single requests is at least the rate of the deployment over its batch, and at most this many
/// times the rate of the deployment: where lengths differ, a mean of ratios is not a ratio of means (1.6 at most in
/// public tables).
constexpr double kMeanOfRates = 3;

struct Factor {
  Column column;
  int power;  ///< 1 or -1
};

/// `stated` is the product of the first `count` factors in rows of `kind`.
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

/// The value that the other columns give; unknown if one of them is blank.
double implied(const Table& table, std::size_t row, const Definition& definition) {
  double product = 1;
  for (const Factor& factor : definition.all()) {
    const double value = number_at(table, factor.column, row);
    product = factor.power > 0 ? product * value : product / value;
  }
  return product;
}

/// Stated over implied value if they contradict each other; unknown if they agree or one is blank.
double contradiction(const Table& table, std::size_t row, const Definition& definition) {
  const bool steady = table.text(Column::row_kind, row) == "steady";
  if ((definition.kind == RowKind::steady) != steady) return kUnknown;
  const double ratio = number_at(table, definition.stated, row) / implied(table, row, definition);
  return ratio >= kTolerance || ratio <= 1 / kTolerance ? ratio : kUnknown;
}

std::string figure(const Table& table, std::size_t row, Column column) {
  return fmt::format("{} {}", info(column).name, number_text(number_at(table, column, row)));
}

/// "total_energy_j 4000, batch 8, osl 100, which give 5"
std::string basis_text(const Table& table, std::size_t row, const Definition& definition) {
  std::vector<std::string> cells;
  for (const Factor& factor : definition.all()) cells.push_back(figure(table, row, factor.column));
  return fmt::format("{}, which give {}", join(cells), rounded_text(implied(table, row, definition)));
}

bool explains(double factor, double ratio) {
  const double off = ratio / factor;
  return off < kExplained && off > 1 / kExplained;
}

bool is(const Definition& definition, Column column) {
  return definition.stated == column;
}

/// A question about the definition, if a definition of other tools explains the ratio; else empty.
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

/// "; is it of one GPU by mistake?", or another mistake that explains the ratio.
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

/// Phases whose times do not add up to the total. The row can be right if the total contains other time.
bool time_outside_of_phases(const Table& table, std::size_t row) {
  if (table.text(Column::row_kind, row) == "steady") return false;
  const double phases =
      number_at(table, Column::prefill_time_s, row) + number_at(table, Column::decode_time_s, row);
  return kTolerance * phases < number_at(table, Column::total_time_s, row);
}

/// The rows about which one question is asked.
struct Finding {
  std::size_t rows = 0;
  std::string first;
};

}  // namespace

void check_definitions(const Table& table, std::size_t row, int gpus) {
  for (const Definition& definition : kDefinitions) {
    const double ratio = contradiction(table, row, definition);
    if (!known(ratio) || !other_definition(table, row, definition, ratio).empty()) continue;
    throw Error::bad_input(
        place_of(table, row, definition.stated),
        fmt::format("{} contradicts {}{}", number_text(number_at(table, definition.stated, row)),
                    basis_text(table, row, definition), mistake_text(table, row, definition, ratio, gpus)));
  }
}

std::vector<std::string> definition_findings(const Table& table) {
  std::map<std::string, Finding> findings;  // by question
  const auto note = [&](const std::string& question, std::size_t row, const std::string& figures) {
    Finding& finding = findings[question];
    if (finding.rows++ == 0)
      finding.first = fmt::format("{}:{}: {}", table.file(row), table.line(row), figures);
  };
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (const Definition& definition : kDefinitions) {
      const double ratio = contradiction(table, row, definition);
      if (!known(ratio)) continue;
      note(fmt::format("{}: {}", info(definition.stated).name,
                       other_definition(table, row, definition, ratio)),
           row,
           fmt::format("{}, but {}", number_text(number_at(table, definition.stated, row)),
                       basis_text(table, row, definition)));
    }
    if (const std::optional<LittleQuestion> little = little_question(table, row))
      note(little->question, row, little->figures);
    if (time_outside_of_phases(table, row))
      note("total_time_s: does it contain time outside of both phases, such as waiting?", row,
           fmt::format("{} and {}, but {}", figure(table, row, Column::prefill_time_s),
                       figure(table, row, Column::decode_time_s), figure(table, row, Column::total_time_s)));
  }
  std::vector<std::string> lines;
  for (const auto& [question, finding] : findings)
    lines.push_back(fmt::format(
        "{} {} First: {}", plural(finding.rows, "row contradicts itself in", "rows contradict themselves in"),
        question, finding.first));
  return lines;
}

}  // namespace energylens::table
