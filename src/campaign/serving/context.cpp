// SPDX-License-Identifier: Apache-2.0
// From a plan and a deployment to the process that serves it. Held by loop_test.cpp.
#include "campaign/serving/context.hpp"

#include <algorithm>
#include <cstdlib>

#include "campaign/journal/folder.hpp"
#include "campaign/serving/shell.hpp"
#include "core/secret.hpp"
#include "energylens/core/error.hpp"

namespace energylens::campaign {
namespace {

/// The first `count` entries of the variable if it is set, else 0,1,2...
std::string visible_gpus(const char* variable, int count) {
  const char* const set = std::getenv(variable);
  std::string_view left = set ? set : "";
  std::string gpus;
  for (int i = 0; i < count; ++i) {
    const std::size_t comma = left.find(',');
    const std::string entry = set ? std::string(left.substr(0, comma)) : std::to_string(i);
    if (entry.empty()) break;
    gpus += (i == 0 ? "" : ",") + entry;
    left = comma == left.npos ? "" : left.substr(comma + 1);
  }
  return gpus;
}

bool has_meter(const Context& context, std::string_view name) {
  return std::ranges::any_of(context.meters, [&](const meter::NamedMeter& one) { return one.name == name; });
}

Values values_of(const Context& context, const Deployment& deployment, int port) {
  const table::Layout& layout = deployment.layout;
  return {{"tp", std::to_string(layout.tp)},
          {"pp", std::to_string(layout.pp)},
          {"dp", std::to_string(layout.dp)},
          {"ep", std::to_string(layout.ep)},
          {"gpus", visible_gpus(has_meter(context, "rocm") ? "HIP_VISIBLE_DEVICES" : "CUDA_VISIBLE_DEVICES",
                                layout.gpus())},
          {"layout", table::layout_text(layout)},
          {"quant", deployment.quant},
          {"model", deployment.model},
          {"port", std::to_string(port)},
          {"api_key", context.options.api_key}};
}

std::vector<std::string> words_of(const std::string& command, const Values& values, bool shell) {
  if (!shell) {
    std::vector<std::string> words = split_words(command);
    for (std::string& word : words) word = fill(word, values);
    return words;
  }
  return {"/bin/sh", "-c", shell_script(command, values)};
}

}  // namespace

std::string Context::log_of(const Deployment& deployment) const {
  std::string name = "server_" + table::layout_text(deployment.layout);
  for (const std::string& word : {deployment.quant, deployment.model}) {
    if (!word.empty()) name += '_' + word;
  }
  for (char& c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '-') c = '_';
  }
  return folder + "/logs/" + name.substr(0, 200) + ".log";
}

std::string Context::sent_key() const {
  const bool asked = options.send_api_key || plan.serve_cmd.find("{api_key}") != std::string::npos;
  return asked ? options.api_key : std::string();
}

std::string Context::clean(std::string text) const {
  text = without_secret(text, options.api_key);
  for (char& c : text) c = static_cast<unsigned char>(c) < ' ' || c == 0x7F ? ' ' : c;
  return text.size() > 600 ? text.substr(0, 600) + "..." : text;
}

ProcessOptions process_of(const Context& context, const Deployment& deployment, int port) {
  const CampaignOptions& options = context.options;
  if (!options.api_key.empty() && context.plan.serve_cmd.find(options.api_key) != std::string::npos)
    throw Error::usage("the server command contains the API key itself; write {api_key} instead");
  ProcessOptions process;
  process.words = words_of(context.plan.serve_cmd, values_of(context, deployment, port), options.shell);
  process.environment.emplace_back(kMarkVariable, context.plan.id);
  process.environment.emplace_back(kFolderVariable, identity_of(context.folder));
  for (const auto& [meter, variable] :
       {std::pair{"nvml", "CUDA_VISIBLE_DEVICES"}, {"rocm", "HIP_VISIBLE_DEVICES"}}) {
    if (!has_meter(context, meter)) continue;
    process.environment.emplace_back(variable, visible_gpus(variable, deployment.layout.gpus()));
    if (!std::getenv("CUDA_DEVICE_ORDER"))
      process.environment.emplace_back("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
  }
  process.log = context.log_of(deployment);
  process.secret = options.api_key;
  return process;
}

std::vector<std::pair<std::string, std::string>> key_headers(const std::string& api_key) {
  if (api_key.empty()) return {};
  return {{"Authorization", "Bearer " + api_key}};
}

}  // namespace energylens::campaign
