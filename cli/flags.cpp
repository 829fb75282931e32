// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "cli/console.hpp"
#include "core/count_text.hpp"
#include "core/named_table.hpp"
#include "core/rounded_text.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"

namespace energylens::cli {
namespace {

constexpr double kBytesPerGb = 1e9;
constexpr const char* kWhereHelp =
    "use only rows that satisfy this condition, with = != < <= > or >=; `COL=` matches blank cells; may be repeated";

std::vector<table::Condition> parse_conditions(const std::vector<std::string>& texts) {
  std::vector<table::Condition> conditions;
  for (const std::string& text : texts) conditions.push_back(table::parse_condition(text));
  return conditions;
}

/// A condition on the groups of a model, whose numbers are kept as text.
bool satisfies(const table::GroupIdentity& identity, const table::Condition& condition) {
  const std::optional<table::Column> column = table::find_column(condition.column);
  const bool number = column && table::info(*column).type == table::ColumnType::number;
  const std::string_view text = identity[condition.column];
  if (column && !number) return table::TextTest(*column, condition).holds(text);
  return io::CellTest(condition, number ? io::CellKind::number : io::CellKind::text).holds(text);
}

std::string listed(std::span<const table::GroupIdentity> groups, const std::vector<std::size_t>& which) {
  constexpr std::size_t kMost = 12;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < std::min(which.size(), kMost); ++i) texts.push_back(groups[which[i]].text());
  if (which.size() > kMost) texts.push_back(fmt::format("and {} more", which.size() - kMost));
  return join(texts, "; ");
}

void replace_if_known(double& target, double value) {
  if (known(value)) target = value;
}

}  // namespace

void DataFlags::declare(Arguments& args, bool required) {
  args.positionals("DATA", files, "measurement tables (CSV); - reads standard input", required);
  args.reads();
  args.repeated("--where", where, "COL=VALUE", kWhereHelp);
}

table::Table DataFlags::read() const {
  std::vector<table::Table> tables;
  for (const std::string& file : files) tables.push_back(table::read_csv(file));
  table::Table all = tables.size() == 1 ? std::move(tables.front()) : table::concatenate(std::move(tables));
  const std::vector<table::Condition> conditions = parse_conditions(where);
  return conditions.empty() ? all : table::where(all, conditions);
}

std::vector<table::Group> DataFlags::read_groups(bool list_unused) const {
  const table::Table table = read();
  if (list_unused) inform_of_unused(table);
  std::vector<std::string> warnings;
  std::vector<table::Group> groups = table::groups(table, &warnings);
  warn(warnings);
  warn(table::spelling_findings(table, groups));
  if (groups.empty()) throw Error::bad_input({files.front(), 0, {}}, "no row has an energy or a time");
  return groups;
}

void inform_of_unused(const table::Table& table) {
  constexpr std::size_t kMost = 12;
  const std::vector<table::TextColumn>& unused = table.unknown_columns();
  if (unused.empty()) return;
  std::vector<std::string> names;
  for (const table::TextColumn& column : unused) {
    if (names.size() < kMost) names.push_back(shown(column.name));
  }
  if (unused.size() > kMost) names.push_back(fmt::format("and {} more", unused.size() - kMost));
  inform("columns that are not used: " + join(names));
}

void require_key_column(const std::string& column) {
  choose_named(table::key_columns(), column, "group column");
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
  throw Error::usage(fmt::format("the model contains {} groups; select one with --where: {}", left.size(),
                                 listed(groups, left)));
}

std::string alike_text(const std::string& name, const std::vector<std::string>& names) {
  if (names.empty() || std::ranges::find(names, name) != names.end()) return {};
  return fmt::format(" (the catalogue has {})", join(names));
}

void RequestFlags::declare(Arguments& args) {
  args.number("--isl", load.isl, kCount,
              "input tokens per request (required if the model was fitted with isl)");
  args.number("--osl", load.osl, kCount, "output tokens per request (required)");
  args.number("--image-tokens", load.image_tokens, kCountOrZero, "input tokens that come from images [0]");
  args.number("--cached-tokens", load.cached_tokens, kCountOrZero,
              "input tokens that are already in the prefix cache [0]");
  args.number("--accepted-per-step", load.accepted_per_step, {.min = 1},
              "output tokens per decode step with speculative decoding [1]");
  args.number(
      "--drafted-per-step", load.drafted_per_step, {.min = 0},
      "tokens drafted per decode step with speculative decoding [3 with --accepted-per-step above 1]");
}

void RequestFlags::check() const {
  if (load.accepted_per_step > 1 + load.drafted_per_step) {
    throw Error::usage(fmt::format("--accepted-per-step {} is more than the drafted tokens and one: {}",
                                   number_text(load.accepted_per_step),
                                   number_text(1 + load.drafted_per_step)));
  }
  for (const auto& [flag, tokens] :
       {std::pair{"--cached-tokens", load.cached_tokens}, std::pair{"--image-tokens", load.image_tokens}}) {
    if (known(tokens) && known(load.isl) && tokens > load.isl) {
      throw Error::usage(
          fmt::format("{} {} is more than --isl {}", flag, count_text(tokens), count_text(load.isl)));
    }
  }
}

