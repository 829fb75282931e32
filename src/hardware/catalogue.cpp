// SPDX-License-Identifier: Apache-2.0
// Two short lists, searched from the newest entry to the oldest, so that names and aliases of the user take
// precedence over the built-in ones. Held by catalogue_test.cpp.
#include "energylens/hardware/catalogue.hpp"

#include <algorithm>

#include "core/file.hpp"
#include "core/nearest_name.hpp"
#include "hardware/read_catalogue.hpp"

namespace energylens::hardware {
namespace {

/// Without a remark in brackets at the end: "A100-40GB-SXM(Swing)" -> "A100-40GB-SXM".
std::string_view without_remark(std::string_view name) {
  if (name.empty() || name.back() != ')') return name;
  const std::size_t open = name.rfind('(');
  return open == std::string_view::npos || open == 0 ? name : name.substr(0, open);
}

template <typename Entry>
const Entry* find_exactly(const std::vector<Entry>& entries, std::string_view name) {
  const std::string wanted = folded_name(name);
  const auto named = [&](const Entry& entry) {
    return folded_name(entry.name) == wanted ||
           std::any_of(entry.aliases.begin(), entry.aliases.end(),
                       [&](const std::string& alias) { return folded_name(alias) == wanted; });
  };
  const auto found = std::find_if(entries.rbegin(), entries.rend(), named);
  return found == entries.rend() ? nullptr : &*found;
}

template <typename Entry>
const Entry* find_entry(const std::vector<Entry>& entries, std::string_view name) {
  const Entry* found = find_exactly(entries, name);
  return found ? found : find_exactly(entries, without_remark(name));
}

template <typename Entry>
void merge(std::vector<Entry> additions, std::vector<Entry>& entries) {
  for (Entry& addition : additions) {
    std::erase_if(entries,
                  [&](const Entry& entry) { return folded_name(entry.name) == folded_name(addition.name); });
    entries.push_back(std::move(addition));
  }
}

template <typename Entry>
std::vector<std::string> alike(const std::vector<Entry>& entries, std::string_view name) {
  const std::string wanted = folded_name(name);
  std::vector<std::string> containing;
  std::vector<std::string_view> names;
  for (const Entry& entry : entries) {
    names.push_back(entry.name);
    if (!wanted.empty() && folded_name(entry.name).find(wanted) != std::string::npos)
      containing.push_back(entry.name);
  }
  if (!containing.empty()) return containing;
  const std::optional<std::string> near = nearest_name(name, names);
  return near ? std::vector{*near} : std::vector<std::string>{};
}

}  // namespace

Figure Gpu::peak(std::string_view type) const {
  for (const auto& [peak_type, figure] : peak_flops) {
    if (peak_type == type) return figure;
  }
  return {};
}

const Catalogue& Catalogue::builtin() {
  static const Catalogue catalogue = [] {
    Catalogue built;
    built.gpus_ = read_entries(kBuiltinGpus, "data/catalogue/gpus.json", "").gpus;
    built.models_ = read_entries(kBuiltinModels, "data/catalogue/models.json", "").models;
    return built;
  }();
  return catalogue;
}

Catalogue Catalogue::with_user_file(const std::string& path) {
  Entries additions = read_entries(read_file(path), path, "user file " + path);
  Catalogue catalogue = builtin();
  merge(std::move(additions.gpus), catalogue.gpus_);
  merge(std::move(additions.models), catalogue.models_);
  return catalogue;
}

Catalogue Catalogue::with_model(Model model) const {
  Catalogue catalogue = *this;
  std::vector<Model> additions;
  additions.push_back(std::move(model));
  merge(std::move(additions), catalogue.models_);
  return catalogue;
}

const Gpu* Catalogue::find_gpu(std::string_view name) const {
  return find_entry(gpus_, name);
}

const Model* Catalogue::find_model(std::string_view name) const {
  const Model* found = find_entry(models_, name);
  const std::size_t slash = name.rfind('/');
  return found || slash == std::string_view::npos ? found : find_entry(models_, name.substr(slash + 1));
}

std::vector<std::string> Catalogue::gpus_like(std::string_view name) const {
  return alike(gpus_, name);
}

std::vector<std::string> Catalogue::models_like(std::string_view name) const {
  return alike(models_, name);
}

double kv_bytes_per_token(const Model& model, double bytes_per_element) {
  if (model.attention_layers.value == 0) return 0;
  if (known(model.kv_elements_per_token.value)) return model.kv_elements_per_token.value * bytes_per_element;
  return 2 * model.attention_layers.value * model.kv_heads.value * model.head_dim.value * bytes_per_element;
}

}  // namespace energylens::hardware
