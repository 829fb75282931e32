// SPDX-License-Identifier: Apache-2.0
#include "cli/bench/report.hpp"

#include <algorithm>
#include <cmath>

#include "cli/output.hpp"
#include "core/rounded_text.hpp"
#include "core/secret.hpp"

namespace energylens::cli {
namespace {

io::Json percentiles_json(const load::Percentiles& p) {
  return io::Json::object({{"mean", p.mean_s}, {"p50", p.p50_s}, {"p90", p.p90_s}, {"p99", p.p99_s}});
}

std::string prompt_length_text(const load::LoadResult& result) {
  return "the server counts " + rounded_text(result.prompt_tokens / result.whole) + " tokens per prompt";
}

/// Prompts whose tokens the server counts otherwise than `isl`, but for one that may begin every text.
int other_prompts(const load::LoadResult& result, const BenchRequest& request) {
  const double allowed = 1 + 0.01 * request.isl;
  return static_cast<int>(std::ranges::count_if(result.completions, [&](const load::Completion& one) {
    return one.whole() && std::abs(one.prompt_tokens - request.isl) > allowed;
  }));
}

std::string share_text(const load::LoadResult& result, int count, const std::string& what) {
  return std::to_string(count) + " of " + std::to_string(result.whole) + " responses " + what;
}

/// What helps against the refusal of a server; empty if nothing is known to.
std::string help_text(const std::string& problem) {
  const auto names = [&](std::string_view word) { return problem.find(word) != problem.npos; };
  if (!names("responded with status 4")) return {};
  if (names("ignore_eos") || names("min_tokens"))
    return "; try --no-ignore-eos, which leaves out ignore_eos and min_tokens";
  if (names("prompt") && names("string")) return "; try --text, which sends prompts as text";
  return {};
}

}  // namespace

std::string first_problem(const load::LoadResult& result, const std::string& key) {
  const auto failed = std::ranges::find_if_not(result.completions, &load::Completion::whole);
  if (failed == result.completions.end()) return {};
  const std::string problem = without_secret(failed->problem, key);
  return problem + help_text(problem);
}

std::vector<std::string> doubts(const load::LoadResult& result, const BenchRequest& request) {
  std::vector<std::string> doubts;
  const auto add = [&](int count, const std::string& what) {
    if (count > 0) doubts.push_back(share_text(result, count, what));
  };
  const std::string asked = " tokens than the " + std::to_string(request.osl) + " requested: ";
  if (request.exact)
    add(result.short_answers,
        "have fewer" + asked + "the server ignores min_tokens or ignore_eos, or its limit is lower");
  add(result.long_answers, "have more" + asked + "the server ignores max_tokens or counts differently");
  add(result.uncounted_answers, "do not report their tokens (usage); TPOT and throughput are unavailable");
  add(result.one_piece_answers,
      "arrived in one piece, or in several at the same time: TTFT and TPOT are unavailable; the server, or a proxy, does not stream tokens");
  add(result.cached_answers, "were partly served from the prefix cache; use another --seed");
  if (!request.as_text)
    add(other_prompts(result, request), "are to prompts of another length than the " +
                                            std::to_string(request.isl) +
                                            " tokens requested: " + prompt_length_text(result));
  return doubts;
}

std::vector<std::string> remarks(const load::LoadResult& result, const BenchRequest& request) {
  std::vector<std::string> remarks;
  if (result.long_piece_answers > 0)
    remarks.push_back(share_text(
        result, result.long_piece_answers,
        "have fewer pieces than tokens: ITL is the time between pieces, and TTFT is the time to the first piece"));
  constexpr double kWorthSaying = 0.05;
  const double isl = result.prompt_tokens / result.whole;
  if (request.as_text && std::abs(isl / request.isl - 1) > kWorthSaying)
    remarks.push_back(prompt_length_text(result) + ", not the " + std::to_string(request.isl) +
                      " requested: their number of words, to which the template of the chat adds");
  return remarks;
}

std::string bench_json(const load::LoadResult& result, const BenchRequest& request,
                       const std::string& problem) {
  const double seconds = result.end_s - result.begin_s;
  io::Json json = io::Json::object({{"requests", result.completions.size()},
                                    {"whole", result.whole},
                                    {"failed", result.failed},
                                    {"short_answers", result.short_answers},
                                    {"long_answers", result.long_answers},
                                    {"uncounted_answers", result.uncounted_answers},
                                    {"cached_answers", result.cached_answers},
                                    {"one_piece_answers", result.one_piece_answers},
                                    {"long_piece_answers", result.long_piece_answers},
                                    {"other_prompts", other_prompts(result, request)},
                                    {"seed", request.seed},
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

std::string bench_text(const load::LoadResult& result, const BenchRequest& request) {
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
         rounded_text(result.output_tokens / seconds) + " output tokens/s; --seed " +
         std::to_string(request.seed) + " repeats the prompts\n";
}

}  // namespace energylens::cli
