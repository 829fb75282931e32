// SPDX-License-Identifier: Apache-2.0
#include "cli/profile/flags.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "cli/console.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/file.hpp"

namespace energylens::cli {
namespace {

std::string flag_of(const campaign::SettingInfo& info) {
  std::string flag = "--" + std::string(info.name);
  for (char& c : flag) c = c == '_' ? '-' : c;
  return flag;
}

std::string default_of(const campaign::SettingInfo& info) {
  return std::visit(
      [](auto member) { return number_text(static_cast<double>(campaign::Settings{}.*member)); },
      info.member);
}

void apply(const campaign::SettingInfo& info, double value, campaign::Settings& settings) {
  if (const auto* const whole = std::get_if<int campaign::Settings::*>(&info.member)) {
    settings.** whole = static_cast<int>(value);
  } else {
    settings.*std::get<double campaign::Settings::*>(info.member) = value;
  }
}

/// More repeats raise the most that are made, unless a flag states that too.
void raise_max_repeats(campaign::Settings& all, const std::vector<double>& flags) {
  if (all.max_repeats >= all.repeats) return;
  const auto infos = campaign::setting_infos();
  const auto found = std::ranges::find(infos, "max_repeats", &campaign::SettingInfo::name);
  if (known(flags[static_cast<std::size_t>(found - infos.begin())]))
    throw Error::usage("--max-repeats " + std::to_string(all.max_repeats) + " is less than the repeats, " +
                       std::to_string(all.repeats));
  all.max_repeats = all.repeats;
}

}  // namespace

void PlanFlags::declare(Arguments& args) {
  args.positional("PLAN", file,
                  "what to measure: a plan (JSON), or a table such as energylens design writes");
  args.text("--serve-cmd", changes.serve_cmd, "COMMAND",
            "starts a server, or a child; {tp} {pp} {dp} {ep} {gpus} {layout} {quant} {model} {port} "
            "{api_key} are filled in");
  args.text("--url", changes.url, "URL", "of the server, if it runs already or its port is fixed");
  args.words("--isl-osl-pairs", pairs, "I:O,I:O,...", "lengths in place of the grid's isl and osl");
  args.text("--seed", seed, "N", "of the order and the prompts");
  const auto infos = campaign::setting_infos();
  for (std::size_t i = 0; i < infos.size(); ++i) {
    const bool whole = std::holds_alternative<int campaign::Settings::*>(infos[i].member);
    args.number(flag_of(infos[i]), settings[i], {.min = infos[i].min, .max = infos[i].max, .whole = whole},
                std::string(infos[i].meaning) + " [" + default_of(infos[i]) + "]");
  }
}

campaign::Plan PlanFlags::read() const {
  campaign::PlanChanges all = changes;
  for (const std::string& pair : pairs) all.isl_osl_pairs.push_back(campaign::parse_length_pair(pair));
  campaign::Plan plan = campaign::parse_plan(read_file(file), file, all);
  const auto infos = campaign::setting_infos();
  for (std::size_t i = 0; i < infos.size(); ++i) {
    if (known(settings[i])) apply(infos[i], settings[i], plan.settings);
  }
  raise_max_repeats(plan.settings, settings);
  if (!seed.empty()) {
    const double number = parse_number(seed).value_or(kUnknown);
    if (!(number >= 0 && number <= 9e15) || number != static_cast<double>(static_cast<std::uint64_t>(number)))
      throw Error::usage("--seed: \"" + seed + "\" is no whole number from 0 on");
    plan.seed = static_cast<std::uint64_t>(number);
  }
  return plan;
}

void KeyFlags::declare(Arguments& args) {
  args.text("--api-key-env", variable, "NAME", "environment variable with the server's API key");
}

std::string KeyFlags::key() const {
  const char* const value = std::getenv(variable.c_str());
  std::string text = value ? value : "";
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
  // A line break would begin a header of its own.
  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    throw Error::usage("the key in " + variable + " holds a line break or another control character");
  return text;
}

void CampaignFlags::declare(Arguments& args) {
  meters.declare(args);
  args.number("--period-s", options.record.period_s, {.min = 0.001, .max = 60},
              "between readings of the meters, s");
  args.number("--max-gap-s", options.limits.max_gap_s, kPositive, "longer without a reading is invalid, s");
  args.flag("--shell", options.shell, "run the server command by /bin/sh");
  args.flag("--no-samples", no_samples, "keep no raw samples");
  key.declare(args);
  args.flag("--quiet", quiet, "no progress");
}

campaign::CampaignOptions CampaignFlags::ready() const {
  campaign::CampaignOptions all = options;
  all.api_key = key.key();
  all.keep_samples = !no_samples;
  all.cancel = &interrupted();
  const auto say = status_line(quiet);
  all.say = say;
  all.warn = [say](const std::string& line) {
    if (say) say("");
    warn(line);
  };
  all.about = io::Json::object({{"energylens_version", ENERGYLENS_VERSION}});
  return all;
}

}  // namespace energylens::cli
