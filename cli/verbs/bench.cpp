// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "../campaign_flags.hpp"
#include "../console.hpp"
#include "../output.hpp"
#include "../verb.hpp"
#include "energylens/core/rng.hpp"
#include "energylens/core/rounded_text.hpp"
#include "energylens/load/driver.hpp"
#include "energylens/load/image.hpp"
#include "energylens/load/prompts.hpp"

namespace energylens::cli {
namespace {

struct Options {
  load::LoadOptions load;
  KeyFlags key;
  int isl = 512, osl = 128, vocabulary = 30000;
  std::uint64_t seed = 0;
  bool chat = false, text = false, strict = false;
  std::vector<std::string> images;
  std::string format = "table";
};

load::LoadOptions ready(const Options& options) {
  load::LoadOptions load = options.load;
  while (load.url.ends_with('/')) load.url.pop_back();
  load.api_key = options.key.key();
  load.cancel = &interrupted();
  load::Prompt common;
  common.max_tokens = options.osl;
  common.chat = options.chat;
  for (const std::string& image : options.images) common.images.push_back(load::image_url(image));
  const bool as_text = options.text || options.chat || !options.images.empty();
  load.prompt = [common, as_text, options](int index) {
    load::Prompt prompt = common;
    const std::uint64_t seed = splitmix64(splitmix64(options.seed) + static_cast<std::uint64_t>(index));
    if (as_text) {
      prompt.text = load::random_words(seed, options.isl);
    } else {
      prompt.tokens = load::random_tokens(seed, options.isl, options.vocabulary);
    }
    return prompt;
  };
  return load;
}

/// The reason of the first request that failed, with [key] for the key; empty if none did.
std::string first_problem(const load::LoadResult& result, const std::string& key) {
  const auto failed = std::ranges::find_if_not(result.completions, &load::Completion::whole);
  if (failed == result.completions.end()) return {};
  std::string problem = failed->problem;
  for (std::size_t at = 0; !key.empty() && (at = problem.find(key, at)) != problem.npos; at += 5)
    problem.replace(at, key.size(), "[key]");
  return problem;
}

/// What people must know of figures that are not of what they asked for; empty if they are.
std::string shortness(const load::LoadResult& result, int osl) {
  if (result.short_answers == 0) return {};
  return std::to_string(result.short_answers) + " of " + std::to_string(result.whole) +
         " answers have fewer than the " + std::to_string(osl) +
         " tokens that were asked for: the server does not hold min_tokens and ignore_eos, or its limit is "
         "lower";
}

wire::Json percentiles_json(const load::Percentiles& p) {
  return wire::Json::object({{"mean", p.mean_s}, {"p50", p.p50_s}, {"p90", p.p90_s}, {"p99", p.p99_s}});
}

std::string json_text(const load::LoadResult& result, const std::string& problem) {
  const double seconds = result.end_s - result.begin_s;
  wire::Json json =
      wire::Json::object({{"requests", result.completions.size()},
                          {"whole", result.whole},
                          {"failed", result.failed},
                          {"short_answers", result.short_answers},
                          {"first_problem", problem.empty() ? wire::Json() : wire::Json(problem)},
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
  return wire::print_json(json) + '\n';
}

std::string table_text(const load::LoadResult& result) {
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

int bench(const Options& options) {
  const load::LoadOptions load = ready(options);
  const load::LoadResult result = load::run_load(load);
  const std::string problem = first_problem(result, load.api_key);
  print(options.format == "json" ? json_text(result, problem) : table_text(result));
  if (const std::string text = shortness(result, options.osl); !text.empty()) warn(text);
  if (!problem.empty()) warn(std::to_string(result.failed) + " requests failed; the first: " + problem);
  if (result.whole == 0) return kFailure;
  return options.strict && result.failed + result.short_answers > 0 ? kMeasurementInvalid : kOk;
}

}  // namespace

Run bench_verb(Arguments& args) {
  const auto options = std::make_shared<Options>();
  load::LoadOptions& load = options->load;
  load.requests = 32;
  args.positional("URL", load.url, "of the server: http://localhost:8000");
  args.text("--model", load.model, "NAME", "as the server calls it");
  args.whole("--concurrency", load.concurrency, {.min = 1, .max = 4096, .whole = true}, "requests in flight");
  args.whole("--requests", load.requests, {.min = 1, .max = 1e6, .whole = true},
             "in all; as many as --concurrency is a batch that starts together");
  args.whole("--isl", options->isl, {.min = 1, .max = 1e6, .whole = true}, "input tokens per request");
  args.whole("--osl", options->osl, {.min = 1, .max = 1e6, .whole = true}, "output tokens per request");
  args.flag("--chat", options->chat, "use /v1/chat/completions");
  args.flag("--text", options->text, "send words, not tokens: about --isl tokens");
  args.repeated("--image", options->images, "FILE", "send it with every request, in a chat");
  args.whole("--vocabulary", options->vocabulary, {.min = 200, .max = 1e7, .whole = true},
             "tokens are drawn from 100 to this");
  args.seed("--seed", options->seed, "of the prompts");
  args.number("--timeout-s", load.timeout_s, kPositive, "longest wait for a piece of an answer, s");
  options->key.declare(args);
  args.flag("--strict", options->strict, "exit code 3 if a request failed or an answer is short");
  args.choice("--format", options->format, {"table", "json"}, "how to print");
  args.example(
      "energylens bench http://localhost:8000 --model llama --concurrency 16 --requests 64 --isl 512 --osl "
      "128");
  return [options] { return bench(*options); };
}

}  // namespace energylens::cli
