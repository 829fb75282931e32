// SPDX-License-Identifier: Apache-2.0
#include "cli/design/flags.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "choose/layouts.hpp"
#include "energylens/core/error.hpp"
#include "predictor/feasible.hpp"

namespace energylens::cli {
namespace {

using table::RowKind;

table::RowKind kind_of(const std::string& word, const std::vector<table::Row>& rows) {
  if (!word.empty()) return word == "steady" ? RowKind::steady : RowKind::job;
  const auto steady = [](const table::Row& row) { return row.config.load.kind == RowKind::steady; };
  return !rows.empty() && std::ranges::all_of(rows, steady) ? RowKind::steady : RowKind::job;
}

/// One list of a grid, and the member of the rows that its values come from if no flag gives them.
struct Axis {
  const char* flag;
  double table::Load::*member;
  bool lengths;  ///< of steady rows a mean, not a setting
};

std::vector<double> distinct(const std::vector<table::Row>& rows, const Axis& axis, RowKind kind) {
  std::set<double> values;
  for (const table::Row& row : rows) {
    const double value = row.config.load.*axis.member;
    if (row.config.load.kind == kind && known(value)) values.insert(value);
  }
  std::vector<double> all(values.begin(), values.end());
  if (kind == RowKind::steady && axis.lengths && !all.empty()) return {all[(all.size() - 1) / 2]};
  return all;
}

std::vector<double> values_of(const std::vector<double>& given, const std::vector<table::Row>& rows,
                              const Axis& axis, RowKind kind) {
  if (!given.empty()) return given;
  std::vector<double> values = distinct(rows, axis, kind);
  if (!values.empty()) return values;
  if (rows.empty() || !axis.lengths) {
    throw Error::usage(std::string("specify the values to measure with ") + axis.flag);
  }
  return {kUnknown};
}

[[noreturn]] void refuse_workload(const std::string& text) {
  throw Error::bad_cell({{}, 0, "--workload"}, text, "a list or range such as batch=8,16 or osl=128..512");
}

double count_of(const std::string& part, const std::string& text) {
  const std::optional<double> value = parse_number(part);
  if (!value || !(*value >= 1)) refuse_workload(text);
  return *value;
}

/// "8,16" as these numbers, "8..64" as those of the grid in between.
std::vector<double> parse_values(const std::string& values, const std::vector<double>& grid,
                                 const std::string& text) {
  std::vector<double> out;
  const std::size_t dots = values.find("..");
  if (dots != std::string::npos) {
    const double low = count_of(values.substr(0, dots), text), high = count_of(values.substr(dots + 2), text);
    std::ranges::copy_if(grid, std::back_inserter(out),
                         [&](double value) { return low <= value && value <= high; });
    if (out.empty()) throw Error::usage("--workload " + text + ": no grid value is in this range");
    return out;
  }
  for (std::size_t begin = 0; begin <= values.size();) {
    const std::size_t end = std::min(values.find(',', begin), values.size());
    out.push_back(count_of(values.substr(begin, end - begin), text));
    begin = end + 1;
  }
  return out;
}

design::Loads parse_workload(const std::vector<std::string>& texts, const design::Loads& grid) {
  design::Loads served = grid;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) refuse_workload(text);
    const std::string axis = text.substr(0, equals), values = text.substr(equals + 1);
    if (axis == "batch") {
      served.batches = parse_values(values, grid.batches, text);
    } else if (axis == "isl") {
      served.isls = parse_values(values, grid.isls, text);
    } else if (axis == "osl") {
      served.osls = parse_values(values, grid.osls, text);
    } else {
      refuse_workload(text);
    }
  }
  return served;
}

}  // namespace

