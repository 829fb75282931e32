// SPDX-License-Identifier: Apache-2.0
// Little's law: the mean number of requests in flight is the rate of requests times the time that each of them takes. It
// holds for means of any server in a steady state. Held by little_test.cpp.
#include "table/little.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/rounded_text.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"
#include "table/layout_of.hpp"

namespace energylens::table {
namespace {

/// Means may be taken over different windows, so that they differ by less than this factor; medians in place of means
/// differ by less than the other.
constexpr double kWindows = 1.5, kMedians = 2;
/// A mistake is named if it explains the ratio to within this factor.
constexpr double kNamed = 1.25;

/// The requests in flight that the other columns of a steady row give.
struct InFlight {
  double requests = kUnknown;     ///< by the whole latency, as far as it is known
  double decoding = kUnknown;     ///< by the time after the first token alone
  bool with_first_token = false;  ///< ttft_s is known
  bool at_most = false;           ///< from the rate of arrivals, not all of which need be served
};

InFlight in_flight(const Table& table, std::size_t row) {
  InFlight out;
  if (table.text(Column::row_kind, row) != "steady") return out;
  const double osl = number_at(table, Column::osl, row), ttft_s = number_at(table, Column::ttft_s, row);
  double rate = number_at(table, Column::throughput_tok_s, row) / osl;
  out.at_most = !known(rate);
  if (out.at_most) rate = number_at(table, Column::request_rate_rps, row);
  const double decode_s = osl > 1 ? number_at(table, Column::tpot_s, row) * (osl - 1) : 0;
  out.with_first_token = known(ttft_s);
  out.decoding = rate * decode_s;
  out.requests = out.with_first_token ? rate * (ttft_s + decode_s) : out.decoding;
  if (!(out.requests > 0)) out.requests = kUnknown;
  return out;
}

bool explained(double ratio, double factor) {
  const double off = ratio / factor;
  return off < kNamed && off > 1 / kNamed;
}

bool differs(double ratio, double factor) {
  return ratio >= factor || ratio <= 1 / factor;
}

/// "throughput_tok_s 1000, ttft_s 0.2, tpot_s 0.02, osl 200, which give 20 requests in flight"
std::string figures_text(const Table& table, std::size_t row, const InFlight& flight) {
  std::vector<std::string> cells;
  const Column rate = flight.at_most ? Column::request_rate_rps : Column::throughput_tok_s;
  for (const Column column : {rate, Column::ttft_s, Column::tpot_s, Column::osl}) {
    const double value = number_at(table, column, row);
    if (known(value)) cells.push_back(fmt::format("{} {}", info(column).name, number_text(value)));
  }
  return fmt::format("{}, which give {} requests in flight{}", join(cells), rounded_text(flight.requests),
                     flight.at_most ? " at most" : "");
}

/// The question whose answer explains the ratio of batch to requests in flight; "" if there is none.
std::string explanation(const Table& table, std::size_t row, const InFlight& flight, double ratio) {
  const double batch = number_at(table, Column::batch, row);
  if (ratio > 1) {
    if (flight.with_first_token) return "";
    return "is tpot_s a median, or is much of the time of a request spent before its first token?";
  }
  if (flight.at_most) return "does more arrive than is served?";
  if (flight.with_first_token && batch * kWindows > flight.decoding)
    return "does ttft_s contain time in a queue?";
  const double isl = number_at(table, Column::isl, row), osl = number_at(table, Column::osl, row);
  if (explained(ratio, osl / (isl + osl))) return "does throughput_tok_s count tokens of input and output?";
  return "";
}

std::string slip_text(double ratio, int gpus, int replicas) {
  if (replicas > 1 && explained(ratio, 1.0 / replicas)) return "; is it of one replica by mistake?";
  if (gpus > 1 && explained(ratio, gpus)) return "; is throughput_tok_s of one GPU by mistake?";
  if (replicas > 1 && explained(ratio, replicas)) return "; is throughput_tok_s of one replica by mistake?";
  if (explained(ratio, 1e-3)) return "; are latencies in ms by mistake?";
  return "";
}

}  // namespace

void check_little(const Table& table, std::size_t row, int gpus) {
  const double batch = number_at(table, Column::batch, row);
  const double clients = number_at(table, Column::concurrency, row);
  const bool steady = table.text(Column::row_kind, row) == "steady";
  if (steady && batch > kNamed * clients)
    throw Error::bad_input(place_of(table, row, Column::batch),
                           fmt::format("{} requests in flight are more than the {} clients (concurrency)",
                                       number_text(batch), number_text(clients)));
  const InFlight flight = in_flight(table, row);
  const double ratio = batch / flight.requests;
  if (!known(ratio) || !differs(ratio, kMedians) || !explanation(table, row, flight, ratio).empty()) return;
  throw Error::bad_input(
      place_of(table, row, Column::batch),
      fmt::format("{} contradicts {}{}", number_text(batch), figures_text(table, row, flight),
                  slip_text(ratio, gpus, layout_of(table, row).dp)));
}

std::optional<LittleQuestion> little_question(const Table& table, std::size_t row) {
  const InFlight flight = in_flight(table, row);
  const double batch = number_at(table, Column::batch, row), ratio = batch / flight.requests;
  if (!known(ratio) || !differs(ratio, kWindows)) return std::nullopt;
  std::string question = explanation(table, row, flight, ratio);
  if (question.empty()) question = "are throughput and latencies means over one window?";
  return LittleQuestion{"batch: " + question,
                        fmt::format("{}, but {}", number_text(batch), figures_text(table, row, flight))};
}

}  // namespace energylens::table
