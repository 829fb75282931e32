// SPDX-License-Identifier: Apache-2.0
// Every member is read by name where it stands, so that a misspelt one is never silently without effect. Held by
// file_test.cpp.
#include "fleet/file.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "energylens/core/error.hpp"

namespace energylens::fleet {
namespace {

using io::Json;

constexpr double kPerMs = 1e-3;
constexpr int kMostHours = 24 * 366;

double number_within(const Json& value, std::string_view name, double min, double max) {
  const double number = value.as_number();
  if (!(number >= min && number <= max)) throw value.error('"' + std::string(name) + "\" is out of range");
  return number;
}

double optional_number(const Json& json, std::string_view name, double min, double max) {
  const Json* const value = json.find(name);
  return value && !value->is_null() ? number_within(*value, name, min, max) : kUnknown;
}

/// A number that holds all day, or one for each hour; nothing if the member is missing.
std::vector<double> by_hour(const Json& json, std::string_view name, double max) {
  const Json* const value = json.find(name);
  if (!value || value->is_null()) return {};
  std::vector<double> numbers;
  if (!value->is_array()) return {number_within(*value, name, 0, max)};
  for (const Json& one : value->items()) numbers.push_back(number_within(one, name, 0, max));
  if (numbers.empty() || numbers.size() > kMostHours)
    throw value->error('"' + std::string(name) + "\" requires one number for each hour");
  return numbers;
}

std::vector<std::string> texts(const Json& json, std::string_view name) {
  std::vector<std::string> out;
  if (const Json* const value = json.find(name)) {
    for (const Json& one : value->items()) out.push_back(one.as_text());
  }
  return out;
}

std::string unique_name(const Json& json, const std::vector<std::string>& taken) {
  const std::string& name = json.text("name");
  if (name.empty() || std::ranges::find(taken, name) != taken.end())
    throw json.at("name").error(name.empty() ? "a name is empty" : "duplicate name \"" + name + '"');
  return name;
}

PoolText read_pool(const Json& json, const std::vector<std::string>& taken) {
  constexpr std::array<std::string_view, 7> kNames = {"name",    "model",          "where",     "gpus",
                                                      "layouts", "power_limits_w", "gpu_idle_w"};
  json.allow_only(kNames);
  PoolText pool;
  pool.name = unique_name(json, taken);
  pool.model_file = json.text("model");
  if (const Json* const where = json.find("where")) {
    for (const Json::Member& member : where->members())
      pool.where.push_back(member.name + '=' + member.value.as_text());
  }
  pool.gpus = static_cast<int>(number_within(json.at("gpus"), "gpus", 1, 1e6));
  for (const Json& layout : json.find("layouts") ? json.array_at("layouts") : std::vector<Json>{}) {
    try {
      pool.layouts.push_back(table::parse_layout(layout.as_text()));
    } catch (const Error& error) {
      throw layout.error(error.message());
    }
  }
  if (const Json* const limits = json.find("power_limits_w")) {
    for (const Json& one : limits->items())
      pool.power_limits_w.push_back(number_within(one, "power_limits_w", 1, 1e5));
  }
  pool.gpu_idle_w = optional_number(json, "gpu_idle_w", 0, 1e4);
  pool.place = json;
  return pool;
}

RequestClass read_class(const Json& json, const std::vector<std::string>& taken,
                        const std::vector<PoolText>& pools) {
  constexpr std::array<std::string_view, 9> kNames = {
      "name", "isl", "osl", "cached_tokens", "rate_rps", "ttft_ms", "tpot_ms", "max_power_w", "pools"};
  json.allow_only(kNames);
  RequestClass out;
  out.name = unique_name(json, taken);
  out.request.isl = number_within(json.at("isl"), "isl", 1, 1e8);
  out.request.osl = number_within(json.at("osl"), "osl", 1, 1e8);
  out.request.cached_tokens = optional_number(json, "cached_tokens", 0, out.request.isl);
  out.rate_rps = by_hour(json, "rate_rps", 1e9);
  if (out.rate_rps.empty()) throw json.error("\"rate_rps\" is missing");
  out.limits.ttft_s = kPerMs * optional_number(json, "ttft_ms", 1e-6, 1e9);
  out.limits.tpot_s = kPerMs * optional_number(json, "tpot_ms", 1e-6, 1e9);
  out.limits.power_w = optional_number(json, "max_power_w", 1e-6, 1e9);
  out.pools = texts(json, "pools");
  for (std::size_t i = 0; i < out.pools.size(); ++i) {
    if (std::ranges::find(pools, out.pools[i], &PoolText::name) == pools.end())
      throw json.array_at("pools")[i].error("unknown pool \"" + out.pools[i] + '"');
  }
  return out;
}

/// Lists by hour are all of one length; a single number stands for every hour.
void stretch(Fleet& fleet, const Json& json) {
  std::vector<std::vector<double>*> lists = {&fleet.price_per_kwh, &fleet.carbon_g_per_kwh};
  for (RequestClass& one : fleet.classes) lists.push_back(&one.rate_rps);
  std::size_t hours = 1;
  for (const std::vector<double>* list : lists) hours = std::max(hours, list->size());
  for (std::vector<double>* list : lists) {
    if (list->empty()) list->push_back(kUnknown);
    if (list->size() == 1) list->resize(hours, list->front());
    if (list->size() != hours)
      throw json.error("lists with one value per hour differ in length: " + std::to_string(list->size()) +
                       " and " + std::to_string(hours));
  }
}

}  // namespace

FleetFile parse_fleet(const std::string& text, const std::string& file) {
  constexpr std::array<std::string_view, 8> kNames = {
      "pools", "classes", "price_per_kwh", "carbon_g_per_kwh", "gpu_hour", "pue", "host_w", "utilisation"};
  const Json json = io::parse_json(text, file);
  json.allow_only(kNames);
  FleetFile out;
  std::vector<std::string> names;
  for (const Json& pool : json.array_at("pools")) {
    out.pools.push_back(read_pool(pool, names));
    names.push_back(out.pools.back().name);
  }
  if (out.pools.empty()) throw json.at("pools").error("no pool");
  names.clear();
  for (const Json& one : json.array_at("classes")) {
    out.fleet.classes.push_back(read_class(one, names, out.pools));
    names.push_back(out.fleet.classes.back().name);
  }
  if (out.fleet.classes.empty()) throw json.at("classes").error("no class of requests");
  Fleet& fleet = out.fleet;
  fleet.price_per_kwh = by_hour(json, "price_per_kwh", 1e6);
  fleet.carbon_g_per_kwh = by_hour(json, "carbon_g_per_kwh", 1e5);
  fleet.prices.per_gpu_hour = optional_number(json, "gpu_hour", 0, 1e6);
  fleet.prices.pue = optional_number(json, "pue", 1, 10);
  fleet.prices.host_w = optional_number(json, "host_w", 0, 1e5);
  if (const double share = optional_number(json, "utilisation", 0.01, 1); known(share))
    fleet.utilisation = share;
  stretch(fleet, json);
  return out;
}

}  // namespace energylens::fleet
