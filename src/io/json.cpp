// SPDX-License-Identifier: Apache-2.0
// The JSON value: kinds, checked access with places in errors, exact comparison of integers with
// doubles. Objects are short lists searched in order. Held by json_test.cpp.
#include "energylens/io/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <utility>

#include "core/named_table.hpp"
#include "core/text.hpp"

namespace energylens::io {
namespace {

constexpr std::array<std::string_view, 7> kKindNames = {"null",     "a boolean", "a whole number", "a number",
                                                        "a string", "an array",  "an object"};

constexpr std::string_view kWantedInteger = "a whole number of 64 bits";
constexpr std::string_view kWantedUnsigned = "a whole number from 0 to 2^64 - 1";

/// `"seed" is a string, not a number`; without a name, `this is a string, not a number`.
Error wrong_kind(const Json& value, std::string_view name, std::string_view wanted) {
  const std::string subject = name.empty() ? "this" : quote(name);
  const std::string is =
      value.is_number() ? print_json(value) : std::string(kKindNames[static_cast<std::size_t>(value.kind())]);
  return value.error(fmt::format("{} is {}, not {}", subject, is, wanted));
}

template <typename T>
T required(std::optional<T> found, const Json& value, std::string_view name, std::string_view wanted) {
  if (!found) throw wrong_kind(value, name, wanted);
  return *found;
}

template <typename T>
const T& required(const T* found, const Json& value, std::string_view name, std::string_view wanted) {
  if (!found) throw wrong_kind(value, name, wanted);
  return *found;
}

/// `value` as the integer type whose range is [first, end), if it is a whole number within.
template <typename Whole>
std::optional<Whole> exact(double value, double first, double end) {
  if (!(value >= first && value < end) || std::trunc(value) != value) return std::nullopt;
  return static_cast<Whole>(value);
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
  if (std::in_range<std::int64_t>(value)) {
    value_ = static_cast<std::int64_t>(value);
  } else {
    value_ = value;
  }
}

Json::Kind Json::kind() const noexcept {
  constexpr std::array<Kind, 8> kKinds = {Kind::null,   Kind::boolean, Kind::integer, Kind::integer,
                                          Kind::number, Kind::text,    Kind::array,   Kind::object};
  return kKinds[value_.index()];
}

std::optional<double> Json::number_if() const {
  if (const auto* number = std::get_if<double>(&value_)) return *number;
  if (const auto* integer = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*integer);
  if (const auto* large = std::get_if<std::uint64_t>(&value_)) return static_cast<double>(*large);
  return std::nullopt;
}

std::optional<std::int64_t> Json::integer_if() const {
  if (const auto* integer = std::get_if<std::int64_t>(&value_)) return *integer;
  if (const auto* number = std::get_if<double>(&value_)) return exact<std::int64_t>(*number, -0x1p63, 0x1p63);
  return std::nullopt;
}

std::optional<std::uint64_t> Json::unsigned_if() const {
  if (const auto* large = std::get_if<std::uint64_t>(&value_)) return *large;
  if (const auto* number = std::get_if<double>(&value_)) return exact<std::uint64_t>(*number, 0, 0x1p64);
  const auto* integer = std::get_if<std::int64_t>(&value_);
  if (!integer || *integer < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*integer);
}

bool Json::as_boolean() const {
  return required(std::get_if<bool>(&value_), *this, "", "a boolean");
}

double Json::as_number() const {
  return required(number_if(), *this, "", "a number");
}

double Json::as_number_or_unknown() const {
  return is_null() ? kUnknown : as_number();
}

std::int64_t Json::as_integer() const {
  return required(integer_if(), *this, "", kWantedInteger);
}

std::uint64_t Json::as_unsigned() const {
  return required(unsigned_if(), *this, "", kWantedUnsigned);
}

const std::string& Json::as_text() const {
  return required(std::get_if<std::string>(&value_), *this, "", "a string");
}

const std::vector<Json>& Json::items() const {
  return required(std::get_if<std::vector<Json>>(&value_), *this, "", "an array");
}

const std::vector<Json::Member>& Json::members() const {
  return required(std::get_if<std::vector<Member>>(&value_), *this, "", "an object");
}

std::vector<double> Json::as_numbers() const {
  std::vector<double> numbers;
  numbers.reserve(items().size());
  for (const Json& item : items()) numbers.push_back(item.as_number_or_unknown());
  return numbers;
}

const Json* Json::find(std::string_view name) const {
  const std::vector<Member>& all = members();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Member& m) { return m.name == name; });
  return found == all.end() ? nullptr : &found->value;
}

const Json& Json::at(std::string_view name) const {
  const Json* member = find(name);
  if (!member) throw error(quote(name) + " is missing");
  return *member;
}

double Json::number(std::string_view name) const {
  const Json& member = at(name);
  return required(member.number_if(), member, name, "a number");
}

double Json::number_or_unknown(std::string_view name) const {
  const Json* member = find(name);
  if (!member || member->is_null()) return kUnknown;
  return required(member->number_if(), *member, name, "a number");
}

std::int64_t Json::integer(std::string_view name) const {
  const Json& member = at(name);
  return required(member.integer_if(), member, name, kWantedInteger);
}

std::uint64_t Json::unsigned_integer(std::string_view name) const {
  const Json& member = at(name);
  return required(member.unsigned_if(), member, name, kWantedUnsigned);
}

bool Json::boolean(std::string_view name) const {
  const Json& member = at(name);
  return required(std::get_if<bool>(&member.value_), member, name, "a boolean");
}

const std::string& Json::text(std::string_view name) const {
  const Json& member = at(name);
  return required(std::get_if<std::string>(&member.value_), member, name, "a string");
}

std::string Json::text_or(std::string_view name, std::string_view fallback) const {
  const Json* member = find(name);
  if (!member || member->is_null()) return std::string(fallback);
  return text(name);
}

const std::vector<Json>& Json::array_at(std::string_view name) const {
  const Json& member = at(name);
  return required(std::get_if<std::vector<Json>>(&member.value_), member, name, "an array");
}

void Json::allow_only(std::span<const std::string_view> names) const {
  for (const Member& member : members()) {
    if (std::find(names.begin(), names.end(), member.name) != names.end()) continue;
    throw member.value.error(unknown_name("key", member.name, names));
  }
}

Json& Json::operator[](std::string_view name) {
  if (is_null()) value_ = std::vector<Member>();
  assert(is_object());
  auto& all = std::get<std::vector<Member>>(value_);
  for (Member& member : all) {
    if (member.name == name) return member.value;
  }
  all.push_back({std::string(name), Json()});
  return all.back().value;
}

void Json::push_back(Json item) {
  if (is_null()) value_ = std::vector<Json>();
  assert(is_array());
  std::get<std::vector<Json>>(value_).push_back(std::move(item));
}

Place Json::place() const {
  if (!origin_.file) return {};
  return {*origin_.file, static_cast<long>(origin_.line), std::to_string(origin_.column)};
}

Error Json::error(std::string message) const {
  return Error::bad_input(place(), std::move(message));
}

bool operator==(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number()) {
    if (a.kind() == b.kind() && a.kind() == Json::Kind::integer) return a.value_ == b.value_;
    const double x = *a.number_if(), y = *b.number_if();
    if (!known(x) || !known(y)) return !known(x) && !known(y);
    // An integer that a double cannot hold equals none.
    return x == y && a.integer_if() == b.integer_if() && a.unsigned_if() == b.unsigned_if();
  }
  return a.value_ == b.value_;
}

}  // namespace energylens::io
