// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>
#include <utility>

#include "campaign/plans.hpp"
#include "campaign/serving/driver.hpp"
#include "fake_clock.hpp"
#include "meter/clocked_meter.hpp"

namespace energylens::campaign {

/// A deployment that only lets time pass on a fake clock, and sets what its GPU draws meanwhile.
class ClockedDriver : public Driver {
 public:
  static constexpr double kIdle_w = 100, kPrefill_w = 600, kDecode_w = 350;
  static constexpr double kPrefill_s = 0.2, kToken_s = 0.02;

  ClockedDriver(FakeClock& clock, meter::ClockedMeter& gpu) : clock_(clock), gpu_(gpu) {}

  /// Times that the jobs take, by their number, in place of those of prefill and decode.
  void set_job_time(std::function<double(int)> seconds) { job_s_ = std::move(seconds); }

  JobResult run(const Job& job) override {
    JobResult result;
    result.prompt_tokens = job.isl;
    result.begin_s = clock_.steady_now_s();
    gpu_.set_power(kPrefill_w);
    clock_.sleep(job_s_ ? job_s_(jobs) : kPrefill_s);
    result.first_s = clock_.steady_now_s();
    result.ttft_s = result.first_s - result.begin_s;
    gpu_.set_power(kDecode_w);
    if (!job_s_) clock_.sleep(kToken_s * (job.osl - 1));
    result.end_s = clock_.steady_now_s();
    result.tpot_s = job.osl > 1 ? (result.end_s - result.first_s) / (job.osl - 1) : kUnknown;
    for (int i = 0; i < job.batch; ++i)
      result.answers.push_back({result.begin_s, result.first_s, result.end_s, static_cast<double>(job.osl)});
    gpu_.set_power(kIdle_w);
    ++jobs;
    return result;
  }
  bool alive() override { return true; }
  std::string end_text() override { return "ended"; }
  bool simulated() const override { return true; }
  io::Json about() const override { return {}; }
  double kv_capacity_tokens() override { return kUnknown; }

  int jobs = 0;

 private:
  FakeClock& clock_;
  meter::ClockedMeter& gpu_;
  std::function<double(int)> job_s_;
};

/// One configuration on a fake clock.
struct ClockedStation {
  explicit ClockedStation(const std::string& settings)
      : plan(parse_plan(R"({"identity": {"model": "toy", "gpu": "none", "quant": "fp16"},
          "configurations": [{"layout": "tp1", "batch": 2, "isl": 128, "osl": 41}],
          "serve_cmd": "serve", )" +
                            settings + "}",
                        "plan.json")) {
    options.clock = &clock;
    options.keep_samples = false;
    options.record.period_s = 0.02;
  }

  FakeClock clock;
  meter::ClockedMeter gpu{clock, ClockedDriver::kIdle_w, 0.01};
  Plan plan;
  CampaignOptions options;
  std::vector<meter::NamedMeter> meters{{"clocked", &gpu}};
  Context context{plan, options, meters, "nowhere", 1};
  ClockedDriver driver{clock, gpu};
};

}  // namespace energylens::campaign
