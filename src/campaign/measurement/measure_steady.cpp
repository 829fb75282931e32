// SPDX-License-Identifier: Apache-2.0
// A constant number of requests in flight: as soon as one ends the next begins. The window is the time in
// which all of them are certainly in flight, and counts the tokens that arrived in it. Held by loop_test.cpp.
#include <algorithm>
#include <cmath>

#include "campaign/measurement/attempt.hpp"

namespace energylens::campaign {
namespace {

/// Requests per stream that fill a window.
int jobs_for(double job_s, double window_s) {
  return static_cast<int>(std::clamp(std::ceil(window_s / std::max(job_s, 1e-6)), 1.0, 1e4));
}

/// Tokens of an answer that arrived within the window, assuming that they arrived evenly.
double tokens_within(const Answer& answer, double begin_s, double end_s) {
  const double decode_s = answer.end_s - answer.first_s;
  const double inside_s = std::min(end_s, answer.end_s) - std::max(begin_s, answer.first_s);
  const double share = decode_s > 0 ? std::clamp(inside_s / decode_s, 0.0, 1.0) : 0;
  const bool first_inside = answer.first_s >= begin_s && answer.first_s < end_s;
  return share * (answer.output_tokens - 1) + (first_inside ? 1 : 0);
}

/// From the end of the first batch of requests to the beginning of the last request.
meter::Window steady_part(const JobResult& held, std::size_t batch) {
  std::vector<double> ends, begins;
  for (const Answer& answer : held.answers) ends.push_back(answer.end_s), begins.push_back(answer.begin_s);
  std::ranges::sort(ends);
  return {ends[batch - 1], *std::ranges::max_element(begins)};
}

}  // namespace

void measure_steady(Attempt& attempt) {
  const double job_s = warm_up(attempt, attempt.osl(), std::max(attempt.settings().warmup, 1));
  if (!attempt.valid()) return;
  attempt.begin_recording();
  const JobResult held = attempt.run_job(attempt.osl(), jobs_for(job_s, attempt.settings().window_s) + 3);
  const meter::Trace trace = attempt.end_recording();
  if (!attempt.valid()) return;
  if (!std::ranges::all_of(held.answers, [](const Answer& answer) { return known(answer.first_s); }))
    return attempt.fail("a response arrived in one piece: the times of its tokens are unknown");
  const meter::Window window = steady_part(held, static_cast<std::size_t>(attempt.target().load.batch));
  if (!(window.end_s > window.begin_s)) return attempt.fail("the load was never steady; increase window_s");
  const WindowEnergy energy = attempt.take_window("total", trace, window.begin_s, window.end_s);
  double tokens = 0, in_flight_s = 0;
  for (const Answer& answer : held.answers) {
    tokens += tokens_within(answer, window.begin_s, window.end_s);
    in_flight_s +=
        std::max(0.0, std::min(window.end_s, answer.end_s) - std::max(window.begin_s, answer.begin_s));
  }
  Figures& figures = attempt.figures;
  figures.window_s = window.end_s - window.begin_s;
  figures.total_j = energy.joules;
  figures.host_j = energy.host_j;
  figures.tokens = tokens;
  figures.in_flight = in_flight_s / figures.window_s;
  figures.ttft_s = held.ttft_s;
  figures.tpot_s = held.tpot_s;
  if (!(tokens > 0)) attempt.fail("no token arrived within the window");
}

}  // namespace energylens::campaign
