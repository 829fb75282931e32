// SPDX-License-Identifier: Apache-2.0
#include "importers/fields.hpp"

#include <fmt/format.h>

#include "core/text.hpp"

namespace energylens::importers {

void Fields::begin(const io::Json& object) {
  if (!object.is_object()) throw object.error("expected an object with results");
  object_ = &object;
  ++objects_;
}

const io::Json* Fields::find(std::string_view name) {
  used_.emplace(name, 0);
  const io::Json* const value = object_->find(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

bool Fields::has(std::string_view name) const {
  const io::Json* const value = object_->find(name);
  return value != nullptr && !value->is_null();
}

double Fields::number_if_any(std::string_view name) {
  return find(name) ? object_->number(name) : kUnknown;
}

std::string Fields::text_if_any(std::string_view name) {
  return find(name) ? object_->text(name) : std::string();
}

double Fields::number(std::string_view name) {
  if (!find(name)) ++missing_[std::string(name)];
  return number_if_any(name);
}

std::string Fields::text(std::string_view name) {
  if (!find(name)) ++missing_[std::string(name)];
  return text_if_any(name);
}

double Fields::required_number(std::string_view name) const {
  return object_->number(name);
}

std::string Fields::required_text(std::string_view name) const {
  return object_->text(name);
}

void Fields::end(bool (*known)(std::string_view)) {
  for (const io::Json::Member& member : object_->members()) {
    if (used_.contains(member.name) || (known && known(member.name))) continue;
    ++unknown_[member.name];
  }
}

std::vector<std::string> Fields::warnings() const {
  std::vector<std::string> all;
  for (const auto& [name, count] : missing_) {
    all.push_back(fmt::format("{}: {} is missing in {} of {} results", file_, quote(name), count, objects_));
  }
  for (const auto& [name, count] : unknown_) {
    all.push_back(fmt::format("{}: ignored unknown key {}", file_, quote(name)));
  }
  return all;
}

}  // namespace energylens::importers
