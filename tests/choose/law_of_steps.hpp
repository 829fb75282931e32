// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <span>
#include <string_view>
#include <vector>

#include "energylens/predictor/predictor.hpp"
#include "predictor/waves.hpp"

namespace energylens::choose {

/// A predictor whose jobs are made of steps, as the law's are: a decode step of one replica of n GPUs takes
/// (step + each B^0.8) / sqrt(n), a prompt (start + token isl) / n; every GPU draws 400 W.
struct LawOfSteps : predictor::Predictor {
  double step = 0.02, each = 0.0005, start = 0.02, token = 4e-5;
  std::vector<table::GroupIdentity> identities{1};

  double decode_step(double gpus, double requests) const {
    return (step + each * std::pow(requests, 0.8)) / std::sqrt(gpus);
  }
  double prefill(double gpus, double requests, double isl) const {
    return (start + token * requests * isl) / gpus;
  }

  std::string_view kind() const override { return "steps"; }
  std::span<const table::GroupIdentity> groups() const override { return identities; }
  predictor::Prediction predict(std::size_t, const table::Configuration& config) const override {
    const table::Load& load = config.load;
    const double copies = predictor::replicas(config.layout), gpus = config.layout.gpus() / copies;
    const double requests = load.batch / copies, steps = load.decode_steps();
    const double decode = decode_step(gpus, requests), first = prefill(gpus, requests, load.isl);
    const bool steady = load.kind == table::RowKind::steady;
    const double total = first + steps * decode, watts = 400 * config.layout.gpus();
    predictor::Prediction p;
    p.waves = 1;
    p.total_time_s = around(total);
    p.total_energy_j = around(watts * total);
    p.prefill_energy_j = around(watts * first);
    p.decode_energy_j = around(watts * steps * decode);
    p.energy_per_out_token_j = around(watts * total / (load.batch * load.osl));
    p.ttft_s = around(steady ? prefill(gpus, 1, load.isl) + decode : first);
    if (load.osl > 1) p.tpot_s = around((steady ? total : steps * decode) / (load.osl - 1));
    p.avg_power_w = around(watts);
    return p;
  }

  static predictor::Estimate around(double value) { return {value, 0.97 * value, 1.03 * value}; }
};

}  // namespace energylens::choose
