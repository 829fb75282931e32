// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "cli/console.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/nearest_name.hpp"
#include "energylens/core/rounded_text.hpp"

namespace energylens::cli {
namespace {

constexpr double kBytesPerGb = 1e9;
constexpr const char* kWhereHelp =
    "use only rows that satisfy this condition (= != < <= > >=; `COL=` matches blank cells); may be repeated";

std::vector<table::Condition> parse_conditions(const std::vector<std::string>& texts) {
  std::vector<table::Condition> conditions;
  for (const std::string& text : texts) conditions.push_back(table::parse_condition(text));
  return conditions;
}

bool satisfies(const table::GroupIdentity& identity, const table::Condition& condition) {
  const std::string& cell = identity[condition.column];
  if (condition.op == "=") return cell == condition.value;
  if (cell.empty()) return condition.op == "!=" && condition.value.empty();
  if (condition.op == "!=") return cell != condition.value;
  const std::optional<double> a = parse_number(cell), b = parse_number(condition.value);
  if (!a || !b)
    throw Error::usage("cannot compare column \"" + condition.column + "\" with " + condition.op +
                       "; use = or !=");
  if (condition.op == "<") return *a < *b;
  if (condition.op == "<=") return *a <= *b;
  return condition.op == ">" ? *a > *b : *a >= *b;
}

std::string listed(std::span<const table::GroupIdentity> groups, const std::vector<std::size_t>& which) {
  constexpr std::size_t kMost = 12;
  std::string text;
  for (std::size_t i = 0; i < std::min(which.size(), kMost); ++i) {
    text += (text.empty() ? "" : "; ") + groups[which[i]].text();
  }
  if (which.size() > kMost) text += "; and " + std::to_string(which.size() - kMost) + " more";
  return text;
}

void replace_if_known(double& target, double value) {
  if (known(value)) target = value;
}

}  // namespace

void DataFlags::declare(Arguments& args, bool required) {
  args.positionals("DATA", files, "measurement tables (CSV); - reads standard input", required);
  args.repeated("--where", where, "COL=VALUE", kWhereHelp);
}

table::Table DataFlags::read() const {
  std::vector<table::Table> tables;
  for (const std::string& file : files) tables.push_back(table::read_csv(file));
  table::Table all = tables.size() == 1 ? std::move(tables.front()) : table::concatenate(std::move(tables));
  const std::vector<table::Condition> conditions = parse_conditions(where);
  return conditions.empty() ? all : table::where(all, conditions);
}

std::vector<table::Group> DataFlags::read_groups() const {
  std::vector<std::string> warnings;
  std::vector<table::Group> groups = table::groups(read(), &warnings);
  warn(warnings);
  if (groups.empty()) throw Error::bad_input({files.front(), 0, {}}, "no row has an energy or a time");
  return groups;
}

void refuse_overwriting(const std::string& output, std::span<const std::string> inputs) {
  if (output.empty() || output == "-") return;
  for (const std::string& input : inputs) {
    std::error_code none;  // a file that is not there is not the same
    if (std::filesystem::equivalent(output, input, none))
      throw Error::usage("-o " + output + " would overwrite an input file");
  }
}

void require_key_column(const std::string& column) {
  const std::span<const std::string_view> keys = table::key_columns();
  if (std::ranges::find(keys, column) != keys.end()) return;
  const std::optional<std::string> near = nearest_name(column, keys);
  throw Error::usage("\"" + column + "\" does not distinguish groups of a model" +
                     (near ? "; did you mean \"" + *near + "\"?" : ""));
}

std::vector<std::size_t> select_groups(std::span<const table::GroupIdentity> groups,
                                       const std::vector<std::string>& where) {
  const std::vector<table::Condition> conditions = parse_conditions(where);
  for (const table::Condition& condition : conditions) require_key_column(condition.column);
  std::vector<std::size_t> left, all;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    all.push_back(i);
    const auto holds = [&](const table::Condition& condition) { return satisfies(groups[i], condition); };
    if (std::ranges::all_of(conditions, holds)) left.push_back(i);
  }
  if (left.empty()) throw Error::usage("no group of the model matches; it contains: " + listed(groups, all));
  return left;
}

