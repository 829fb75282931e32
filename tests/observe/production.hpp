// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "observe/series.hpp"

namespace energylens::observe {

/// Metrics of a made-up server: `load` requests in flight at each time, each of `isl` and `osl` tokens, that take `latency_s`;
/// two GPUs that together draw 200 W and 50 W more per request in flight.
struct Production {
  std::function<double(double time_s)> load = [](double) { return 8.0; };
  double isl = 100, osl = 51, ttft_s = 0.5, tpot_s = 0.05;
  std::string model = "org/toy", host = "n1", pod;
  double begin_s = 1'700'000'000, length_s = 600, step_s = 15;
  std::string running = "vllm:num_requests_running", tpot = "vllm:time_per_output_token_seconds";

  double latency_s() const { return ttft_s + tpot_s * (osl - 1); }
  double power_w(double in_flight) const { return 200 + 50 * in_flight; }

  std::vector<Series> series() const {
    const Labels engine = {{"instance", host + ":8000"}, {"model_name", model}};
    std::vector<Series> all;
    const auto add = [&](const std::string& name, Labels labels) {
      if (!pod.empty()) labels.emplace_back("pod", pod);
      all.push_back({name, std::move(labels), {}});
      return all.size() - 1;
    };
    const std::size_t gauge = add(running, engine), waiting = add("vllm:num_requests_waiting", engine);
    const std::size_t input = add("vllm:prompt_tokens_total", engine),
                      output = add("vllm:generation_tokens_total", engine);
    const std::size_t done = add("vllm:request_success_total", engine);
    const std::size_t ttft = add("vllm:time_to_first_token_seconds_sum", engine),
                      ttfts = add("vllm:time_to_first_token_seconds_count", engine);
    const std::size_t per_token = add(tpot + "_sum", engine), tokens = add(tpot + "_count", engine);
    std::vector<std::size_t> gpus;
    for (const char* gpu : {"0", "1"})
      gpus.push_back(
          add("DCGM_FI_DEV_POWER_USAGE",
              {{"gpu", gpu}, {"UUID", "GPU-" + host + gpu}, {"Hostname", host}, {"modelName", "Toy GPU"}}));
    double requests = 1000;
    for (double t = 0; t <= length_s; t += step_s) {
      const double time_s = begin_s + t, in_flight = load(time_s);
      const auto point = [&](std::size_t at, double value) { all[at].points.push_back({time_s, value}); };
      point(gauge, in_flight);
      point(waiting, 0);
      point(input, requests * isl);
      point(output, requests * osl);
      point(done, requests);
      point(ttft, requests * ttft_s);
      point(ttfts, requests);
      point(per_token, requests * (osl - 1) * tpot_s);
      point(tokens, requests * (osl - 1));
      for (const std::size_t gpu : gpus) point(gpu, power_w(in_flight) / 2);
      requests += load(time_s + step_s / 2) / latency_s() * step_s;
    }
    return all;
  }
};

}  // namespace energylens::observe