void DesignFlags::declare(Arguments& args) {
  args.words("--layouts", layouts_, "L,L,...", "parallel layouts such as tp8,tp4pp2 [those of DATA]");
  args.whole(
      "--total-gpus", total_gpus_, {.min = 1, .max = 4096, .whole = true},
      "consider every single-replica layout on at most N GPUs that holds the model, instead of --layouts");
  args.whole("--max-pp", max_pp_, kCount, "largest number of pipeline stages with --total-gpus [no limit]");
  args.numbers("--batch", batches_, kCount,
               "requests per job, or server limits on concurrent requests [those of DATA]");
  args.numbers("--isl", isls_, kCount, "input tokens per request [those of DATA]");
  args.numbers("--osl", osls_, kCount, "output tokens per request [those of DATA]");
  args.choice("--row-kind", row_kind_, {"job", "steady"},
              "job: the requests start together; steady: the server is kept full [as in DATA]");
  args.repeated(
      "--workload", workload_, "AXIS=VALUES",
      "workload to optimise for: values such as batch=8,16 or a range such as osl=128..512; may be repeated [the whole grid]");
  args.flag("--repeats", repeat_, "also consider configurations that have been measured");
  args.text("--model", model_, "NAME", "model name, if there is no DATA");
  args.text("--gpu", gpu_, "NAME", "GPU name, if there is no DATA");
  args.text("--quant", quant_, "LABEL", "quantisation of the weights, if there is no DATA");
  args.text("--kv-dtype", kv_dtype_, "LABEL", "data type of the KV cache, if there is no DATA");
}

bool DesignFlags::names_system() const {
  return !(model_.empty() && gpu_.empty() && quant_.empty() && kv_dtype_.empty());
}

table::GroupIdentity DesignFlags::identity() const {
  table::GroupIdentity identity;
  for (const auto& [column, text] : {std::pair{"model", &model_}, std::pair{"gpu", &gpu_},
                                     std::pair{"quant", &quant_}, std::pair{"kv_dtype", &kv_dtype_}}) {
    if (!text->empty()) identity.key.emplace_back(column, *text);
  }
  return identity;
}

std::vector<table::Layout> DesignFlags::layouts(const std::vector<table::Row>& rows,
                                                const predictor::Facts& facts) const {
  std::set<table::Layout> measured, all;
  for (const table::Row& row : rows) measured.insert(row.config.layout);
  for (const std::string& text : layouts_) all.insert(table::parse_layout(text));
  if (!all.empty() && total_gpus_ > 0)
    throw Error::usage("specify either --layouts or --total-gpus, not both");
  if (all.empty() && total_gpus_ == 0) all = measured;
  for (const table::Layout& layout : all) {
    const std::string reason = measured.contains(layout) ? "" : predictor::infeasible(layout, facts);
    if (!reason.empty()) throw Error::usage(table::layout_text(layout) + " is not feasible: " + reason);
  }
  const std::vector<table::Layout> in_data(measured.begin(), measured.end());
  const choose::LayoutFilter filter{{}, false, max_pp_};
  for (const choose::CandidateLayout& one : choose::candidate_layouts(total_gpus_, facts, in_data, filter)) {
    const bool replica = one.layout.dp == 1 || one.layout.attention_data_parallel();
    if (total_gpus_ > 0 && one.rejected.empty() && replica) all.insert(one.layout);
  }
  if (all.empty() && total_gpus_ > 0 && known(facts.weight_bytes) && known(facts.gpu_memory_bytes)) {
    throw Error::usage("no layout within --total-gpus " + std::to_string(total_gpus_) + " holds the model");
  }
  if (all.empty() && total_gpus_ > 0) {
    throw Error::usage(
        "cannot decide which layouts fit: the size of the weights or of the GPU memory is unknown; specify --layouts, "
        "or --weights-gb and --gpu-memory-gb");
  }
  if (all.empty()) throw Error::usage("specify the layouts to measure with --layouts or --total-gpus");
  return {all.begin(), all.end()};
}

design::Grid DesignFlags::grid(const std::vector<table::Row>& rows, const predictor::Facts& facts) const {
  design::Grid grid;
  grid.kind = kind_of(row_kind_, rows);
  grid.layouts = layouts(rows, facts);
  const bool steady = grid.kind == RowKind::steady;
  const Axis batch{"--batch", steady ? &table::Load::max_batch : &table::Load::batch, false};
  grid.measurable.batches = values_of(batches_, rows, batch, grid.kind);
  grid.measurable.isls = values_of(isls_, rows, {"--isl", &table::Load::isl, true}, grid.kind);
  grid.measurable.osls = values_of(osls_, rows, {"--osl", &table::Load::osl, true}, grid.kind);
  grid.served = parse_workload(workload_, grid.measurable);
  grid.repeat = repeat_;
  return grid;
}

}  // namespace energylens::cli
