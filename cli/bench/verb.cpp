// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <random>

#include "cli/bench/report.hpp"
#include "cli/console.hpp"
#include "cli/output.hpp"
#include "cli/profile/flags.hpp"
#include "cli/verb.hpp"
#include "energylens/core/rng.hpp"
#include "load/driver.hpp"
#include "load/image.hpp"
#include "load/prompts.hpp"

namespace energylens::cli {
namespace {

struct BenchOptions {
  load::LoadOptions load;
  KeyFlags key;
  int isl = 512, osl = 128, vocabulary = 30000;
  std::optional<std::uint64_t> seed;
  bool chat = false, text = false, strict = false, no_ignore_eos = false;
  std::vector<std::string> images;
  std::string format = "table";
};

/// A server remembers the prompts of an earlier run: unless a seed is given, each run has its own.
BenchRequest request_of(const BenchOptions& options) {
  BenchRequest request{options.isl, options.osl};
  request.as_text = options.text || options.chat || !options.images.empty();
  request.exact = !options.no_ignore_eos;
  request.seed = options.seed ? *options.seed : std::random_device()();
  return request;
}

load::LoadOptions ready(const BenchOptions& options, const BenchRequest& request) {
  load::LoadOptions load = options.load;
  while (load.url.ends_with('/')) load.url.pop_back();
  load.api_key = options.key.key_for(load.url);
  load.cancel = &interrupted();
  load::Prompt common;
  common.max_tokens = options.osl;
  common.chat = options.chat;
  common.exact = request.exact;
  for (const std::string& image : options.images) common.images.push_back(load::image_url(image));
  load.prompt = [common, request, options](int index) {
    load::Prompt prompt = common;
    const std::uint64_t seed = splitmix64(splitmix64(request.seed) + static_cast<std::uint64_t>(index));
    if (request.as_text) {
      prompt.text = load::random_words(seed, options.isl);
    } else {
      prompt.tokens = load::random_tokens(seed, options.isl, options.vocabulary);
    }
    return prompt;
  };
  return load;
}

int bench(const BenchOptions& options) {
  const BenchRequest request = request_of(options);
  const load::LoadOptions load = ready(options, request);
  const load::LoadResult result = load::run_load(load);
  const std::string problem = first_problem(result, load.api_key);
  print(options.format == "json" ? bench_json(result, request, problem) : bench_text(result, request));
  const std::vector<std::string> why = doubts(result, request);
  for (const std::string& doubt : why) warn(doubt);
  for (const std::string& remark : remarks(result, request)) warn(remark);
  if (!problem.empty()) warn(std::to_string(result.failed) + " requests failed; first error: " + problem);
  if (result.failed > 0 && load.model.empty())
    warn("no --model was given: most servers require the name of the model they serve");
  if (result.whole == 0) return kFailure;
  return options.strict && (result.failed > 0 || !why.empty()) ? kMeasurementInvalid : kOk;
}

}  // namespace

Run bench_verb(Arguments& args) {
  const auto options = std::make_shared<BenchOptions>();
  load::LoadOptions& load = options->load;
  load.requests = 32;
  args.positional("URL", load.url, "server URL, such as http://localhost:8000");
  args.text("--model", load.model, "NAME",
            "model name in the requests, as the server lists it in /v1/models");
  args.whole("--concurrency", load.concurrency, {.min = 1, .max = 4096, .whole = true},
             "number of requests in flight");
  args.whole("--requests", load.requests, {.min = 1, .max = 1e6, .whole = true},
             "total number of requests; if equal to --concurrency, they all start together");
  args.whole("--isl", options->isl, {.min = 1, .max = 1e6, .whole = true}, "input tokens per request");
  args.whole("--osl", options->osl, {.min = 1, .max = 1e6, .whole = true}, "output tokens per request");
  args.flag("--chat", options->chat, "send requests to /v1/chat/completions instead of /v1/completions");
  args.flag("--text", options->text, "send prompts as text of about --isl tokens instead of token IDs");
  args.repeated("--image", options->images, "FILE",
                "image to attach to every request (implies --chat); may be repeated");
  args.reads();
  args.whole("--vocabulary", options->vocabulary, {.min = 200, .max = 1e7, .whole = true},
             "random prompts use token IDs from 100 to N");
  args.flag("--no-ignore-eos", options->no_ignore_eos,
            "accept shorter responses: do not send ignore_eos and min_tokens, which some servers refuse");
  args.seed("--seed", options->seed,
            "random seed for the prompts [a new one in each run, so that no prompt is in a prefix cache]");
  args.number("--timeout-s", load.timeout_s, kPositive, "maximum duration of a request (s)");
  options->key.declare(args);
  args.flag("--strict", options->strict,
            "exit with code 3 if a request fails or a response has the wrong length");
  args.choice("--format", options->format, {"table", "json"}, "output format");
  args.example(
      "energylens bench http://localhost:8000 --model llama --concurrency 16 --requests 64 --isl 512 --osl "
      "128");
  return [options] { return bench(*options); };
}

}  // namespace energylens::cli
