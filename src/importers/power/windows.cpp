// SPDX-License-Identifier: Apache-2.0
// Files whose lines are windows with their energy: Zeus (GPUs), CodeCarbon (GPUs, processors beside) and Slurm's sacct (nodes).
// A row per window. Held by power_tools_test.cpp.
#include "importers/power/windows.hpp"

#include <fmt/format.h>

#include <map>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "importers/content.hpp"
#include "importers/foreign.hpp"
#include "importers/formats.hpp"
#include "importers/readers/dialect.hpp"
#include "importers/readers/times.hpp"
#include "importers/rows.hpp"

namespace energylens::importers {
namespace {

constexpr double kKwh_j = 3.6e6;
/// A GPU that serves draws more.
constexpr double kLeastPower_w = 5;

double cell_number(const DialectSheet& sheet, std::optional<std::size_t> column, std::string_view wanted) {
  const std::string_view cell = sheet.cell(column);
  if (cell.empty()) return kUnknown;
  const auto number = parse_number_with_comma(cell);
  if (!number) throw Error::bad_cell(sheet.place(column), shown(cell), wanted);
  return *number;
}

/// "[D-]HH:MM:SS", as Slurm writes a duration.
double slurm_duration_s(std::string_view text) {
  double days = 0;
  if (const std::size_t dash = text.find('-'); dash != text.npos) {
    days = parse_number(text.substr(0, dash)).value_or(kUnknown);
    text.remove_prefix(dash + 1);
  }
  double seconds = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(':'), text.size());
    seconds = 60 * seconds + parse_number(text.substr(0, end)).value_or(kUnknown);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return 86400 * days + seconds;
}

/// "1834523", "1.83M".
double slurm_energy_j(std::string_view text) {
  double factor = 1;
  for (const auto& [letter, value] : {std::pair{'K', 1e3}, {'M', 1e6}, {'G', 1e9}}) {
    if (text.ends_with(letter)) factor = value;
  }
  if (factor != 1) text.remove_suffix(1);
  return parse_number(text).value_or(kUnknown) * factor;
}

Imported import_windows(const Request& request, std::string_view format,
                        std::vector<EnergyWindow> (*read)(const std::string&, const std::string&,
                                                          std::vector<std::string>&)) {
  table::RowWriter rows;
  std::vector<std::string> warnings;
  for (const std::string& file : request.files) {
    const std::string text = text_of(file, request);
    explained(text, file, format, [&] {
      for (const EnergyWindow& window : read(text, file, warnings)) {
        rows.begin_row();
        if (!window.gpu.empty()) rows.set("gpu", window.gpu);
        if (known(window.gpus)) rows.set("num_gpus", window.gpus);
        if (known(window.nodes)) rows.set("num_nodes", window.nodes);
        rows.set("total_energy_j", window.energy_j);
        rows.set("total_time_s", window.duration_s);
        rows.set("avg_power_w", window.energy_j / window.duration_s);
        if (known(window.host_energy_j)) rows.set("host_energy_j", window.host_energy_j);
        rows.set("energy_scope", window.scope);
        rows.set("notes", window.name + "; from " + file);
      }
    });
  }
  if (rows.rows().empty()) throw Error::bad_input({request.files.front(), 0, {}}, "no window with an energy");
  for (const std::string_view column : {"model", "isl", "osl", "tp"}) {
    if (!is_set(request, column))
      warnings.push_back(fmt::format("{0} is not in the file; add it with --set {0}=VALUE", column));
  }
  table::Table table = finish(rows, request, warnings);
  return {std::move(table), std::move(warnings)};
}

}  // namespace

