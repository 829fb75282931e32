// SPDX-License-Identifier: Apache-2.0
// Both plans are compared as the JSON that they resolve to, member by member, so that no part of a plan is
// forgotten. The table of settings (plan.cpp) states which ones may change: limits of waiting and of retries,
// which do not change what a row means. Held by plan_changes_test.cpp.
#include "campaign/plan/plan_changes.hpp"

#include <algorithm>

namespace energylens::campaign {
namespace {

using io::Json;

constexpr std::size_t kMostText = 300;

std::string value_text(const Json* value) {
  if (value == nullptr) return "not stated";
  std::string text = io::print_json(*value, 0);
  return text.size() > kMostText ? text.substr(0, kMostText) + "..." : text;
}

/// Names of either object, each once.
std::vector<std::string> names_of(const Json& before, const Json& now) {
  std::vector<std::string> names;
  for (const Json* json : {&before, &now}) {
    for (const Json::Member& member : json->members()) {
      if (std::ranges::find(names, member.name) == names.end()) names.push_back(member.name);
    }
  }
  return names;
}

class Comparison {
 public:
  Comparison(const Plan& before, const Plan& now, const std::string& file)
      : before_(before), now_(now), file_(file) {}

  /// Compares all members of two objects.
  void compare(const Json& before, const Json& now) {
    for (const std::string& name : names_of(before, now)) {
      const Json *const a = before.find(name), *const b = now.find(name);
      if (name == "id" || (a != nullptr && b != nullptr && *a == *b)) continue;
      if (name == "identity" && a != nullptr && b != nullptr) {
        compare(*a, *b);
      } else if (name == "configurations") {
        refuse(configurations_text());
      } else if (!may_change(name, a, b)) {
        refuse('"' + name + "\" is " + value_text(a) + in_file() + value_text(b) + " here" + hint_of(name));
      }
    }
  }
  std::vector<PlanChange> changes;

 private:
  static WhenResumed rule_of(const std::string& name) {
    const auto found = std::ranges::find(setting_infos(), name, &SettingInfo::name);
    return found == setting_infos().end() ? WhenResumed::same : found->when_resumed;
  }

  bool may_change(const std::string& name, const Json* from, const Json* to) {
    const WhenResumed rule = rule_of(name);
    if (rule == WhenResumed::same || from == nullptr || to == nullptr) return false;
    if (rule == WhenResumed::not_less && to->as_number() < from->as_number()) return false;
    changes.push_back({name, *from, *to});
    return true;
  }

  static std::string hint_of(const std::string& name) {
    return rule_of(name) == WhenResumed::not_less ? "; it may only be increased" : "";
  }

  std::string in_file() const { return " in " + file_ + " and "; }

  /// What differs between two lists of configurations that are not equal.
  std::string configurations_text() const {
    const auto &a = before_.targets, &b = now_.targets;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
      const std::string was = target_text(a[i]), is = target_text(b[i]);
      if (was != is)
        return "configuration " + std::to_string(i + 1) + " is " + was + in_file() + is + " here";
    }
    if (a.size() == b.size()) return "\"expected_s\" of a configuration differs" + in_file() + "here";
    return "there are " + std::to_string(a.size()) + " configurations" + in_file() +
           std::to_string(b.size()) + " here";
  }

  [[noreturn]] void refuse(const std::string& difference) const {
    throw Error::usage("the campaign was started with another plan: " + difference +
                       "; use that plan, or another folder");
  }

  const Plan &before_, &now_;
  const std::string& file_;
};

}  // namespace

std::vector<PlanChange> changes_on_resume(const Plan& before, const Plan& now, const std::string& file) {
  Comparison comparison(before, now, file);
  comparison.compare(plan_json(before), plan_json(now));
  return std::move(comparison.changes);
}

}  // namespace energylens::campaign
