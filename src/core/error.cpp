// SPDX-License-Identifier: Apache-2.0
#include "energylens/core/error.hpp"

namespace energylens {
namespace {

std::string located(const Place& place, const std::string& message) {
  std::string text = place.file;
  const auto append = [&text](const std::string& part) {
    if (part.empty()) return;
    if (!text.empty()) text += ':';
    text += part;
  };
  if (place.line > 0) append(std::to_string(place.line));
  append(place.column);
  return text.empty() ? message : text + ": " + message;
}

}  // namespace

Error::Error(ErrorCode code, Place place, std::string message)
    : code_(code), place_(std::move(place)), message_(std::move(message)), text_(located(place_, message_)) {}

Error Error::usage(std::string message) {
  return {ErrorCode::usage, {}, std::move(message)};
}

Error Error::bad_input(Place place, std::string message) {
  return {ErrorCode::bad_input, std::move(place), std::move(message)};
}

Error Error::bad_cell(Place place, std::string_view text, std::string_view wanted) {
  return bad_input(std::move(place), '"' + std::string(text) + "\" is not " + std::string(wanted));
}

Error Error::cannot_read(std::string file, std::string_view reason) {
  return bad_input({std::move(file), 0, {}}, "cannot read: " + std::string(reason));
}

Error Error::cannot_write(std::string file, std::string_view reason) {
  return {ErrorCode::io, {std::move(file), 0, {}}, "cannot write: " + std::string(reason)};
}

Error Error::cancelled() {
  return {ErrorCode::cancelled, {}, "stopped"};
}

}  // namespace energylens
