// SPDX-License-Identifier: Apache-2.0
// CUDA hides everything behind the first entry that it does not understand. Metering fewer devices than the
// command uses would be silently wrong, so such an entry is refused here. Held by visible_test.cpp.
#include "meter/visible.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

#include "energylens/core/error.hpp"

namespace energylens::meter {
namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> entries_of(std::string_view text) {
  std::vector<std::string_view> entries;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view entry = trimmed(text.substr(0, comma));
    if (entry == "-1") break;
    if (!entry.empty()) entries.push_back(entry);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return entries;
}

std::optional<std::size_t> as_index(std::string_view entry) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(entry.data(), entry.data() + entry.size(), index);
  if (error != std::errc() || end != entry.data() + entry.size()) return std::nullopt;
  return index;
}

struct Match {
  std::size_t device = 0;
  std::string slice;
};

/// Whatever has a UUID that begins with `entry`.
std::vector<Match> matches_of(const std::vector<Nameable>& devices, std::string_view entry) {
  std::vector<Match> matches;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    if (devices[i].uuid == entry) return {{i, ""}};
    if (devices[i].uuid.starts_with(entry)) matches.push_back({i, ""});
    for (const std::string& slice : devices[i].slices) {
      if (slice == entry) return {{i, slice}};
      if (slice.starts_with(entry)) matches.push_back({i, slice});
    }
  }
  return matches;
}

Match match_of(const std::vector<Nameable>& devices, std::string_view entry, std::string_view variable) {
  const auto refuse = [&](const std::string& what) {
    return Error::usage(std::string(variable) + ": \"" + std::string(entry) + "\" names " + what);
  };
  if (const std::optional<std::size_t> index = as_index(entry)) {
    if (*index >= devices.size()) throw refuse("no device: there are " + std::to_string(devices.size()));
    return {*index, ""};
  }
  const std::vector<Match> matches = matches_of(devices, entry);
  if (matches.empty()) throw refuse("no device");
  if (matches.size() > 1) throw refuse("several devices");
  return matches.front();
}

}  // namespace

std::vector<Selected> select_devices(const std::vector<Nameable>& devices,
                                     const std::optional<std::string>& visible, std::string_view variable) {
  std::vector<Selected> selected;
  if (!visible) {
    for (std::size_t i = 0; i < devices.size(); ++i) selected.push_back({i, {}});
    return selected;
  }
  for (const std::string_view entry : entries_of(*visible)) {
    const Match match = match_of(devices, entry, variable);
    auto known = std::ranges::find(selected, match.device, &Selected::device);
    if (known == selected.end()) known = selected.insert(selected.end(), Selected{match.device, {}});
    if (!match.slice.empty()) known->slices.push_back(match.slice);
  }
  return selected;
}

void check_order(const std::vector<std::string>& names, const std::optional<std::string>& visible,
                 std::string_view order) {
  if (!visible || order == "PCI_BUS_ID" ||
      std::ranges::adjacent_find(names, std::ranges::not_equal_to()) == names.end())
    return;
  std::vector<bool> named(names.size(), false);
  std::string_view first_index;
  for (const std::string_view entry : entries_of(*visible)) {
    const std::optional<std::size_t> index = as_index(entry);
    if (!index) continue;
    if (first_index.empty()) first_index = entry;
    if (*index < named.size()) named[*index] = true;
  }
  // All of them are the same ones in any order.
  if (first_index.empty() || std::ranges::all_of(named, [](bool is) { return is; })) return;
  throw Error::usage("CUDA_VISIBLE_DEVICES: index " + std::string(first_index) +
                     " may be of any GPU: the GPUs differ, and CUDA numbers the fastest first; set "
                     "CUDA_DEVICE_ORDER=PCI_BUS_ID for the command and the meter, or name GPUs by UUID");
}

}  // namespace energylens::meter
