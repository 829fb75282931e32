// SPDX-License-Identifier: Apache-2.0
// Held by results_test.cpp.
#include "importers/results/load_result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "energylens/core/number_text.hpp"
#include "importers/readers/json_path.hpp"

namespace energylens::importers {
namespace {

using NumberMember = double LoadResult::*;
using TextMember = std::string LoadResult::*;

template <class Member>
struct MemberName {
  Member member;
  std::string_view name;  ///< a column, or words
};

constexpr std::array kNumberNames = {
    MemberName<NumberMember>{&LoadResult::params_b, "params_b"},
    MemberName<NumberMember>{&LoadResult::active_params_b, "active_params_b"},
    MemberName<NumberMember>{&LoadResult::tp, "tp"},
    MemberName<NumberMember>{&LoadResult::pp, "pp"},
    MemberName<NumberMember>{&LoadResult::dp, "dp"},
    MemberName<NumberMember>{&LoadResult::ep, "ep"},
    MemberName<NumberMember>{&LoadResult::num_gpus, "num_gpus"},
    MemberName<NumberMember>{&LoadResult::num_nodes, "num_nodes"},
    MemberName<NumberMember>{&LoadResult::power_limit_w, "power_limit_w"},
    MemberName<NumberMember>{&LoadResult::prompts, "requests sent"},
    MemberName<NumberMember>{&LoadResult::completed, "requests completed"},
    MemberName<NumberMember>{&LoadResult::failed, "requests failed"},
    MemberName<NumberMember>{&LoadResult::duration_s, "duration"},
    MemberName<NumberMember>{&LoadResult::begin_s, "begin"},
    MemberName<NumberMember>{&LoadResult::end_s, "end"},
    MemberName<NumberMember>{&LoadResult::input_tokens, "isl"},
    MemberName<NumberMember>{&LoadResult::output_tokens, "osl"},
    MemberName<NumberMember>{&LoadResult::isl, "isl"},
    MemberName<NumberMember>{&LoadResult::osl, "osl"},
    MemberName<NumberMember>{&LoadResult::cached_tokens, "cached_tokens"},
    MemberName<NumberMember>{&LoadResult::accepted_per_step, "accepted_per_step"},
    MemberName<NumberMember>{&LoadResult::concurrency, "concurrency"},
    MemberName<NumberMember>{&LoadResult::rate_rps, "request_rate_rps"},
    MemberName<NumberMember>{&LoadResult::max_batch, "max_batch"},
    MemberName<NumberMember>{&LoadResult::in_flight, "batch"},
    MemberName<NumberMember>{&LoadResult::ttft_s, "ttft_s"},
    MemberName<NumberMember>{&LoadResult::tpot_s, "tpot_s"},
    MemberName<NumberMember>{&LoadResult::itl_s, "tpot_s"},
    MemberName<NumberMember>{&LoadResult::e2e_s, "batch"},
    MemberName<NumberMember>{&LoadResult::median_ttft_s, "ttft_s"},
    MemberName<NumberMember>{&LoadResult::median_tpot_s, "tpot_s"},
    MemberName<NumberMember>{&LoadResult::median_itl_s, "tpot_s"},
    MemberName<NumberMember>{&LoadResult::median_e2e_s, "batch"},
    MemberName<NumberMember>{&LoadResult::output_tok_s, "throughput_tok_s"},
    MemberName<NumberMember>{&LoadResult::completed_rps, "requests per second"},
    MemberName<NumberMember>{&LoadResult::prefill_time_s, "prefill_time_s"},
    MemberName<NumberMember>{&LoadResult::decode_time_s, "decode_time_s"},
    MemberName<NumberMember>{&LoadResult::total_energy_j, "total_energy_j"},
    MemberName<NumberMember>{&LoadResult::avg_power_w, "avg_power_w"},
    MemberName<NumberMember>{&LoadResult::energy_per_out_token_j, "energy_per_out_token_j"},
    MemberName<NumberMember>{&LoadResult::energy_per_request_j, "energy_per_request_j"},
    MemberName<NumberMember>{&LoadResult::prefill_energy_j, "prefill_energy_j"},
    MemberName<NumberMember>{&LoadResult::decode_energy_j, "decode_energy_j"},
    MemberName<NumberMember>{&LoadResult::host_energy_j, "host_energy_j"},
};
constexpr std::array kTextNames = {
    MemberName<TextMember>{&LoadResult::model, "model"},
    MemberName<TextMember>{&LoadResult::gpu, "gpu"},
    MemberName<TextMember>{&LoadResult::engine, "engine"},
    MemberName<TextMember>{&LoadResult::engine_version, "engine_version"},
    MemberName<TextMember>{&LoadResult::quant, "quant"},
    MemberName<TextMember>{&LoadResult::kv_dtype, "kv_dtype"},
    MemberName<TextMember>{&LoadResult::workload, "workload"},
    MemberName<TextMember>{&LoadResult::arch, "arch"},
    MemberName<TextMember>{&LoadResult::date, "end"},
};

template <class Names, class Member>
std::string_view name_of(const Names& names, Member member) {
  for (const auto& one : names) {
    if (one.member == member) return one.name;
  }
  return {};
}

std::string_view column_of(const LoadField& field) {
  if (!field.column.empty()) return field.column;
  if (const auto* number = std::get_if<NumberMember>(&field.to)) return name_of(kNumberNames, *number);
  if (const auto* text = std::get_if<TextMember>(&field.to)) return name_of(kTextNames, *text);
  return {};
}

void read_number(const io::Json& value, const LoadField& field, double& member, LoadResult& result) {
  if (known(member)) return;
  if (value.is_number()) {
    member = value.as_number() * field.factor;
  } else if (value.is_text()) {
    if (const auto number = parse_number(value.as_text())) {
      member = *number * field.factor;
    } else if (const std::string word = lower_case(value.as_text());
               word != "inf" && word != "none" && word != "n/a") {
      result.warnings.push_back(fmt::format("{} is {}, which is not a number, and is not used",
                                            quote(field.path), quote(value.as_text())));
    }
  }
}

void read_text(const io::Json& value, std::string& member) {
  if (!member.empty()) return;
  if (value.is_text()) member = value.as_text();
  if (value.is_number()) member = number_text(value.as_number());
  const std::string lower = lower_case(member);
  if (lower == "none" || lower == "null" || lower == "n/a" || lower == "unknown") member.clear();
}

}  // namespace

void read_fields(const io::Json& run, std::span<const LoadField> fields, LoadResult& result) {
  for (const LoadField& field : fields) {
    if (field.path.empty() || field.to.index() == 0) continue;
    const io::Json* const value = at_path(run, field.path);
    if (!value) continue;
    if (const auto* number = std::get_if<NumberMember>(&field.to))
      read_number(*value, field, result.*(*number), result);
    if (const auto* text = std::get_if<TextMember>(&field.to)) read_text(*value, result.*(*text));
  }
}

std::vector<std::string> unknown_members(const io::Json& run, std::span<const LoadField> fields) {
  std::vector<std::string> unknown;
  if (!run.is_object()) return unknown;
  for (const io::Json::Member& member : run.members()) {
    const auto is_it = [&](const LoadField& field) {
      const std::string_view first = field.path.substr(0, field.path.find_first_of(".["));
      return first.ends_with('*')
                 ? std::string_view(member.name).starts_with(first.substr(0, first.size() - 1))
                 : first == member.name;
    };
    if (std::ranges::none_of(fields, is_it)) unknown.push_back(member.name);
  }
  return unknown;
}

std::vector<FieldInfo> field_infos(std::span<const LoadField> fields) {
  std::vector<FieldInfo> infos;
  for (const LoadField& field : fields)
    infos.push_back(
        {std::string(field.path), std::string(column_of(field)), field.use, std::string(field.meaning)});
  return infos;
}

}  // namespace energylens::importers