std::size_t select_group(std::span<const table::GroupIdentity> groups,
                         const std::vector<std::string>& where) {
  const std::vector<std::size_t> left = select_groups(groups, where);
  if (left.size() == 1) return left.front();
  throw Error::usage("the model contains " + std::to_string(left.size()) +
                     " groups; select one with --where: " + listed(groups, left));
}

std::string alike_text(const std::string& name, const std::vector<std::string>& names) {
  std::string text;
  if (std::ranges::find(names, name) != names.end()) return text;
  for (const std::string& near : names) text += (text.empty() ? " (the catalogue has " : ", ") + near;
  return text.empty() ? text : text + ')';
}

void RequestFlags::declare(Arguments& args) {
  args.number("--isl", load.isl, kCount, "input tokens per request");
  args.number("--osl", load.osl, kCount, "output tokens per request");
  args.number("--image-tokens", load.image_tokens, kCountOrZero, "input tokens that come from images [0]");
  args.number("--cached-tokens", load.cached_tokens, kCountOrZero,
              "input tokens that are already in the prefix cache [0]");
  args.number("--accepted-per-step", load.accepted_per_step, {.min = 1},
              "tokens accepted per decode step with speculative decoding [1]");
}

void RequestFlags::check() const {
  for (const auto& [flag, tokens] :
       {std::pair{"--cached-tokens", load.cached_tokens}, std::pair{"--image-tokens", load.image_tokens}}) {
    if (known(tokens) && known(load.isl) && tokens > load.isl) {
      throw Error::usage(std::string(flag) + " " + rounded_text(tokens) + " is more than --isl " +
                         rounded_text(load.isl));
    }
  }
}

void SystemFlags::declare_catalogue(Arguments& args) {
  args.text("--catalogue", catalogue_file, "FILE", "file with additional GPUs and models (JSON)");
  args.number("--kv-capacity-tokens", kv_capacity_tokens, kPositive,
              "KV cache capacity of one replica (tokens) [from the table, catalogue or fit]");
}

void SystemFlags::declare_facts(Arguments& args) {
  args.number("--weights-gb", weights_gb, kPositive,
              "size of the weights of one replica (GB) [from the catalogue]");
  args.number("--kv-bytes-per-token", kv_bytes_per_token, kNotNegative,
              "KV cache size of one token over all layers (bytes) [from the catalogue]");
  args.number("--gpu-memory-gb", gpu_memory_gb, kPositive, "memory of one GPU (GB) [from the catalogue]");
  args.number("--gpu-idle-w", gpu_idle_w, kNotNegative,
              "power of one idle GPU (W) [from the table or the catalogue]");
}

hardware::Catalogue SystemFlags::open() const {
  return catalogue_file.empty() ? hardware::Catalogue::builtin()
                                : hardware::Catalogue::with_user_file(catalogue_file);
}

predictor::Facts SystemFlags::facts(const table::GroupIdentity& identity, double measured_idle_w) const {
  predictor::Facts facts = predictor::facts(identity, open());
  replace_if_known(facts.gpu_idle_w, measured_idle_w);
  replace_if_known(facts.weight_bytes, weights_gb * kBytesPerGb);
  replace_if_known(facts.gpu_memory_bytes, gpu_memory_gb * kBytesPerGb);
  replace_if_known(facts.kv_bytes_per_token, kv_bytes_per_token);
  replace_if_known(facts.gpu_idle_w, gpu_idle_w);
  return facts;
}

void declare_format(Arguments& args, std::string& format) {
  args.choice("--format", format, {"table", "json", "csv"}, "output format");
}

void RunFlags::declare(Arguments& args) {
  args.whole("--threads", threads, {.min = 0, .max = 1024, .whole = true},
             "worker threads, 0 for all cores; does not change the result [0]");
  args.flag("--quiet", quiet, "do not show a progress line");
}

RunOptions RunFlags::options(const std::string& what) const {
  return {.threads = threads, .progress = progress_line(what, quiet), .cancel = &interrupted()};
}

}  // namespace energylens::cli
