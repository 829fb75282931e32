// SPDX-License-Identifier: Apache-2.0
// Only spellings that mean the same beyond doubt are equal here; those that probably do are reported by
// alike_groups.cpp. Held by normal_text_test.cpp.
#include <algorithm>
#include <array>
#include <cctype>

#include "core/text.hpp"
#include "energylens/table/group.hpp"

namespace energylens::table {
namespace {

struct Synonym {
  std::string_view text, means;
};
constexpr std::array kNumberFormats = std::to_array<Synonym>({
    {"bfloat16", "bf16"},
    {"brainfloat16", "bf16"},
    {"float16", "fp16"},
    {"half", "fp16"},
    {"f16", "fp16"},
    {"float32", "fp32"},
    {"f32", "fp32"},
    {"float", "fp32"},
    {"float8", "fp8"},
    {"f8", "fp8"},
    {"float8e4m3fn", "fp8e4m3"},
    {"float8e4m3", "fp8e4m3"},
    {"fp8e4m3fn", "fp8e4m3"},
    {"float8e5m2", "fp8e5m2"},
});
constexpr std::array kEngines = std::to_array<Synonym>({
    {"trtllm", "tensorrtllm"},
    {"tensorrt", "tensorrtllm"},
    {"hftransformers", "transformers"},
    {"huggingfacetransformers", "transformers"},
});

template <std::size_t N>
std::string meaning(std::string text, const std::array<Synonym, N>& synonyms) {
  const auto found = std::ranges::find(synonyms, text, &Synonym::text);
  return found == synonyms.end() ? text : std::string(found->means);
}

/// Runs of blanks as one.
std::string one_blank(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t';
    if (!blank) out += c;
    if (blank && !out.empty() && out.back() != ' ') out += ' ';
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

/// Without case, hyphens, underscores and blanks.
std::string bare(std::string_view text) {
  std::string out = lower_case(text);
  std::erase_if(out, [](char c) { return c == '-' || c == '_' || c == ' ' || c == '\t'; });
  return out;
}

std::string without_start(std::string text, std::string_view start) {
  return text.size() > start.size() && text.starts_with(start) ? text.substr(start.size()) : text;
}

std::string gpu_text(std::string_view text) {
  std::string out = bare(text);
  for (const std::string_view vendor : {"nvidia", "amd", "intel"})
    out = without_start(std::move(out), vendor);
  return out;
}

/// "v0.6.1" is 0.6.1.
std::string version_text(std::string_view text) {
  const bool v = text.size() > 1 && (text[0] == 'v' || text[0] == 'V') &&
                 std::isdigit(static_cast<unsigned char>(text[1])) != 0;
  return lower_case(one_blank(v ? text.substr(1) : text));
}

}  // namespace

std::string normal_text(Column column, std::string_view text) {
  switch (column) {
    case Column::gpu:
      return gpu_text(text);
    case Column::engine:
      return meaning(bare(text), kEngines);
    case Column::engine_version:
      return version_text(text);
    case Column::quant:
    case Column::kv_dtype:
      return meaning(without_start(bare(text), "torch."), kNumberFormats);
    case Column::interconnect:
    case Column::arch:
      return bare(text);
    default:
      return one_blank(text);
  }
}

}  // namespace energylens::table
