// SPDX-License-Identifier: Apache-2.0
// A request costs what the model predicts for a batch of requests like it, divided by their number: terms that do not grow
// with the batch are thereby shared by those in flight. Means in flight come from one sweep over all begins and ends, in
// which the integral of the number in flight is kept. Held by requests_test.cpp.
#include "explain/requests.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "energylens/core/error.hpp"
#include "explain/wave_numbers.hpp"
#include "io/sheet.hpp"

namespace energylens::explain {
namespace {

/// Terms that one request more does not raise in proportion.
constexpr std::array<std::string_view, 6> kCommon = {"start_up",      "weights", "experts",
                                                     "step_overhead", "stages",  "expert_parallelism"};

struct Event {
  double time_s;
  int change;  ///< +1 begin, -1 end
  std::size_t request;
};

/// Mean number in flight while each request ran.
void set_in_flight(std::vector<Request>& requests) {
  std::vector<Event> events;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const Request& one = requests[i];
    if (!(one.end_s > one.start_s)) continue;
    events.push_back({one.start_s, 1, i});
    events.push_back({one.end_s, -1, i});
  }
  std::ranges::sort(events, [](const Event& a, const Event& b) {
    return a.time_s != b.time_s ? a.time_s < b.time_s : a.change < b.change;
  });
  std::vector<double> integral_at_start(requests.size(), 0.0);
  double integral = 0, last_s = events.empty() ? 0 : events.front().time_s;
  int running = 0;
  for (const Event& event : events) {
    integral += running * (event.time_s - last_s);
    last_s = event.time_s;
    running += event.change;
    Request& one = requests[event.request];
    if (event.change > 0) {
      integral_at_start[event.request] = integral;
    } else {
      one.in_flight = (integral - integral_at_start[event.request]) / (one.end_s - one.start_s);
    }
  }
}

double tokens_in(const io::Sheet& sheet, std::optional<std::size_t> column, double least) {
  const double value = sheet.number(column, "a number of tokens");
  if (known(value) && !(value >= least))
    throw Error::bad_cell(sheet.place(column), sheet.cell(column), "a number of tokens");
  return value;
}

/// What one request takes by the form, in a batch of requests like it.
Attributed by_form(const TermSums& sums, const table::Configuration& config) {
  const std::vector<double> values = sums.values(sums.variables(config), sums.waves(config));
  Attributed out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double joules = values[i] / config.load.batch;
    const parametric::FormulaTerm& term = sums.terms()[i];
    out.energy_j += joules;
    if (term.prefill) out.prefill_j += joules;
    if (std::ranges::find(kCommon, term.name) != kCommon.end()) out.common_j += joules;
  }
  return out;
}

table::Configuration question_of(const table::Configuration& config, const Request& request) {
  table::Configuration out = config;
  out.load.kind = table::RowKind::steady;
  if (known(request.in_flight)) out.load.batch = std::max(1.0, request.in_flight);
  out.load.isl = request.isl;
  out.load.osl = request.osl;
  out.load.cached_tokens = request.cached_tokens;
  out.kv_capacity_tokens = kUnknown;  // they ran together, so they fitted
  if (!known(out.load.batch))
    throw Error::usage("--batch is required: the log does not state when its requests started and ended");
  return out;
}

}  // namespace

std::vector<Request> read_requests(std::string_view text, const std::string& file) {
  io::Sheet sheet(text, file);
  const auto id = sheet.find("request_id"), tenant = sheet.find("tenant"), isl = sheet.find("isl"),
             osl = sheet.find("osl"), cached = sheet.find("cached_tokens"), start = sheet.find("start_s"),
             end = sheet.find("end_s");
  if (!osl) throw Error::bad_input({file, 1, ""}, "the log has no column osl");
  std::vector<Request> out;
  while (sheet.next()) {
    Request one;
    one.id = id ? std::string(sheet.cell(id)) : std::to_string(out.size() + 1);
    one.tenant = std::string(sheet.cell(tenant));
    one.isl = tokens_in(sheet, isl, 0);
    one.osl = tokens_in(sheet, osl, 1);
    one.cached_tokens = tokens_in(sheet, cached, 0);
    one.start_s = sheet.number(start, "a time in seconds");
    one.end_s = sheet.number(end, "a time in seconds");
    if (!known(one.osl)) throw Error::bad_input(sheet.place(osl), "the request states no osl");
    out.push_back(std::move(one));
  }
  if (out.empty()) throw Error::bad_input({file, 0, ""}, "the log has no requests");
  set_in_flight(out);
  return out;
}

Attribution attribute(const predictor::Predictor& predictor, std::size_t group,
                      const table::Configuration& config, const std::vector<Request>& requests,
                      double metered_j, const RunOptions& run) {
  const parametric::Model& form = *form_of(predictor);
  const TermSums sums(form, group, Metric::energy);
  Attribution out;
  out.requests.resize(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (form.context(group).isl_known && !known(requests[i].isl))
      throw Error::usage("this model requires isl: the log states none for request " + requests[i].id);
    out.requests[i] = by_form(sums, question_of(config, requests[i]));
    out.predicted_j += out.requests[i].energy_j;
    if (i % 1024 == 0) {
      if (run.cancel && run.cancel->cancelled()) throw Error(ErrorCode::cancelled, {}, "cancelled");
      if (run.progress) run.progress(i, requests.size());
    }
  }
  if (!known(metered_j)) return out;
  out.scale = metered_j / out.predicted_j;
  for (Attributed& one : out.requests) {
    one.energy_j *= out.scale;
    one.prefill_j *= out.scale;
    one.common_j *= out.scale;
  }
  return out;
}

}  // namespace energylens::explain