void declare_memory_utilization(Arguments& args, double& share) {
  args.number(
      "--gpu-memory-utilization", share, {.min = 0, .min_allowed = false, .max = 1},
      "share of GPU memory that the engine uses [vLLM 0.9, SGLang 0.87, TensorRT-LLM 0.9 of the memory that the weights leave]");
}

void SystemFlags::declare_catalogue(Arguments& args) {
  args.text("--catalogue", catalogue_file, "FILE", "file with additional GPUs and models (JSON)");
  args.reads();
  args.number(
      "--kv-capacity-tokens", kv_capacity_tokens, kPositive,
      "KV cache capacity of one replica (tokens), if the rows do not state kv_capacity_tokens [estimated from the catalogue]");
  declare_memory_utilization(args, gpu_memory_utilization);
}

void SystemFlags::declare_facts(Arguments& args) {
  args.number("--weights-gb", weights_gb, kPositive,
              "size of the weights of one replica (GB) [from the catalogue]");
  args.number("--kv-bytes-per-token", kv_bytes_per_token, kNotNegative,
              "KV cache size of one token over all layers (bytes) [from the catalogue]");
  args.number("--gpu-memory-gb", gpu_memory_gb, kPositive, "memory of one GPU (GB) [from the catalogue]");
  args.number("--gpu-idle-w", gpu_idle_w, {.min = 0, .max = 1000},
              "power of one idle GPU (W) [from the measurements or the catalogue]");
  args.number("--gpus-per-node", gpus_per_node, kCount,
              "GPUs that a tensor-parallel group may span [from the catalogue, else 8]");
}

void SystemFlags::declare_context(Arguments& args) {
  args.number("--context-tokens", context_tokens, kCount,
              "maximum number of tokens in one request, input and output together [from the catalogue]");
}

hardware::Catalogue SystemFlags::open() const {
  return catalogue_file.empty() ? hardware::Catalogue::builtin()
                                : hardware::Catalogue::with_user_file(catalogue_file);
}

void SystemFlags::apply(predictor::FitOptions& fit) const {
  fit.kv_capacity_tokens = kv_capacity_tokens;
  fit.gpu_memory_utilization = gpu_memory_utilization;
}

void SystemFlags::warn_of_stated_capacities(std::span<const table::Group> groups) const {
  if (!known(kv_capacity_tokens)) return;
  std::size_t stated = 0, all = 0;
  for (const table::Group& group : groups) {
    all += group.rows.size();
    stated += static_cast<std::size_t>(std::ranges::count_if(
        group.rows, [](const table::Row& row) { return known(row.config.kv_capacity_tokens); }));
  }
  if (stated > 0)
    warn(fmt::format("{} of {} state kv_capacity_tokens, which takes precedence over --kv-capacity-tokens",
                     stated, plural(all, "row")));
}

predictor::Facts SystemFlags::facts(const table::GroupIdentity& identity, double measured_idle_w) const {
  return facts_in(open(), identity, measured_idle_w);
}

predictor::Facts SystemFlags::facts_in(const hardware::Catalogue& catalogue,
                                       const table::GroupIdentity& identity, double measured_idle_w) const {
  predictor::Facts facts = predictor::facts(identity, catalogue);
  replace_if_known(facts.gpu_idle_w, measured_idle_w);
  replace_if_known(facts.weight_bytes, weights_gb * kBytesPerGb);
  replace_if_known(facts.gpu_memory_bytes, gpu_memory_gb * kBytesPerGb);
  replace_if_known(facts.kv_bytes_per_token, kv_bytes_per_token);
  replace_if_known(facts.context_tokens, context_tokens);
  replace_if_known(facts.gpu_idle_w, gpu_idle_w);
  replace_if_known(facts.gpus_per_node, gpus_per_node);
  predictor::set_memory_share(facts, gpu_memory_utilization);
  return facts;
}

void check_context(const table::Load& load, const predictor::Facts& facts,
                   const table::GroupIdentity& identity) {
  const double tokens = load.isl_or(0) + (known(load.osl) ? load.osl : 0);
  if (!(tokens > facts.context_tokens)) return;
  throw Error::usage(fmt::format(
      "a request of {} tokens (input and output) is longer than the context of {}, {} tokens; set --context-tokens "
      "if it is served with more",
      count_text(tokens), identity["model"].empty() ? "the model" : identity["model"],
      count_text(facts.context_tokens)));
}

void declare_format(Arguments& args, std::string& format) {
  args.choice("--format", format, {"table", "json", "csv"}, "output format");
}

void RunFlags::declare(Arguments& args) {
  args.whole("--threads", threads, {.min = 0, .max = 1024, .whole = true},
             "number of worker threads; 0 uses all cores; results do not depend on it [0]");
  args.flag("--quiet", quiet, "do not show progress");
}

RunOptions RunFlags::options(const std::string& what) const {
  return {.threads = threads, .progress = progress_line(what, quiet), .cancel = &interrupted()};
}

}  // namespace energylens::cli
