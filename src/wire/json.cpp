// SPDX-License-Identifier: Apache-2.0
// The JSON value: kinds, checked access with the place of what is refused, exact comparison of integers with
// doubles. Objects are short lists searched in order. Held by json_test.cpp.
#include "energylens/wire/json.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <optional>

#include "energylens/core/nearest_name.hpp"

namespace energylens::wire {
namespace {

constexpr std::array<std::string_view, 7> kKindNames = {"null",   "a truth value", "a whole number", "a number",
                                                        "a text", "a list",        "an object"};

std::string_view kind_name(Json::Kind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }

/// `a text, not a number`, preceded by the name of the member or by `this`.
Error wrong_kind(const Json& value, std::string_view name, std::string_view wanted) {
  const std::string subject = name.empty() ? "this" : '"' + std::string(name) + '"';
  return value.error(subject + " is " + std::string(kind_name(value.kind())) + ", not " + std::string(wanted));
}

// 2^63 and 2^64: the first doubles beyond the two integer types.
constexpr double kSignedEnd = 0x1p63;
constexpr double kUnsignedEnd = 0x1p64;

std::optional<std::int64_t> exact_integer(double value) {
  if (!(value >= -kSignedEnd && value < kSignedEnd) || std::trunc(value) != value) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::optional<std::uint64_t> exact_unsigned(double value) {
  if (!(value >= 0 && value < kUnsignedEnd) || std::trunc(value) != value) return std::nullopt;
  return static_cast<std::uint64_t>(value);
}

template <typename Whole>
std::optional<Whole> whole(const Json& json, std::optional<Whole> (*exact)(double)) {
  if (!json.is_number()) return std::nullopt;
  if (json.kind() == Json::Kind::number) return exact(json.as_number());
  if constexpr (std::same_as<Whole, std::int64_t>) {
    return json.as_integer();
  } else {
    return json.as_unsigned();
  }
}

/// The value read by `get`, with a refusal that names the member.
template <typename Get>
decltype(auto) named(const Json& member, std::string_view name, bool fits, std::string_view wanted, Get get) {
  if (!fits) throw wrong_kind(member, name, wanted);
  return get(member);
}

}  // namespace

Json Json::array(std::initializer_list<Json> items) {
  Json json;
  json.value_ = std::vector<Json>(items);
  return json;
}

Json Json::array_of(std::span<const double> numbers) {
  Json json;
  json.value_ = std::vector<Json>(numbers.begin(), numbers.end());
  return json;
}

Json Json::array_of(std::span<const std::string> texts) {
  Json json;
  json.value_ = std::vector<Json>(texts.begin(), texts.end());
  return json;
}

Json Json::object(std::initializer_list<Member> members) {
  Json json;
  json.value_ = std::vector<Member>(members);
  return json;
}

void Json::set_unsigned(std::uint64_t value) {
  if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    value_ = static_cast<std::int64_t>(value);
  } else {
    value_ = value;
  }
}
