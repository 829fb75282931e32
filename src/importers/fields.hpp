// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/io/json.hpp"

namespace energylens::importers {

/// Reads the members of JSON objects and remembers which were missing and which were not used.
class Fields {
 public:
  explicit Fields(std::string file) : file_(std::move(file)) {}

  /// Reads members of this object from now on. Throws Error (bad input) if the value is not an object.
  void begin(const io::Json& object);
  /// The member; unknown or empty, and remembered as missing, if it is missing or null. Throws Error if it is of
  /// another kind.
  double number(std::string_view name);
  std::string text(std::string_view name);
  /// The same for optional members, which are not remembered as missing.
  double number_if_any(std::string_view name);
  std::string text_if_any(std::string_view name);
  /// Marks a member as known although it is not used.
  void pass_over(std::string_view name) { used_.emplace(name, 0); }
  bool has(std::string_view name) const;
  /// Throws Error (bad input) for a required member.
  double required_number(std::string_view name) const;
  std::string required_text(std::string_view name) const;

  /// Remembers the members of the object that were not used, except those for which `known` is true.
  void end(bool (*known)(std::string_view) = nullptr);
  /// The missing and unused members, one sentence per name.
  std::vector<std::string> warnings() const;

 private:
  const io::Json* find(std::string_view name);
  const io::Json* object_ = nullptr;
  std::string file_;
  std::map<std::string, int, std::less<>> used_, missing_, unknown_;
  int objects_ = 0;
};

}  // namespace energylens::importers
