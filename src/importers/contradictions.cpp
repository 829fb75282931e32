// SPDX-License-Identifier: Apache-2.0
// Held by contradictions_test.cpp.
#include "importers/contradictions.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/rounded_text.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::importers {
namespace {

constexpr double kRoundingOfFigures = 1.01;

double figure(const io::Json& run, const std::string& name) {
  const io::Json* const found = run.find(name);
  return found && found->is_number() ? found->as_number() : kUnknown;
}

/// A latency in seconds: names without an ending are in seconds, but for itl, which no reader takes and which other tools
/// write in milliseconds.
double seconds_of(const io::Json& run, const std::string& name) {
  const double ms = figure(run, name + "_ms");
  if (known(ms)) return ms * 1e-3;
  return name.ends_with("itl") ? kUnknown : figure(run, name);
}

[[noreturn]] void refuse_figure(const io::Json& run, const std::string& name, const std::string& why) {
  const io::Json* const found = run.find(name) ? run.find(name) : run.find(name + "_ms");
  throw(found ? *found : run).error(fmt::format("contradictory figures: {} {}", quote(name), why));
}

}  // namespace

void check_contradictions(const io::Json& run, std::vector<std::string>& warnings) {
  if (!run.is_object()) return;
  const double completed = figure(run, "completed"), prompts = figure(run, "num_prompts"),
               duration_s = figure(run, "duration");
  if (completed > prompts)
    refuse_figure(
        run, "completed",
        fmt::format("is {}, more than the {} prompts", number_text(completed), number_text(prompts)));
  for (const std::string latency : {"ttft", "tpot", "itl", "e2el"}) {
    for (const std::string kind : {"mean_", "median_", "p50_", "p90_", "p95_", "p99_"}) {
      const double seconds = seconds_of(run, kind + latency);
      if (seconds < 0) refuse_figure(run, kind + latency, "is negative");
      if (duration_s > 0 && seconds > kRoundingOfFigures * duration_s)
        refuse_figure(run, kind + latency,
                      fmt::format("is {}, longer than the run of {}", quantity_text(seconds, "s"),
                                  quantity_text(duration_s, "s")));
    }
  }
  const double ttft_s = seconds_of(run, "mean_ttft"), e2el_s = seconds_of(run, "mean_e2el");
  if (ttft_s > kRoundingOfFigures * e2el_s)
    refuse_figure(run, "mean_ttft",
                  fmt::format("is {}, longer than the mean of whole requests, {}", quantity_text(ttft_s, "s"),
                              quantity_text(e2el_s, "s")));
  for (const std::string name :
       {"total_input_tokens", "total_output_tokens", "output_throughput", "request_throughput"}) {
    if (figure(run, name) < 0) refuse_figure(run, name, "is negative");
  }
  const double rate = figure(run, "request_throughput");
  if (std::abs(rate * duration_s / completed - 1) > 0.05)
    warnings.push_back(fmt::format("\"request_throughput\" is {}, but {} requests in {} s are {} per second",
                                   number_text(rate), number_text(completed), number_text(duration_s),
                                   rounded_text(completed / duration_s)));
}

}  // namespace energylens::importers
