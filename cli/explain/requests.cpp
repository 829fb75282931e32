// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/requests.hpp"

#include <algorithm>
#include <map>

#include "cli/console.hpp"
#include "cli/output.hpp"
#include "core/count_text.hpp"
#include "core/file.hpp"
#include "explain/requests.hpp"

namespace energylens::cli {
namespace {

/// The sums of one tenant.
struct TenantShare {
  std::size_t requests = 0;
  double tokens = 0, energy_j = 0, common_j = 0;
};

std::map<std::string, TenantShare> tenant_shares(const std::vector<explain::Request>& requests,
                                                 const explain::Attribution& found) {
  std::map<std::string, TenantShare> out;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    TenantShare& one = out[requests[i].tenant];
    ++one.requests;
    one.tokens += requests[i].osl;
    one.energy_j += found.requests[i].energy_j;
    one.common_j += found.requests[i].common_j;
  }
  return out;
}

double attributed_j(const explain::Attribution& found) {
  double sum = 0;
  for (const explain::Attributed& one : found.requests) sum += one.energy_j;
  return sum;
}

std::string tenants_text(const std::vector<explain::Request>& requests, const explain::Attribution& found,
                         double metered_j) {
  const double total = attributed_j(found);
  TextTable table("lrrrrrr",
                  {"tenant", "requests", "output tokens", "energy", "", "of it common", "J/token"});
  for (const auto& [tenant, one] : tenant_shares(requests, found)) {
    table.add({tenant.empty() ? "-" : tenant, count_text(static_cast<double>(one.requests)),
               count_text(one.tokens), quantity_text(one.energy_j, "J"), percent_text(one.energy_j / total),
               quantity_text(one.common_j, "J"), rounded_text(one.energy_j / one.tokens)});
  }
  std::string text = table.text() + "total " + quantity_text(total, "J") + " of " +
                     count_text(static_cast<double>(requests.size())) + " requests";
  if (known(metered_j))
    text += ", metered; predicted " + quantity_text(found.predicted_j, "J") + ", so shares are scaled by " +
            rounded_text(found.scale);
  return text + '\n';
}

io::Json tenants_json(const std::vector<explain::Request>& requests, const explain::Attribution& found) {
  io::Json out = io::Json::array();
  for (const auto& [tenant, one] : tenant_shares(requests, found)) {
    out.push_back(io::Json::object({{"tenant", tenant.empty() ? io::Json() : io::Json(tenant)},
                                    {"requests", one.requests},
                                    {"output_tokens", one.tokens},
                                    {"energy_j", one.energy_j},
                                    {"common_j", one.common_j}}));
  }
  return out;
}

io::Json requests_json(const std::vector<explain::Request>& requests, const explain::Attribution& found) {
  io::Json out = io::Json::array();
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const explain::Request& one = requests[i];
    out.push_back(io::Json::object({{"request_id", one.id},
                                    {"tenant", one.tenant.empty() ? io::Json() : io::Json(one.tenant)},
                                    {"isl", one.isl},
                                    {"osl", one.osl},
                                    {"in_flight", one.in_flight},
                                    {"energy_j", found.requests[i].energy_j},
                                    {"prefill_energy_j", found.requests[i].prefill_j},
                                    {"common_j", found.requests[i].common_j}}));
  }
  return out;
}

}  // namespace

void RequestLogFlags::declare(Arguments& args) {
  args.text(
      "--requests", file, "LOG.csv",
      "share out the energy of a log of requests: columns osl, isl, and if known request_id, tenant, cached_tokens, "
      "start_s and end_s");
  args.reads();
  args.number("--metered-j", metered_j, kPositive,
              "energy that a meter counted for the whole log (J) [the predicted sum]");
  args.flag("--quiet", quiet, "no progress line");
}

void print_attribution(const RequestLogFlags& flags, const QuestionFlags& question, const AskedModel& model,
                       const std::string& format) {
  table::Configuration config{question.chosen_layout(), {}, kUnknown};
  config.load.batch = question.batch;
  config.load.accepted_per_step = question.request.load.accepted_per_step;
  config.load.drafted_per_step = question.request.load.drafted_per_step;
  const std::vector<explain::Request> requests = explain::read_requests(read_file(flags.file), flags.file);
  const RunOptions run{.progress = progress_line("attributing", flags.quiet), .cancel = &interrupted()};
  const explain::Attribution found =
      explain::attribute(*model.predictor, model.group, config, requests, flags.metered_j, run);
  if (format == "table") return print(tenants_text(requests, found, flags.metered_j));
  if (format == "csv") return print(csv_text(requests_json(requests, found)));
  print(io::print_json(io::Json::object({{"layout", table::layout_text(config.layout)},
                                         {"energy_j", attributed_j(found)},
                                         {"predicted_energy_j", found.predicted_j},
                                         {"scale", found.scale},
                                         {"tenants", tenants_json(requests, found)},
                                         {"requests", requests_json(requests, found)}})) +
        '\n');
}

}  // namespace energylens::cli
