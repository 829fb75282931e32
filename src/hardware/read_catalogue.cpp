// SPDX-License-Identifier: Apache-2.0
// One descriptor per figure (name in the file, member, unit of the file, range) reads and checks all of them in the
// same way. The file has the units of datasheets; they become SI here and nowhere else. Memory is
// counted in GiB: what datasheets call "80 GB" is 80 * 2^30 bytes, as drivers report it. Held by
// catalogue_test.cpp.
#include "hardware/read_catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <limits>
#include <set>

#include "core/text.hpp"
#include "energylens/io/json.hpp"

namespace energylens::hardware {
namespace {

using io::Json;

constexpr std::string_view kSchema = "energylens-catalogue-1";
constexpr double kGibibyte = 1024.0 * 1024.0 * 1024.0;
constexpr double kNoLimit = std::numeric_limits<double>::infinity();

enum class Range { positive, whole_positive, whole_or_zero, share };

template <typename Entry>
struct FigureField {
  std::string_view name;
  Figure Entry::*member;
  double unit;  ///< SI value of 1 in the file
  Range range;
};

constexpr std::array<FigureField<Gpu>, 6> kGpuFields = {{
    {"memory_gib", &Gpu::memory_bytes, kGibibyte, Range::positive},
    {"bandwidth_gb_s", &Gpu::bandwidth_bytes_s, 1e9, Range::positive},
    {"tdp_w", &Gpu::tdp_w, 1, Range::positive},
    {"idle_w", &Gpu::idle_w, 1, Range::positive},
    {"link_gb_s", &Gpu::link_bytes_s, 1e9, Range::positive},
    {"gpus_per_node", &Gpu::gpus_per_node, 1, Range::whole_positive},
}};

constexpr std::array<FigureField<Model>, 17> kModelFields = {{
    {"params_b", &Model::params, 1e9, Range::positive},
    {"active_params_b", &Model::active_params, 1e9, Range::positive},
    {"layers", &Model::layers, 1, Range::whole_positive},
    {"attention_layers", &Model::attention_layers, 1, Range::whole_or_zero},
    {"hidden", &Model::hidden, 1, Range::whole_positive},
    {"kv_heads", &Model::kv_heads, 1, Range::whole_or_zero},
    {"head_dim", &Model::head_dim, 1, Range::whole_or_zero},
    {"attention_heads", &Model::attention_heads, 1, Range::whole_or_zero},
    {"attention_width", &Model::attention_width, 1, Range::whole_or_zero},
    {"experts", &Model::experts, 1, Range::whole_positive},
    {"experts_per_token", &Model::experts_per_token, 1, Range::whole_positive},
    {"always_read_share", &Model::always_read_share, 1, Range::share},
    {"kv_elements_per_token", &Model::kv_elements_per_token, 1, Range::positive},
    {"context_tokens", &Model::context_tokens, 1, Range::whole_positive},
    {"state_elements", &Model::state_elements, 1, Range::whole_or_zero},
    {"encoder_params_b", &Model::encoder_params, 1e9, Range::positive},
    {"patches_per_image_token", &Model::patches_per_image_token, 1, Range::positive},
}};

constexpr std::array<std::string_view, 6> kComputeTypes = {"fp32", "fp16", "bf16", "fp8", "int8", "fp4"};
constexpr std::array<std::string_view, 3> kVendors = {"NVIDIA", "AMD", "Intel"};
constexpr std::array<std::string_view, 6> kArchitectures = {"dense",  "moe", "ssm",
                                                            "hybrid", "vlm", "vlm-moe"};

bool within(double value, Range range) {
  switch (range) {
    case Range::positive:
      return value > 0 && value < kNoLimit;
    case Range::whole_positive:
      return value >= 1 && value < kNoLimit && std::trunc(value) == value;
    case Range::whole_or_zero:
      return value >= 0 && value < kNoLimit && std::trunc(value) == value;
    case Range::share:
      return value >= 0 && value <= 1;
  }
  return false;
}

std::string_view text_of(Range range) {
  switch (range) {
    case Range::positive:
      return "a positive number";
    case Range::whole_positive:
      return "a whole number of at least 1";
    case Range::whole_or_zero:
      return "a whole number of at least 0";
    case Range::share:
      return "a share between 0 and 1";
  }
  return "";
}

/// The figure called `name` in `owner`; unknown if it is missing or null.
Figure read_figure(const Json& owner, std::string_view name, Range range, const std::string& source) {
  const Json* found = owner.find(name);
  if (!found || found->is_null()) return {};
  Figure figure{kUnknown, source};
  if (found->is_object()) {
    constexpr std::array<std::string_view, 2> kMembers = {"value", "source"};
    found->allow_only(kMembers);
    figure = {found->number("value"), found->text_or("source", source)};
  } else {
    figure.value = owner.number(name);
  }
  if (!within(figure.value, range)) {
    throw found->error(
        fmt::format("{} is {}, not {}", quote(name), number_text(figure.value), text_of(range)));
  }
  return figure;
}

template <typename Entry, std::size_t count>
void read_figures(const Json& json, const std::array<FigureField<Entry>, count>& fields,
                  const std::string& source, Entry& entry) {
  for (const FigureField<Entry>& field : fields) {
    entry.*field.member = read_figure(json, field.name, field.range, source);
    (entry.*field.member).value *= field.unit;
  }
}

template <typename Entry, std::size_t count>
void refuse_unknown_members(const Json& json, const std::array<FigureField<Entry>, count>& fields,
                            std::vector<std::string_view> others) {
  for (const FigureField<Entry>& field : fields) others.push_back(field.name);
  json.allow_only(others);
}

template <std::size_t count>
std::string read_choice(const Json& json, std::string_view name,
                        const std::array<std::string_view, count>& choices) {
  const std::string& text = json.text(name);
  if (std::ranges::find(choices, text) != choices.end()) return text;
  throw json.at(name).error(fmt::format("{} is {}, not one of {}", quote(name), quote(text), join(choices)));
}

/// Name and aliases of an entry, each refused if blank or taken by an entry before it.
template <typename Entry>
void read_names(const Json& json, std::set<std::string>& taken, Entry& entry) {
  entry.name = json.text("name");
  if (!taken.insert(folded_name(entry.name)).second || folded_name(entry.name).empty()) {
    throw json.at("name").error(fmt::format("the name {} is blank or already taken", quote(entry.name)));
  }
  if (!json.find("aliases")) return;
  for (const Json& alias : json.array_at("aliases")) {
    entry.aliases.push_back(alias.as_text());
    const std::string folded = folded_name(entry.aliases.back());
    if (folded == folded_name(entry.name)) continue;
    if (folded.empty() || !taken.insert(folded).second) {
      throw alias.error(fmt::format("the alias {} is blank or already taken", quote(entry.aliases.back())));
    }
  }
}

Gpu read_gpu(const Json& json, std::set<std::string>& taken, const std::string& default_source) {
  refuse_unknown_members(json, kGpuFields, {"name", "aliases", "vendor", "source", "peak_tflops"});
  Gpu gpu;
  read_names(json, taken, gpu);
  gpu.vendor = read_choice(json, "vendor", kVendors);
  const std::string source = json.text_or("source", default_source);
  read_figures(json, kGpuFields, source, gpu);
  if (gpu.idle_w.value > gpu.tdp_w.value)
    throw json.at("idle_w").error("\"idle_w\" is larger than \"tdp_w\"; both are in W");
  const Json* peaks = json.find("peak_tflops");
  if (!peaks) return gpu;
  peaks->allow_only(kComputeTypes);
  for (const Json::Member& member : peaks->members()) {
    Figure peak = read_figure(*peaks, member.name, Range::positive, source);
    peak.value *= 1e12;
    if (known(peak.value)) gpu.peak_flops.emplace_back(member.name, peak);
  }
  return gpu;
}

void refuse_contradictions(const Json& json, const Model& model) {
  if (model.active_params.value > model.params.value) {
    throw json.at("active_params_b").error("\"active_params_b\" is larger than \"params_b\"");
  }
  if (model.attention_layers.value > model.layers.value) {
    throw json.at("attention_layers").error("\"attention_layers\" is larger than \"layers\"");
  }
  if (known(model.experts.value) != known(model.experts_per_token.value)) {
    throw json.error("\"experts\" and \"experts_per_token\" must be given together");
  }
  if (model.experts_per_token.value > model.experts.value) {
    throw json.at("experts_per_token").error("\"experts_per_token\" is larger than \"experts\"");
  }
}

Model read_model(const Json& json, std::set<std::string>& taken, const std::string& default_source) {
  refuse_unknown_members(json, kModelFields, {"name", "aliases", "arch", "source"});
  Model model;
  read_names(json, taken, model);
  model.arch = read_choice(json, "arch", kArchitectures);
  read_figures(json, kModelFields, json.text_or("source", default_source), model);
  refuse_contradictions(json, model);
  return model;
}

}  // namespace

std::string folded_name(std::string_view name) {
  std::string folded;
  for (const char c : name) {
    if (c != '-' && c != '_' && c != ' ') {
      folded += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return folded;
}

Entries read_entries(std::string_view text, const std::string& file, const std::string& default_source) {
  const Json json = io::parse_json(text, file);
  constexpr std::array<std::string_view, 3> kMembers = {"schema", "gpus", "models"};
  json.allow_only(kMembers);
  if (json.text("schema") != kSchema) {
    throw json.at("schema").error(
        fmt::format("\"schema\" is {}, not \"{}\"", quote(json.text("schema")), kSchema));
  }
  Entries entries;
  std::set<std::string> gpu_names, model_names;
  if (json.find("gpus")) {
    for (const Json& gpu : json.array_at("gpus")) {
      entries.gpus.push_back(read_gpu(gpu, gpu_names, default_source));
    }
  }
  if (json.find("models")) {
    for (const Json& model : json.array_at("models")) {
      entries.models.push_back(read_model(model, model_names, default_source));
    }
  }
  return entries;
}

}  // namespace energylens::hardware
