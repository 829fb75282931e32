// SPDX-License-Identifier: Apache-2.0
#include "cli/bench/report.hpp"

#include <algorithm>

#include "cli/output.hpp"
#include "core/rounded_text.hpp"
#include "core/secret.hpp"

namespace energylens::cli {
namespace {

io::Json percentiles_json(const load::Percentiles& p) {
  return io::Json::object({{"mean", p.mean_s}, {"p50", p.p50_s}, {"p90", p.p90_s}, {"p99", p.p99_s}});
}

}  // namespace

std::string first_problem(const load::LoadResult& result, const std::string& key) {
  const auto failed = std::ranges::find_if_not(result.completions, &load::Completion::whole);
  if (failed == result.completions.end()) return {};
  return without_secret(failed->problem, key);
}

std::vector<std::string> doubts(const load::LoadResult& result, int osl) {
  std::vector<std::string> doubts;
  const auto add = [&](int count, const std::string& what) {
    const std::string share = std::to_string(count) + " of " + std::to_string(result.whole) + " responses ";
    if (count > 0) doubts.push_back(share + what);
  };
  const std::string asked = " tokens than the " + std::to_string(osl) + " requested: ";
  add(result.short_answers,
      "have fewer" + asked + "the server ignores min_tokens or ignore_eos, or its limit is lower");
  add(result.long_answers, "have more" + asked + "the server ignores max_tokens or counts differently");
  add(result.uncounted_answers, "do not report their tokens (usage); TPOT and throughput are unavailable");
  add(result.cached_answers, "were partly served from the prefix cache; use another --seed");
  return doubts;
}

std::string bench_json(const load::LoadResult& result, const std::string& problem) {
  const double seconds = result.end_s - result.begin_s;
  io::Json json = io::Json::object({{"requests", result.completions.size()},
                                    {"whole", result.whole},
                                    {"failed", result.failed},
                                    {"short_answers", result.short_answers},
                                    {"long_answers", result.long_answers},
                                    {"uncounted_answers", result.uncounted_answers},
                                    {"cached_answers", result.cached_answers},
                                    {"first_problem", problem.empty() ? io::Json() : io::Json(problem)},
                                    {"duration_s", seconds},
                                    {"in_flight", result.in_flight},
                                    {"prompt_tokens", result.prompt_tokens},
                                    {"output_tokens", result.output_tokens},
                                    {"throughput_tok_s", result.output_tokens / seconds},
                                    {"requests_per_s", result.whole / seconds}});
  json["ttft_s"] = percentiles_json(result.ttft);
  json["tpot_s"] = percentiles_json(result.tpot);
  json["itl_s"] = percentiles_json(result.itl);
  json["e2el_s"] = percentiles_json(result.e2el);
  return io::print_json(json) + '\n';
}

std::string bench_text(const load::LoadResult& result) {
  const double seconds = result.end_s - result.begin_s;
  TextTable table("lrrrr", {"", "mean", "p50", "p90", "p99"});
  for (const auto& [name, p] : {std::pair{"TTFT", &result.ttft},
                                {"TPOT", &result.tpot},
                                {"ITL", &result.itl},
                                {"E2EL", &result.e2el}}) {
    table.add({name, quantity_text(p->mean_s, "s"), quantity_text(p->p50_s, "s"),
               quantity_text(p->p90_s, "s"), quantity_text(p->p99_s, "s")});
  }
  return table.text() + std::to_string(result.whole) + " requests in " + rounded_text(seconds) + " s, " +
         std::to_string(result.failed) + " failed; " + rounded_text(result.in_flight) + " in flight; " +
         rounded_text(result.output_tokens / seconds) + " output tokens/s\n";
}

}  // namespace energylens::cli
