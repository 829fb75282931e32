// SPDX-License-Identifier: Apache-2.0
#include "cli/profile/flags.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "cli/console.hpp"
#include "core/file.hpp"
#include "energylens/core/error.hpp"

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

/// A larger number of repeats raises max_repeats too, unless a flag sets it.
void raise_max_repeats(campaign::Settings& all, const std::vector<double>& flags) {
  if (all.max_repeats >= all.repeats) return;
  const auto infos = campaign::setting_infos();
  const auto found = std::ranges::find(infos, "max_repeats", &campaign::SettingInfo::name);
  if (known(flags[static_cast<std::size_t>(found - infos.begin())]))
    throw Error::usage("--max-repeats " + std::to_string(all.max_repeats) + " is less than --repeats " +
                       std::to_string(all.repeats));
  all.max_repeats = all.repeats;
}

}  // namespace

void PlanFlags::declare(Arguments& args) {
  args.positional("PLAN", file, "plan of the campaign (JSON), or a table written by energylens design");
  args.reads();
  args.text(
      "--serve-cmd", changes.serve_cmd, "COMMAND",
      "command that starts the server; may contain the placeholders {tp} {pp} {dp} {ep} {gpus} {layout} {quant} {model} {port} {api_key} [from the plan]");
  args.text("--url", changes.url, "URL",
            "URL of a server that is running, or that --serve-cmd starts on a fixed port");
  args.words("--isl-osl-pairs", pairs, "I:O,I:O,...",
             "pairs of input and output tokens to measure, instead of those in the plan");
  args.text("--seed", seed, "N", "random seed for the order and the prompts [from the plan]");
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
      throw Error::usage("--seed: \"" + seed + "\" is not a whole number of at least 0");
    plan.seed = static_cast<std::uint64_t>(number);
  }
  return plan;
}

namespace {

constexpr const char* kUsualKey = "OPENAI_API_KEY";

std::string key_variable(const KeyFlags& flags) {
  return flags.variable.empty() ? kUsualKey : flags.variable;
}

/// Whether what is sent to the URL stays on this machine or is encrypted.
bool is_private(const std::string& url) {
  if (url.starts_with("https://")) return true;
  const std::string host = url.substr(std::min(url.size(), url.find("://") + 3));
  return host.starts_with("localhost") || host.starts_with("127.") || host.starts_with("[::1]");
}

}  // namespace

std::string KeyFlags::key_for(const std::string& url) const {
  const std::string all = key();
  if (all.empty()) return {};
  if (variable.empty()) {
    inform(std::string(kUsualKey) + " is set, but not sent to the server; use --api-key-env " + kUsualKey +
           " to send it");
    return {};
  }
  if (!is_private(url)) warn("the API key is sent to " + url + " without encryption; use https://");
  return all;
}

void KeyFlags::declare(Arguments& args) {
  args.text("--api-key-env", variable, "NAME",
            "environment variable with the API key to send to the server [none]");
}

std::string KeyFlags::key() const {
  const char* const value = std::getenv(key_variable(*this).c_str());
  std::string text = value ? value : "";
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
  // A line break would start another header.
  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    throw Error::usage("the key in " + key_variable(*this) +
                       " contains a line break or another control character");
  return text;
}

void CampaignFlags::declare(Arguments& args) {
  meters.declare(args);
  args.number("--period-s", options.record.period_s, {.min = 0.001, .max = 60},
              "sampling period of the meters (s)");
  args.number("--max-gap-s", options.limits.max_gap_s, kPositive,
              "maximum gap between readings; a longer one makes the measurement invalid (s)");
  args.flag("--shell", options.shell, "run the server command with /bin/sh");
  args.flag("--no-samples", no_samples, "do not keep the readings of the meters");
  key.declare(args);
  args.flag("--quiet", quiet, "do not show progress");
}

campaign::CampaignOptions CampaignFlags::ready() const {
  campaign::CampaignOptions all = options;
  all.api_key = key.key();
  all.send_api_key = !key.variable.empty();
  all.keep_samples = !no_samples;
  all.cancel = &interrupted();
  const auto report = status_line(quiet);
  all.report_progress = report;
  all.warn = [report](const std::string& line) {
    if (report) report("");
    warn(line);
  };
  all.about = io::Json::object({{"energylens_version", ENERGYLENS_VERSION}});
  return all;
}

}  // namespace energylens::cli
