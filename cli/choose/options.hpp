// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "cli/choose/cost_report.hpp"
#include "cli/choose/traffic_flags.hpp"
#include "cli/flags.hpp"
#include "cli/library/system.hpp"
#include "cli/plot.hpp"
#include "energylens/choose/choose.hpp"

namespace energylens::cli {

struct ChooseOptions {
  std::string format = "table", idle_gpus = "free";
  double batch = kUnknown, concurrency = kUnknown, rate = kUnknown;
  double ttft_ms = kUnknown, tpot_ms = kUnknown, risk = kUnknown;
  TrafficFlags traffic;
  choose::Question question;
  RequestFlags request;
  SystemFlags system;
  SystemChoice library;
  PlotFlag plot;
  CostQuestion cost;
  std::string launch;
  std::vector<std::string> models, where, layouts;
  std::vector<double> power_limits;
  int top = 0;
  bool strict = false, across = false;
};

void declare_load(Arguments& args, ChooseOptions& options);
void declare_layouts(Arguments& args, ChooseOptions& options);
void declare_limits(Arguments& args, ChooseOptions& options);
void declare_cost(Arguments& args, ChooseOptions& options);

/// The question that the options ask of a group. Throws Error (usage) for options that do not fit together.
choose::Question question_of(const ChooseOptions& options, std::size_t group);

}  // namespace energylens::cli
