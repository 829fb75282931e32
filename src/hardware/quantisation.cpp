// SPDX-License-Identifier: Apache-2.0
// Labels are read by the longest known stem at their start; what follows must not be a letter or digit
// ("fp16", "fp16 (default)", "bf16/fp16"). WxAyKVzGg labels are taken apart. Bits of the k-quants are those
// that llama.cpp lists for Llama-3.1-8B in tools/quantize/README.md; block formats add their scales: MXFP4 8
// bits for 32 weights (OCP Microscaling specification 1.0), NVFP4 8 bits for 16, integer groups 16 bits a
// group of g (128 if not said). Held by quantisation_test.cpp.
#include <array>
#include <cctype>
#include <optional>

#include "energylens/hardware/catalogue.hpp"
#include "hardware/read_catalogue.hpp"

namespace energylens::hardware {
namespace {

constexpr double kGroupScaleBits = 16;
constexpr double kUsualGroup = 128;
constexpr double kInt4Bits = 4 + kGroupScaleBits / kUsualGroup;

struct Format {
  std::string_view stem;  ///< folded: lower case without '-', '_' and blanks
  double bits;
  std::string_view compute;
};

constexpr std::array<Format, 37> kFormats = {{
    {"fp32", 32, "fp32"},        {"float32", 32, "fp32"},     {"f32", 32, "fp32"},
    {"fp16", 16, "fp16"},        {"float16", 16, "fp16"},     {"f16", 16, "fp16"},
    {"half", 16, "fp16"},        {"bf16", 16, "bf16"},        {"bfloat16", 16, "bf16"},
    {"fp8", 8, "fp8"},           {"fp8e4m3", 8, "fp8"},       {"fp8e5m2", 8, "fp8"},
    {"int8", 8, "int8"},         {"int4", kInt4Bits, "fp16"}, {"awq", kInt4Bits, "fp16"},
    {"gptq", kInt4Bits, "fp16"}, {"nf4", kInt4Bits, "fp16"},  {"mxfp4", 4.25, "bf16"},
    {"nvfp4", 4.5, "fp4"},       {"fp4", 4.5, "fp4"},         {"q80", 8.5, "fp16"},
    {"q6k", 6.5633, "fp16"},     {"q5km", 5.7036, "fp16"},    {"q5ks", 5.5704, "fp16"},
    {"q5k", 5.7036, "fp16"},     {"q4km", 4.8944, "fp16"},    {"q4ks", 4.6672, "fp16"},
    {"q4k", 4.8944, "fp16"},     {"q3kl", 4.2979, "fp16"},    {"q3km", 4.0036, "fp16"},
    {"q3ks", 3.6429, "fp16"},    {"q3k", 4.0036, "fp16"},     {"q2k", 3.1593, "fp16"},
    {"q40", 4.5, "fp16"},        {"q50", 5.5, "fp16"},        {"iq4xs", 4.4597, "fp16"},
    {"iq4nl", 4.6818, "fp16"},
}};

bool alphanumeric(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

const Format* find_format(std::string_view folded) {
  const Format* best = nullptr;
  for (const Format& format : kFormats) {
    const bool fits = folded.starts_with(format.stem) &&
                      (folded.size() == format.stem.size() || !alphanumeric(folded[format.stem.size()]));
    if (fits && (!best || format.stem.size() > best->stem.size())) best = &format;
  }
  return best;
}

/// Bits of weights, activations, KV and group size in "w4a16kv8g128"; 0 where not said.
struct Scheme {
  double weights = 0, activations = 0, kv = 0, group = 0;
};

/// The number after `letters` at the start of `text`, which is then moved past both.
std::optional<double> take(std::string_view& text, std::string_view letters) {
  if (!text.starts_with(letters)) return std::nullopt;
  std::size_t end = letters.size();
  while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end]))) ++end;
  const std::optional<double> number = parse_number(text.substr(letters.size(), end - letters.size()));
  if (!number || *number <= 0) return std::nullopt;
  text.remove_prefix(end);
  return number;
}

std::optional<Scheme> parse_scheme(std::string_view folded) {
  const std::optional<double> weights = take(folded, "w");
  const std::optional<double> activations = weights ? take(folded, "a") : std::nullopt;
  if (!activations) return std::nullopt;
  Scheme scheme{*weights, *activations, 0, 0};
  if (const auto kv = take(folded, "kv")) scheme.kv = *kv;
  if (const auto group = take(folded, "g")) scheme.group = *group;
  if (!folded.empty() && alphanumeric(folded.front())) return std::nullopt;
  return scheme;
}

double weight_bits(const Scheme& scheme) {
  if (scheme.group > 0) return scheme.weights + kGroupScaleBits / scheme.group;
  return scheme.weights < 8 ? scheme.weights + kGroupScaleBits / kUsualGroup : scheme.weights;
}

}  // namespace

double bytes_per_weight(std::string_view quant) {
  const std::string folded = folded_name(quant);
  if (const auto scheme = parse_scheme(folded)) return weight_bits(*scheme) / 8;
  const Format* format = find_format(folded);
  return format ? format->bits / 8 : kUnknown;
}

double bytes_per_kv_element(std::string_view kv_dtype, std::string_view quant) {
  if (!kv_dtype.empty() && folded_name(kv_dtype) != "auto") return bytes_per_weight(kv_dtype);
  const std::string folded = folded_name(quant);
  const auto scheme = parse_scheme(folded);
  if (scheme && scheme->kv > 0) return scheme->kv / 8;
  const Format* format = find_format(folded);
  return format && format->bits == 32 ? 4 : 2;
}

std::string_view compute_type(std::string_view quant) {
  const std::string folded = folded_name(quant);
  if (const auto scheme = parse_scheme(folded)) {
    if (scheme->activations == 16) return "fp16";
    return scheme->activations == 8 ? "int8" : "";
  }
  const Format* format = find_format(folded);
  return format ? format->compute : "";
}

}  // namespace energylens::hardware