std::vector<EnergyWindow> zeus_windows(const std::string& text, const std::string& file,
                                       std::vector<std::string>& warnings) {
  DialectSheet sheet(text, file);
  const auto name = sheet.find({"window_name"}), elapsed = sheet.find({"elapsed_time"}),
             start = sheet.find({"start_time"});
  std::vector<std::size_t> gpus;
  for (std::size_t i = 0; i < sheet.names().size(); ++i) {
    const std::string plain = plain_column(sheet.names()[i]);
    if (plain.starts_with("gpu") && plain.ends_with("_energy")) gpus.push_back(i);
  }
  if (!elapsed || gpus.empty())
    throw Error::bad_input({file, 1, {}}, "missing column \"elapsed_time\" or \"gpuN_energy\"");
  std::vector<EnergyWindow> windows;
  while (sheet.next()) {
    EnergyWindow window;
    window.name = "Zeus window " + shown(sheet.cell(name));
    window.duration_s = cell_number(sheet, elapsed, "a time in seconds");
    window.begin_s = cell_number(sheet, start, "a time in seconds");
    if (!(window.begin_s > 1e9)) window.begin_s = kUnknown;  // of a clock that starts with the machine
    window.energy_j = 0;
    for (const std::size_t gpu : gpus) window.energy_j += cell_number(sheet, gpu, "an energy in joules");
    window.gpus = static_cast<double>(gpus.size());
    window.scope = "gpu";
    if (!(window.duration_s > 0) || !(window.energy_j > 0)) {
      warnings.push_back(
          fmt::format("{}: left out \"{}\": no energy or no time", file, shown(sheet.cell(name))));
      continue;
    }
    windows.push_back(std::move(window));
  }
  if (sheet.cut_off()) warnings.push_back(file + ": ignored the last line, which is cut off");
  return windows;
}

std::vector<EnergyWindow> codecarbon_windows(const std::string& text, const std::string& file,
                                             std::vector<std::string>& warnings) {
  DialectSheet sheet(text, file);
  const auto run = sheet.find({"run_id"}), time = sheet.find({"timestamp"}),
             duration = sheet.find({"duration"});
  const auto gpu = sheet.find({"gpu_energy"}), cpu = sheet.find({"cpu_energy"}),
             ram = sheet.find({"ram_energy"});
  if (!duration || !gpu)
    throw Error::bad_input({file, 1, {}}, "missing column \"duration\" or \"gpu_energy\"");
  std::vector<EnergyWindow> windows;
  std::map<std::string, std::size_t> last;  // lines of one run are cumulative: the last one holds
  std::size_t replaced = 0, without = 0;
  while (sheet.next()) {
    EnergyWindow window;
    window.duration_s = cell_number(sheet, duration, "a time in seconds");
    window.energy_j = cell_number(sheet, gpu, "an energy in kWh") * kKwh_j;
    const double host_j =
        (cell_number(sheet, cpu, "an energy in kWh") + cell_number(sheet, ram, "an energy in kWh")) * kKwh_j;
    if (host_j > 0) window.host_energy_j = host_j;
    window.gpus = cell_number(sheet, sheet.find({"gpu_count"}), "a number");
    window.gpu = shown(sheet.cell(sheet.find({"gpu_model"})));
    if (window.gpu.starts_with("1 x ")) window.gpu.erase(0, 4);
    window.scope = "gpu";
    window.name = "CodeCarbon " + shown(sheet.cell(sheet.find({"project_name"})));
    if (const auto end = parse_time(sheet.cell(time)); end && !end->local)
      window.begin_s = end->time_s - window.duration_s;
    const double gpus = known(window.gpus) && window.gpus >= 1 ? window.gpus : 1;
    if (!(window.energy_j > kLeastPower_w * gpus * window.duration_s) || !(window.duration_s > 0)) {
      ++without;
      continue;
    }
    const std::string id(sheet.cell(run));
    if (id.empty()) {
      windows.push_back(std::move(window));
      continue;
    }
    const auto [found, is_new] = last.emplace(id, windows.size());
    if (is_new) {
      windows.push_back(std::move(window));
    } else {
      ++replaced;
      if (window.duration_s >= windows[found->second].duration_s) windows[found->second] = std::move(window);
    }
  }
  if (replaced > 0)
    warnings.push_back(fmt::format("{}: {} of runs that go on were replaced by their last one", file,
                                   plural(replaced, "line")));
  if (without > 0)
    warnings.push_back(
        fmt::format("{}: left out {} whose GPUs drew less than 5 W each", file, plural(without, "line")));
  return windows;
}

