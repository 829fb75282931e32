// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "energylens/core/clock.hpp"
#include "energylens/core/number_text.hpp"
#include "energylens/table/table.hpp"

namespace energylens::observe {

/// What is read from a running system, and how its time is cut.
struct Options {
  std::string url;                              ///< of a Prometheus server, or of one page of metrics
  double begin_s = kUnknown, end_s = kUnknown;  ///< s since 1970
  double every_s = 60;                          ///< length of a window
  double step_s = 15;                           ///< between samples; at most a quarter of a window
  std::vector<std::pair<std::string, std::string>> selector;  ///< labels that the series of engines have
  std::string token;                       ///< bearer token; empty for none. Never part of a message.
  std::map<std::string, std::string> set;  ///< columns of all rows
  double max_spread = 0.25;  ///< standard deviation over mean of the requests in flight in a steady window
  double max_drift = 0.25;   ///< of their mean, from the first half of a window to the second
  double min_requests = 5;   ///< completed in a window
  const CancelToken* cancel = nullptr;
  Clock* clock = &real_clock();  ///< of a page that is sampled
  std::function<void(double share)> progress{};
};

/// Steady rows, and what became of the other windows.
struct Observed {
  table::Table table;
  std::size_t windows = 0, rows = 0;
  std::map<std::string, std::size_t> left_out;  ///< windows by reason
  std::vector<std::string> deployments;         ///< one line each: engine, model, where, GPUs
  std::vector<std::string> warnings;
};

/// Reads metrics of engines and of power from a Prometheus server by range queries, and nothing else. Throws Error (io) for a
/// server that does not answer or refuses, Error (bad input) if it has no metrics of an engine or no steady window.
Observed observe_prometheus(const Options& options);

/// The same from one page of metrics, which is sampled from now on for `end_s` - `begin_s` seconds.
Observed observe_page(const Options& options);

}  // namespace energylens::observe
