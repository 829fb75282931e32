// SPDX-License-Identifier: Apache-2.0
// A child process that runs a model and takes requests as lines of JSON: load, prefill, decode, stop
// (docs/reference/plan.md). It answers each with one line when the work is done, so that the window of a phase is
// the time from line to line. Held by exec_test.cpp with a child in Python.
#include <algorithm>
#include <memory>

#include "campaign/serving/driver.hpp"
#include "campaign/serving/reply.hpp"
#include "core/rounded_text.hpp"

namespace energylens::campaign {
namespace {

using io::Json;

class ExecDriver : public Driver {
 public:
  ExecDriver(const Context& context, const Deployment& deployment)
      : context_(context), deployment_(deployment) {
    ProcessOptions options = process_of(context, deployment, 0);
    options.talk = true;
    process_ = std::make_unique<Process>(options);
    const table::Layout& layout = deployment.layout;
    const Reply reply = ask(Json::object({{"op", "load"},
                                          {"model", deployment.model},
                                          {"quant", deployment.quant},
                                          {"tp", layout.tp},
                                          {"pp", layout.pp},
                                          {"dp", layout.dp},
                                          {"ep", layout.ep},
                                          {"seed", context.plan.seed}}),
                            context.plan.settings.ready_timeout_s);
    if (!reply.problem.empty()) {
      if (context.cancelled()) throw Error::cancelled();
      throw Error(ErrorCode::io, {}, reply.problem);
    }
    about_ = reply.about();
    simulated_ = reply.simulated();
  }
  ~ExecDriver() override {
    if (process_->running()) ask(Json::object({{"op", "stop"}}), 2);
    process_->stop(context_.plan.settings.stop_timeout_s);
  }

  JobResult run(const Job& job) override {
    JobResult result;
    result.prompt_tokens = job.isl;
    result.begin_s = context_.clock().steady_now_s();
    result.problem = prefill(job).problem;
    result.first_s = result.end_s = context_.clock().steady_now_s();
    result.ttft_s = result.first_s - result.begin_s;
    if (!result.problem.empty() || job.osl == 1) return result;
    result.problem = decode(job).problem;
    result.end_s = context_.clock().steady_now_s();
    result.tpot_s = (result.end_s - result.first_s) / (job.osl - 1);
    return result;
  }
  bool alive() override { return process_->running(); }
  std::string end_text() override {
    const std::string end = process_->end_text();  // which waits for the log
    const std::string last = context_.clean(last_line_of(context_.log_of(deployment_)));
    return "the child " + end + (last.empty() ? "" : ": " + last);
  }
  bool simulated() const override { return simulated_; }
  Json about() const override { return about_; }
  double kv_capacity_tokens() override { return capacity_of(about_); }

 private:
  Reply prefill(const Job& job) {
    return ask(Json::object({{"op", "prefill"},
                             {"batch", job.batch},
                             {"isl", job.isl},
                             {"image_tokens", job.image_tokens},
                             {"seed", job.seed}}),
               context_.plan.settings.request_timeout_s);
  }

  Reply decode(const Job& job) {
    const std::int64_t steps = job.osl - 1;
    Reply reply =
        ask(Json::object({{"op", "decode"}, {"steps", steps}}), context_.plan.settings.request_timeout_s);
    if (!reply.problem.empty()) return reply;
    const double tokens = reply.tokens();
    if (tokens == static_cast<double>(steps * job.batch)) return reply;
    reply.problem = known(tokens) ? "the child decoded " + number_text(tokens) + " tokens where " +
                                        std::to_string(steps * job.batch) + " were requested"
                                  : "the child does not report how many \"tokens\" it decoded";
    return reply;
  }

  /// Sends a line and waits for its answer; a failure is a problem of the reply.
  Reply ask(const Json& request, double timeout_s) {
    const std::string op = request.text("op");
    // An extra line would be taken for the next answer, before its work is done.
    if (const auto line = process_->receive_line(0); line && op != "stop")
      return {{}, context_.clean("the child sent an unexpected line: " + shown_line(*line))};
    if (!process_->send_line(io::print_json(request, 0))) return {{}, lost()};
    for (const double end_s = context_.clock().steady_now_s() + timeout_s;
         context_.clock().steady_now_s() < end_s;) {
      if (context_.cancelled() && op != "stop") return {{}, "stopped"};
      if (const auto line = process_->receive_line(std::min(0.2, timeout_s))) {
        Reply reply = parse_reply(*line);
        reply.problem = context_.clean(reply.problem);
        return reply;
      }
      if (process_->line_is_too_long()) return {{}, "the child sent a line of more than 1 MiB"};
      if (!process_->running()) return {{}, lost()};
    }
    return {{}, "the child did not answer \"" + op + "\" within " + rounded_text(timeout_s) + " s"};
  }

  std::string lost() {
    process_->stop(0.5);
    return end_text();
  }

  const Context& context_;
  Deployment deployment_;
  std::unique_ptr<Process> process_;
  bool simulated_ = false;
  Json about_;
};

}  // namespace

std::unique_ptr<Driver> start_exec(const Context& context, const Deployment& deployment) {
  return std::make_unique<ExecDriver>(context, deployment);
}

}  // namespace energylens::campaign
