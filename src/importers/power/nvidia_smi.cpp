// SPDX-License-Identifier: Apache-2.0
// Logs of nvidia-smi --query-gpu and recordings of `energylens meter`. The form that nvidia-smi writes by itself is read by
// the meter module, with all its checks; other dialects (tabs, semicolons, decimal commas, ISO times, no header) by
// power_csv.cpp. Held by nvidia_smi_log_test.cpp.
#include "core/text.hpp"
#include "importers/content.hpp"
#include "importers/energy_beside.hpp"
#include "importers/formats.hpp"
#include "importers/power/power_csv.hpp"

namespace energylens::importers {
namespace {

/// Whether nvidia-smi writes it so by itself: commas, and times such as 2024/03/31 in the first line behind the header.
bool is_native(std::string_view text) {
  text = beginning_of_text(text);
  const std::string_view header = text.substr(0, text.find('\n'));
  if (header.find_first_of(";\t|") != header.npos) return false;
  const std::size_t columns = static_cast<std::size_t>(std::count(header.begin(), header.end(), ','));
  std::string_view line = text.substr(std::min(header.size() + 1, text.size()));
  line = line.substr(0, line.find('\n'));
  if (line.empty()) return true;
  const auto commas = static_cast<std::size_t>(std::count(line.begin(), line.end(), ','));
  if (header.find("timestamp") == header.npos || commas != columns)
    return true;  // the meter names what is wrong
  std::size_t at = 0;
  for (std::size_t column = 0, begin = 0; begin <= header.size(); ++column) {
    const std::size_t end = std::min(header.find(',', begin), header.size());
    if (header.substr(begin, end - begin).find("timestamp") != header.npos) at = column;
    begin = end + 1;
  }
  for (; at > 0; --at) line.remove_prefix(line.find(',') + 1);
  while (line.starts_with(' ')) line.remove_prefix(1);
  return line.size() < 5 || line[4] == '/';
}

}  // namespace

meter::Trace read_nvidia_smi(const std::string& text, const std::string& file, const Request& request) {
  if (!request.log_columns.empty()) return read_power_csv(text, file, request);
  if (!is_local_time(text)) return meter::parse_trace(text, file);
  if (!is_native(text)) return read_power_csv(text, file, request);
  const double offset_s = known(request.log_utc_offset_s) ? request.log_utc_offset_s : request.utc_offset_s;
  return meter::parse_nvidia_smi(text, file, offset_s);
}

Imported import_nvidia_smi(const Request& request) {
  return import_log(request, "nvidia-smi");
}

std::vector<FieldInfo> nvidia_smi_fields() {
  std::vector<FieldInfo> fields = power_csv_fields();
  fields.push_back({"power.draw.instant", "total_energy_j", FieldUse::read,
                    "preferred to power.draw and power.draw.average"});
  fields.push_back({"module.power.draw.*", "", FieldUse::refused,
                    "of processor and GPU together, in addition to that of the GPU"});
  return fields;
}

}  // namespace energylens::importers
