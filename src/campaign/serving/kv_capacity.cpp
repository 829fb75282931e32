// SPDX-License-Identifier: Apache-2.0
// Engines decide at start-up how many tokens fit, and log it once, each in its own words. The number of
// requests that run at once follows from it, and so does the batch that needs a second wave. Older vLLM logs a
// number of blocks without their size, which follows from the number of longest requests that it says fit.
// Held by kv_capacity_test.cpp.
#include "campaign/serving/kv_capacity.hpp"

#include <array>
#include <cmath>
#include <string>

#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"
#include "meter/prometheus.hpp"

namespace energylens::campaign {
namespace {

/// The text before and after the number.
struct Wording {
  std::string_view before, after;
};
constexpr std::array kWordings = {
    Wording{"GPU KV cache size: ", " tokens"},        // vLLM
    Wording{"max_total_num_tokens=", ""},             // SGLang, on one line with other figures
    Wording{"KV Cache is allocated. #tokens: ", ""},  // SGLang
    Wording{"max tokens in paged KV cache (", ")"},   // TensorRT-LLM
    Wording{"Max tokens in paged KV cache: ", ""},    // TensorRT-LLM
    Wording{"Using ", " tokens in paged KV cache"},   // TensorRT-LLM, older
    Wording{"MiB (", " cells"},                       // llama.cpp
};
constexpr std::array<std::string_view, 2> kBlocks = {"# GPU blocks: ", "# cuda blocks: "};  // vLLM, older
constexpr Wording kLongest = {"Maximum concurrency for ", " tokens per request: "};

bool continues_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

/// A whole number at the beginning of the text, with commas between thousands or without; `text` goes on
/// after it.
double leading_number(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  std::string digits;
  std::size_t at = 0;
  for (; at < text.size() && (std::isdigit(static_cast<unsigned char>(text[at])) || text[at] == ','); ++at) {
    const bool between =
        text[at] == ',' && at + 1 < text.size() && std::isdigit(static_cast<unsigned char>(text[at + 1]));
    if (text[at] == ',' && !between) break;
    if (text[at] != ',') digits += text[at];
  }
  text.remove_prefix(at);
  return digits.size() > 15 ? kUnknown : parse_number(digits).value_or(kUnknown);
}

/// The number between the words; unknown if the line does not contain them.
double number_in(std::string_view line, const Wording& wording) {
  for (std::size_t at = 0; (at = line.find(wording.before, at)) != line.npos; at += wording.before.size()) {
    if (at > 0 && continues_name(wording.before.front()) && continues_name(line[at - 1]))
      continue;  // of a longer name
    std::string_view rest = line.substr(at + wording.before.size());
    const double number = leading_number(rest);
    if (number > 0 && rest.starts_with(wording.after)) return number;
  }
  return kUnknown;
}

double least(double a, double b) {
  return b < a || !known(a) ? b : a;
}

/// Tokens per block, from the number of longest requests that fit into the blocks, which is known to two
/// decimals: blocks are of a power of two of tokens. Unknown if that does not determine it.
double tokens_per_block(std::string_view line, double blocks) {
  const double longest = number_in(line, kLongest);
  const std::size_t at = line.find(kLongest.after);
  if (!known(longest) || at == line.npos) return kUnknown;
  std::string_view rest = line.substr(at + kLongest.after.size());
  const double fit = parse_number(rest.substr(0, rest.find('x'))).value_or(kUnknown);
  const double size = fit * longest / blocks, power = std::exp2(std::round(std::log2(size)));
  return std::abs(size / power - 1) < 0.02 && power >= 1 ? power : kUnknown;
}

}  // namespace

double kv_capacity_in_log(std::string_view log) {
  double tokens = kUnknown, blocks = kUnknown;
  while (!log.empty()) {
    const std::string_view line = log.substr(0, log.find('\n'));
    log.remove_prefix(std::min(log.size(), line.size() + 1));
    for (const Wording& wording : kWordings) {
      if (const double number = number_in(line, wording); known(number)) tokens = least(tokens, number);
    }
    for (const std::string_view before : kBlocks) {
      if (const double number = number_in(line, {before, ""}); known(number)) blocks = number;
    }
    if (const double size = tokens_per_block(line, blocks); known(size)) {
      tokens = least(tokens, blocks * size);
      blocks = kUnknown;
    }
  }
  return tokens;
}

double kv_capacity_in_metrics(std::string_view page) {
  double tokens = kUnknown;
  try {
    for (const meter::Metric& metric : meter::parse_prometheus(page, "metrics")) {
      if (metric.name != "vllm:cache_config_info") continue;
      const double blocks = parse_number(metric.label("num_gpu_blocks")).value_or(kUnknown);
      const double size = parse_number(metric.label("block_size")).value_or(kUnknown);
      if (blocks * size > 0) tokens = least(tokens, blocks * size);
    }
  } catch (const Error&) {
    return kUnknown;
  }
  return tokens;
}

}  // namespace energylens::campaign