std::vector<EnergyWindow> sacct_windows(const std::string& text, const std::string& file,
                                        std::vector<std::string>& warnings) {
  DialectSheet sheet(text, file);
  const auto job = sheet.find({"jobid"}), raw = sheet.find({"consumedenergyraw"}),
             rounded = sheet.find({"consumedenergy"}), elapsed = sheet.find({"elapsed"}),
             seconds = sheet.find({"elapsedraw"});
  if ((!raw && !rounded) || (!elapsed && !seconds))
    throw Error::bad_input({file, 1, {}},
                           "missing column \"ConsumedEnergyRaw\" or \"Elapsed\"; ask sacct -P "
                           "--format=JobID,JobName,ConsumedEnergyRaw,ElapsedRaw,NNodes");
  std::vector<EnergyWindow> windows;
  std::size_t steps = 0, without = 0;
  while (sheet.next()) {
    const std::string id(sheet.cell(job));
    if (id.find_first_not_of('-') == std::string::npos) continue;  // the line under the header
    if (id.find('.') != std::string::npos) {
      ++steps;
      continue;
    }
    EnergyWindow window;
    window.name = fmt::format("Slurm job {} {}", shown(id), shown(sheet.cell(sheet.find({"jobname"}))));
    window.energy_j = slurm_energy_j(sheet.cell(raw ? raw : rounded));
    window.duration_s =
        seconds ? cell_number(sheet, seconds, "a time in seconds") : slurm_duration_s(sheet.cell(elapsed));
    window.nodes = cell_number(sheet, sheet.find({"nnodes", "allocnodes"}), "a number of nodes");
    window.scope = "node";
    if (!(window.energy_j > 0) || !(window.duration_s > 0)) {
      ++without;
      continue;
    }
    windows.push_back(std::move(window));
  }
  if (steps > 0)
    warnings.push_back(fmt::format("{}: left out {}, whose energy is in that of their jobs", file,
                                   plural(steps, "job step")));
  if (without > 0)
    warnings.push_back(
        fmt::format("{}: left out {} without energy: is AcctGatherEnergyType set in slurm.conf?", file,
                    plural(without, "job")));
  warnings.push_back(file + ": the energy is that of whole nodes, more than that of the GPUs");
  return windows;
}

Imported import_zeus(const Request& request) {
  return import_windows(request, "zeus", zeus_windows);
}
Imported import_codecarbon(const Request& request) {
  return import_windows(request, "codecarbon", codecarbon_windows);
}
Imported import_sacct(const Request& request) {
  return import_windows(request, "sacct", sacct_windows);
}

std::vector<FieldInfo> zeus_fields() {
  return {{"window_name", "notes", FieldUse::read, ""},
          {"start_time", "begin", FieldUse::read, "if it is since 1970"},
          {"elapsed_time", "total_time_s", FieldUse::read, ""},
          {"gpuN_energy", "total_energy_j, num_gpus", FieldUse::read, "J, sum over the GPUs"},
          {"", "avg_power_w", FieldUse::derived, "energy over time"}};
}
std::vector<FieldInfo> codecarbon_fields() {
  return {{"duration", "total_time_s", FieldUse::read, "of the run so far"},
          {"gpu_energy", "total_energy_j", FieldUse::read, "kWh of the GPUs"},
          {"cpu_energy, ram_energy", "host_energy_j", FieldUse::read,
           "kWh; estimates of CodeCarbon where there is no counter"},
          {"gpu_count, gpu_model", "num_gpus, gpu", FieldUse::read, ""},
          {"run_id", "", FieldUse::read, "of several lines of one run the last counts"},
          {"", "avg_power_w", FieldUse::derived, "energy over time"},
          {"cpu_power, gpu_power, ram_power", "", FieldUse::refused, "of the last moment"},
          {"emissions, country_name, ...", "", FieldUse::refused, ""}};
}
std::vector<FieldInfo> sacct_fields() {
  return {{"JobID, JobName", "notes", FieldUse::read, "job steps are left out"},
          {"ConsumedEnergyRaw", "total_energy_j", FieldUse::read,
           "J of the nodes; ConsumedEnergy with K, M or G"},
          {"ElapsedRaw, Elapsed", "total_time_s", FieldUse::read, ""},
          {"NNodes", "num_nodes", FieldUse::read, ""},
          {"", "energy_scope", FieldUse::derived, "node"}};
}

}  // namespace energylens::importers
