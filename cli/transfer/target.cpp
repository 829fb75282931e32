// SPDX-License-Identifier: Apache-2.0
#include "cli/transfer/target.hpp"

#include <algorithm>
#include <array>

#include "cli/console.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"

namespace energylens::cli {
namespace {

/// Columns that the rules of transfer need: the sources must agree in them, or --to must set them.
constexpr std::array<std::string_view, 3> kNeeded = {"model", "gpu", "quant"};
/// Columns in which rows of the target may differ: no figure depends on them.
constexpr std::array<std::string_view, 5> kFree = {"engine", "engine_version", "power_limit_w",
                                                   "gpu_clock_mhz", "interconnect"};

/// Columns that no term of the law and no figure of the catalogue depends on.
constexpr std::array<std::string_view, 7> kNotModelled = {
    "engine", "engine_version", "workload", "role", "gpu_clock_mhz", "power_limit_w", "interconnect"};

bool agree(const std::vector<table::GroupIdentity>& sources, const std::string& column) {
  const auto same = [&](const table::GroupIdentity& s) { return s[column] == sources.front()[column]; };
  return std::ranges::all_of(sources, same);
}

void set(table::GroupIdentity& identity, const std::string& column, const std::string& value) {
  const auto found = std::ranges::find(identity.key, column, &std::pair<std::string, std::string>::first);
  if (found != identity.key.end()) identity.key.erase(found);
  if (!value.empty()) identity.key.emplace_back(column, value);
}

/// Sorts the columns as in tables, so that the text of a group does not depend on its origin.
void sort_key(table::GroupIdentity& identity) {
  const auto place = [](const std::pair<std::string, std::string>& entry) {
    return std::ranges::find(table::key_columns(), entry.first) - table::key_columns().begin();
  };
  std::ranges::sort(identity.key, {}, place);
}

void describe_model(const hardware::Catalogue& catalogue, table::GroupIdentity& identity) {
  identity.params_b = identity.active_params_b = kUnknown;
  const hardware::Model* model = catalogue.find_model(identity["model"]);
  if (!model) return;
  identity.params_b = model->params.value / 1e9;
  identity.active_params_b = model->active_params.value / 1e9;
  identity.arch = model->arch;
}

bool same_as_a_source(const table::GroupIdentity& target, const std::vector<table::GroupIdentity>& sources,
                      std::initializer_list<const char*> columns) {
  return std::ranges::any_of(sources, [&](const table::GroupIdentity& source) {
    return std::ranges::all_of(columns, [&](const char* c) { return source[c] == target[c]; });
  });
}

/// Whether two values of a key column mean the same: they do if the catalogue has both as names of one GPU or
/// model.
bool same_value(const hardware::Catalogue& catalogue, std::string_view column, const std::string& a,
                const std::string& b) {
  if (table::normal_text(*table::find_column(column), a) ==
      table::normal_text(*table::find_column(column), b))
    return true;
  if (column == "gpu") return catalogue.find_gpu(a) && catalogue.find_gpu(a) == catalogue.find_gpu(b);
  if (column == "model") return catalogue.find_model(a) && catalogue.find_model(a) == catalogue.find_model(b);
  return false;
}

void replace_if_known(double& figure, double given, double unit) {
  if (known(given)) figure = given * unit;
}

}  // namespace

void FigureFlags::declare(Arguments& args) {
  args.number("--gpu-bandwidth-gb-s", bandwidth_gb_s, kPositive,
              "memory bandwidth of the target GPU (GB/s) [from the catalogue]");
  args.number("--gpu-tdp-w", tdp_w, kPositive, "power limit of the target GPU (W) [from the catalogue]");
  args.number("--gpu-peak-tflops", peak_tflops, kPositive,
              "peak dense throughput of the target GPU at this precision (TFLOP/s) [from the catalogue]");
  args.number("--gpu-link-gb-s", link_gb_s, kPositive,
              "interconnect bandwidth of the target GPU, one direction (GB/s) [from the catalogue]");
  args.number("--active-params-b", active_params_b, kPositive,
              "active parameters per token of the target model (billions) [from the catalogue]");
}

table::GroupIdentity target_identity(const std::vector<table::GroupIdentity>& sources,
                                     const std::vector<std::string>& to,
                                     const hardware::Catalogue& catalogue) {
  if (to.empty())
    throw Error::usage("specify the target with --to gpu=NAME, --to model=NAME or --to quant=NAME");
  std::vector<table::Condition> given;
  for (const std::string& text : to) {
    given.push_back(table::parse_condition(text));
    require_key_column(given.back().column);
    if (given.back().op != "=") throw Error::usage("--to: expected COL=VALUE, not \"" + text + "\"");
  }
  const auto is_given = [&](const std::string& column) {
    return std::ranges::find(given, column, &table::Condition::column) != given.end();
  };
  table::GroupIdentity target = sources.front();
  for (const std::string_view view : table::key_columns()) {
    const std::string column(view);
    if (is_given(column) || agree(sources, column)) continue;
    if (std::ranges::find(kNeeded, column) != kNeeded.end()) {
      throw Error::usage("the source groups differ in " + column + "; set --to " + column +
                         "=VALUE or select sources with --from");
    }
    set(target, column, "");
  }
  for (const table::Condition& condition : given) set(target, condition.column, condition.value);
  sort_key(target);
  const auto itself = [&](const table::GroupIdentity& source) { return source.key == target.key; };
  if (std::ranges::any_of(sources, itself)) warn("the target is also a source: " + target.text());
  if (is_given("model") || !agree(sources, "model")) describe_model(catalogue, target);
  return target;
}

predictor::Facts target_facts(const table::GroupIdentity& target,
                              const std::vector<table::GroupIdentity>& sources, const SystemFlags& system,
                              const FigureFlags& figures, const hardware::Catalogue& catalogue) {
  predictor::Facts facts = system.facts(target);
  replace_if_known(facts.gpu_bandwidth_bytes_s, figures.bandwidth_gb_s, 1e9);
  replace_if_known(facts.gpu_tdp_w, figures.tdp_w, 1);
  replace_if_known(facts.gpu_peak_flops, figures.peak_tflops, 1e12);
  replace_if_known(facts.gpu_link_bytes_s, figures.link_gb_s, 1e9);
  replace_if_known(facts.active_params, figures.active_params_b, 1e9);
  const bool gpu = same_as_a_source(target, sources, {"gpu"});
  const bool weights = same_as_a_source(target, sources, {"model", "quant"});
  if (!gpu && (!known(facts.gpu_bandwidth_bytes_s) || !known(facts.gpu_tdp_w))) {
    throw Error::usage(
        "specifications of the GPU \"" + target["gpu"] + '"' +
        alike_text(target["gpu"], catalogue.gpus_like(target["gpu"])) +
        " are unknown; set --gpu-bandwidth-gb-s and --gpu-tdp-w (preferably also --gpu-peak-tflops and --gpu-link-gb-s) or add a --catalogue");
  }
  if (!weights && !known(facts.weight_bytes)) {
    throw Error::usage(
        "size of the weights of \"" + target["model"] + "\" (" + target["quant"] + ")" +
        alike_text(target["model"], catalogue.models_like(target["model"])) +
        " unknown; set --weights-gb (preferably also --active-params-b and --kv-bytes-per-token) or add a --catalogue");
  }
  return facts;
}

table::Group target_group(const table::GroupIdentity& target, std::vector<table::Group> groups,
                          const hardware::Catalogue& catalogue) {
  for (const table::Group& group : groups) {
    for (const std::string_view column : table::key_columns()) {
      if (std::ranges::find(kFree, column) != kFree.end()) continue;
      const bool needed = std::ranges::find(kNeeded, column) != kNeeded.end();
      if (!needed && group.identity[column].empty()) continue;  // not stated
      if (same_value(catalogue, column, group.identity[column], target[column])) continue;
      const auto shown = [](const std::string& text) { return text.empty() ? std::string("blank") : text; };
      throw Error::bad_input({group.rows.front().file, group.rows.front().line, {}},
                             "rows of " + group.identity.text() +
                                 " do not match the target: " + std::string(column) + " is " +
                                 shown(group.identity[column]) + ", not " + shown(target[column]));
    }
  }
  if (groups.size() > 1) {
    throw Error::bad_input({groups[1].rows.front().file, groups[1].rows.front().line, {}},
                           "rows of several groups, " + groups[0].identity.text() + " and " +
                               groups[1].identity.text() + "; select one with --where");
  }
  if (groups.empty()) return {target, {}};
  return std::move(groups.front());
}

void check_modelled(const table::GroupIdentity& target, const std::vector<table::GroupIdentity>& sources,
                    const std::vector<std::string>& to, bool has_rows) {
  std::vector<std::string> without_effect;
  bool other = false;
  for (const std::string& text : to) {
    const table::Condition given = table::parse_condition(text);
    const table::Column column = *table::find_column(given.column);
    const std::string value = table::normal_text(column, target[given.column]);
    if (std::ranges::any_of(sources, [&](const table::GroupIdentity& source) {
          return table::normal_text(column, source[given.column]) == value;
        }))
      continue;
    if (std::ranges::find(kNotModelled, given.column) == kNotModelled.end()) {
      other = true;
    } else {
      without_effect.push_back(given.column);
    }
  }
  if (without_effect.empty() || has_rows) return;
  const std::string sentence = "the law has no term for " + join(without_effect, " and ") +
                               ": without measured rows of the target, its predictions do not change with it";
  const bool limit = std::ranges::find(without_effect, "power_limit_w") != without_effect.end();
  if (!other)
    throw Error::usage(sentence + "; add rows as DATA" +
                       (limit ? ", or use choose --power-limits or predict --power-limit-w" : ""));
  warn(sentence);
}

}  // namespace energylens::cli
