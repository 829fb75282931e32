// SPDX-License-Identifier: Apache-2.0
// Held by prometheus_test.cpp.
#include "observe/prometheus_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/secret.hpp"
#include "energylens/core/error.hpp"
#include "http/client.hpp"

namespace energylens::observe {
namespace {

constexpr double kMostPoints = 10'000;  // a server refuses more than 11,000
constexpr std::size_t kMostBytes = 1u << 30;
constexpr double kTimeout_s = 120;

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

}  // namespace

std::string query_text(const std::vector<std::string>& names,
                       const std::vector<std::pair<std::string, std::string>>& labels) {
  std::string text = "{__name__=~\"";
  for (std::size_t i = 0; i < names.size(); ++i) text += (i ? "|" : "") + names[i];
  text += '"';
  for (const auto& [label, value] : labels) text += "," + label + "=\"" + escaped(value) + "\"";
  return text + "}";
}

std::string fetch(const Options& options, const std::string& url) {
  http::GetOptions get;
  get.timeout_s = kTimeout_s;
  get.max_bytes = kMostBytes;
  if (options.cancel) get.stopped = [&options] { return options.cancel->cancelled(); };
  if (!options.token.empty()) get.headers.emplace_back("Authorization", "Bearer " + options.token);
  http::Response response = http::get(url, get);
  if (options.cancel && options.cancel->cancelled()) throw Error::cancelled();
  if (response.status == 401 || response.status == 403)
    throw Error(ErrorCode::io, {options.url, 0, {}},
                fmt::format("the server refuses access (status {}); give a bearer token with --token-file",
                            response.status));
  if (!response.ok()) {
    std::string why = response.problem;
    if (const std::size_t at = response.body.find("\"error\":\""); at != std::string::npos)
      why += ": " + response.body.substr(at + 9, response.body.find('"', at + 9) - at - 9);
    throw Error(ErrorCode::io, {options.url, 0, {}}, without_secret(why, options.token));
  }
  return std::move(response.body);
}

std::vector<Series> query_range(const Options& options, const std::string& query) {
  std::string base = options.url;
  while (base.ends_with('/')) base.pop_back();
  std::map<std::string, std::size_t> known_series;
  std::vector<Series> all;
  const double piece_s = kMostPoints * options.step_s;
  for (double begin_s = options.begin_s; begin_s <= options.end_s; begin_s += piece_s + options.step_s) {
    const double end_s = std::min(begin_s + piece_s, options.end_s);
    const std::string url =
        fmt::format("{}/api/v1/query_range?query={}&start={:.3f}&end={:.3f}&step={}", base,
                    percent_encoded(query), begin_s, end_s, number_text(options.step_s));
    for (Series& series : parse_matrix(fetch(options, url), options.url)) {
      std::string key = series.name;
      for (const auto& [name, value] : series.labels) key += '\n' + name + '\n' + value;
      const auto [found, is_new] = known_series.emplace(std::move(key), all.size());
      if (is_new) {
        all.push_back(std::move(series));
      } else {
        auto& points = all[found->second].points;
        points.insert(points.end(), series.points.begin(), series.points.end());
      }
    }
    if (options.progress)
      options.progress((end_s - options.begin_s) / std::max(1.0, options.end_s - options.begin_s));
  }
  return all;
}

}  // namespace energylens::observe
