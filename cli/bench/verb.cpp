// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/bench/report.hpp"
#include "cli/console.hpp"
#include "cli/output.hpp"
#include "cli/profile/flags.hpp"
#include "cli/verb.hpp"
#include "energylens/core/rng.hpp"
#include "energylens/load/driver.hpp"
#include "energylens/load/image.hpp"
#include "energylens/load/prompts.hpp"

namespace energylens::cli {
namespace {

struct BenchOptions {
  load::LoadOptions load;
  KeyFlags key;
  int isl = 512, osl = 128, vocabulary = 30000;
  std::uint64_t seed = 0;
  bool chat = false, text = false, strict = false;
  std::vector<std::string> images;
  std::string format = "table";
};

load::LoadOptions ready(const BenchOptions& options) {
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

int bench(const BenchOptions& options) {
  const load::LoadOptions load = ready(options);
  const load::LoadResult result = load::run_load(load);
  const std::string problem = first_problem(result, load.api_key);
  print(options.format == "json" ? bench_json(result, problem) : bench_text(result));
  const std::vector<std::string> why = doubts(result, options.osl);
  for (const std::string& doubt : why) warn(doubt);
  if (!problem.empty()) warn(std::to_string(result.failed) + " requests failed; the first: " + problem);
  if (result.whole == 0) return kFailure;
  return options.strict && (result.failed > 0 || !why.empty()) ? kMeasurementInvalid : kOk;
}

}  // namespace

Run bench_verb(Arguments& args) {
  const auto options = std::make_shared<BenchOptions>();
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
  args.flag("--strict", options->strict, "exit code 3 if a request failed or an answer is not as asked for");
  args.choice("--format", options->format, {"table", "json"}, "how to print");
  args.example(
      "energylens bench http://localhost:8000 --model llama --concurrency 16 --requests 64 --isl 512 --osl "
      "128");
  return [options] { return bench(*options); };
}

}  // namespace energylens::cli
