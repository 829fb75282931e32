// SPDX-License-Identifier: Apache-2.0
// Held by pairs_test.cpp.
#include "speculation/pairs.hpp"

#include <cctype>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "core/text.hpp"
#include "energylens/predictor/facts.hpp"

namespace energylens::speculation {
namespace {

using Key = std::vector<std::pair<std::string, std::string>>;

Key key_without_speculation(const table::GroupIdentity& identity) {
  Key key = identity.key;
  for (auto& [column, text] : key) {
    if (column == "workload") text = without_speculation(text);
  }
  std::erase_if(key, [](const auto& cell) { return cell.second.empty(); });
  return key;
}

using RowKey = std::tuple<table::Layout, table::RowKind, double, double, double, double>;

RowKey row_key(const table::Row& row) {
  const table::Load& load = row.config.load;
  const auto number = [](double value) { return known(value) ? value : -1; };
  return {row.config.layout,      load.kind,        number(load.batch),
          number(load.max_batch), number(load.isl), number(load.osl)};
}

std::vector<Pair> pairs_of(const table::Group& plain, const table::Group& speculative) {
  std::map<RowKey, std::size_t> plain_rows;
  for (std::size_t r = 0; r < plain.rows.size(); ++r) plain_rows.emplace(row_key(plain.rows[r]), r);
  std::vector<Pair> pairs;
  for (std::size_t r = 0; r < speculative.rows.size(); ++r) {
    const auto found = plain_rows.find(row_key(speculative.rows[r]));
    if (found == plain_rows.end() || !known(speculative.rows[r].config.load.batch)) continue;
    const double ratio =
        speculative.rows[r].scenario_energy_j() / plain.rows[found->second].scenario_energy_j();
    if (ratio > 0) pairs.push_back({found->second, r, std::log(ratio)});
  }
  return pairs;
}

/// Whether a word of a workload names speculative decoding or its absence.
bool names_speculation(std::string_view word) {
  return predictor::names_speculation(word) || word == "nospec" || word == "spec" || word == "speculative";
}

}  // namespace

std::string without_speculation(std::string_view workload) {
  std::string out, word;
  const auto end_word = [&] {
    if (!word.empty() && !names_speculation(word)) out += (out.empty() ? "" : " ") + word;
    word.clear();
  };
  for (const char c : lower_case(workload)) {
    if (std::isalnum(static_cast<unsigned char>(c))) {
      word += c;
    } else {
      end_word();
    }
  }
  end_word();
  return out;
}

std::vector<Twins> twins(std::span<const table::Group> groups) {
  std::map<Key, std::vector<std::size_t>> plain;
  const auto is_speculative = [&](std::size_t g) {
    return predictor::names_speculation(groups[g].identity["workload"]);
  };
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (!is_speculative(g)) plain[key_without_speculation(groups[g].identity)].push_back(g);
  }
  std::vector<Twins> out;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (!is_speculative(g)) continue;
    for (const std::size_t other : plain[key_without_speculation(groups[g].identity)]) {
      Twins two{other, g, pairs_of(groups[other], groups[g])};
      if (!two.pairs.empty()) out.push_back(std::move(two));
    }
  }
  return out;
}

}  // namespace energylens::speculation
