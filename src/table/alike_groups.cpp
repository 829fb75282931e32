// SPDX-License-Identifier: Apache-2.0
// Groups that differ in one key column only are compared by their values of that column, so that the cost is that of
// sorting the groups. Held by alike_groups_test.cpp and findings_test.cpp.
#include "table/alike_groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

#include "core/nearest_name.hpp"
#include "core/text.hpp"
#include "energylens/core/number_text.hpp"
#include "table/row_columns.hpp"

namespace energylens::table {
namespace {

constexpr std::size_t kMostLines = 5;
/// Shorter names differ from others by one letter.
constexpr std::size_t kLongName = 6;
/// Settings that differ by less are one setting read twice.
constexpr double kSameSetting = 0.02;

std::string digits_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) out += c;
  }
  return out;
}

/// "0.6" of "0.6.3.post1"; the whole of a text that begins otherwise.
std::string minor_version(std::string_view text) {
  std::size_t end = 0;
  for (int dots = 0; end < text.size(); ++end) {
    if (text[end] == '.' && ++dots == 2) break;
    if (text[end] != '.' && std::isdigit(static_cast<unsigned char>(text[end])) == 0) break;
  }
  return std::string(text.substr(0, end));
}

bool patch_only(const std::string& a, const std::string& b) {
  const std::string minor = minor_version(a);
  return minor.find('.') != std::string::npos && minor == minor_version(b);
}

std::string bare_name(std::string_view text) {
  std::string out = lower_case(text.substr(text.rfind('/') + 1));
  std::erase_if(out, [](char c) { return c == '-' || c == '_' || c == ' ' || c == '.'; });
  return out;
}

bool misspelt(const std::string& a, const std::string& b) {
  if (std::min(a.size(), b.size()) < kLongName || digits_of(a) != digits_of(b) || a[0] != b[0]) return false;
  const std::string_view other = b;
  return nearest_name(a, std::span(&other, 1), 2).has_value();
}

bool begins_with_other(const std::string& a, const std::string& b) {
  const auto begins = [](const std::string& whole, const std::string& start) {
    return start.size() >= 3 && whole.size() > start.size() && whole.starts_with(start) &&
           std::isdigit(static_cast<unsigned char>(whole[start.size()])) == 0;
  };
  return begins(a, b) || begins(b, a);
}

/// How two different values of a column are probably the same; "" if they are not.
std::string likeness(Column column, const std::string& a, const std::string& b) {
  const std::string name(info(column).name);
  if (a.empty() || b.empty()) return "a blank " + name;
  if (info(column).type == ColumnType::number) {
    const double x = parse_number(a).value_or(kUnknown), y = parse_number(b).value_or(kUnknown);
    return std::max(x, y) <= (1 + kSameSetting) * std::min(x, y) ? name + " by less than 2 %" : "";
  }
  if (column == Column::role) return "";
  if (lower_case(a) == lower_case(b)) return "capital letters";
  if (column == Column::engine_version)
    return patch_only(normal_text(column, a), normal_text(column, b)) ? "the patch version of the engine"
                                                                      : "";
  const std::string bare_a = bare_name(normal_text(column, a)), bare_b = bare_name(normal_text(column, b));
  if (bare_a == bare_b || misspelt(bare_a, bare_b)) return "the spelling of " + name;
  const bool eight_bits = bare_a.starts_with("fp8") && bare_b.starts_with("fp8");
  const bool shortened = column == Column::gpu || eight_bits;
  return shortened && begins_with_other(bare_a, bare_b) ? "how precisely they state " + name : "";
}

std::string described(const Group& group) {
  const Row& row = group.rows.front();
  return fmt::format("{} ({}:{})", group.identity.text(), row.file, row.line);
}

/// The values of all key columns but one.
std::vector<std::string> key_without(const Group& group, Column column) {
  std::vector<std::string> key;
  for (const Column each : kGroupColumns) {
    if (each != column) key.push_back(normal_text(each, group.identity[info(each).name]));
  }
  return key;
}

}  // namespace

std::vector<std::string> alike_groups(std::span<const Group> groups) {
  std::vector<std::string> lines;
  std::size_t pairs = 0;
  for (const Column column : kGroupColumns) {
    std::map<std::vector<std::string>, std::vector<const Group*>> alike;
    for (const Group& group : groups) alike[key_without(group, column)].push_back(&group);
    for (const auto& [key, members] : alike) {
      // Sorted values: neighbours are the most alike, and a blank is the first.
      for (std::size_t i = 1; i < members.size(); ++i) {
        const std::string_view name = info(column).name;
        std::string how = likeness(column, members[i - 1]->identity[name], members[i]->identity[name]);
        if (how.empty()) continue;
        if (pairs++ < kMostLines)
          lines.push_back(fmt::format("groups that differ in {} only: {} and {}", how,
                                      described(*members[i - 1]), described(*members[i])));
      }
    }
  }
  if (pairs > kMostLines)
    lines.push_back(fmt::format("{} more pairs of groups differ as little", pairs - kMostLines));
  return lines;
}

}  // namespace energylens::table
