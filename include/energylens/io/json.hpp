// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::io {

/// A JSON value whose objects keep the order of their members. Values that were read know their place in the
/// file, so that every refusal names it. Not synchronised; const access is safe from any thread.
///
///     Json json = Json::object({{"layout", "tp4pp2"}, {"batch", 32}});
///     json["energy_j"] = Json::array({1.5, kUnknown});   // prints as [1.5, null]
///     const double batch = json.number("batch");
class Json {
 public:
  struct Member;
  enum class Kind { null, boolean, integer, number, text, array, object };

  // Defined below, where Member is complete.
  Json();
  Json(std::nullptr_t);
  Json(std::same_as<bool> auto value);
  Json(double value);
  Json(std::signed_integral auto value);
  Json(std::unsigned_integral auto value) requires(!std::same_as<decltype(value), bool>);
  Json(const char* text);
  Json(std::string text);
  Json(std::string_view text);

  static Json array(std::initializer_list<Json> items = {});
  static Json array_of(std::span<const double> numbers);
  static Json array_of(std::span<const std::string> texts);
  /// Requires: names differ.
  static Json object(std::initializer_list<Member> members = {});

  Kind kind() const noexcept;
  bool is_null() const noexcept { return kind() == Kind::null; }
  bool is_number() const noexcept { return kind() == Kind::integer || kind() == Kind::number; }
  bool is_text() const noexcept { return kind() == Kind::text; }
  bool is_array() const noexcept { return kind() == Kind::array; }
  bool is_object() const noexcept { return kind() == Kind::object; }

  // The value itself. Each throws Error (bad input, with place) if it is of another kind.
  bool as_boolean() const;
  double as_number() const;             ///< integers too
  double as_number_or_unknown() const;  ///< null is kUnknown
  std::int64_t as_integer() const;      ///< also of a double without fraction ("3.0")
  std::uint64_t as_unsigned() const;
  const std::string& as_text() const;
  const std::vector<Json>& items() const;      ///< of an array
  const std::vector<Member>& members() const;  ///< of an object
  std::vector<double> as_numbers() const;      ///< of an array of numbers; null is kUnknown

  // Members of an object. `find` gives nullptr for a missing one; the others throw Error naming the member
  // and its place: `model.json:12:3: "formula" is missing`, `model.json:13:12: "seed" is a string, not a
  // number`.
  const Json* find(std::string_view name) const;
  const Json& at(std::string_view name) const;
  double number(std::string_view name) const;
  double number_or_unknown(std::string_view name) const;  ///< missing or null is kUnknown
  std::int64_t integer(std::string_view name) const;
  std::uint64_t unsigned_integer(std::string_view name) const;
  bool boolean(std::string_view name) const;
  const std::string& text(std::string_view name) const;
  std::string text_or(std::string_view name, std::string_view fallback) const;  ///< missing or null
  const std::vector<Json>& array_at(std::string_view name) const;
  /// Refuses members with other names.
  void allow_only(std::span<const std::string_view> names) const;

  // Building. A null becomes an object or an array by first use.
  Json& operator[](std::string_view name);  ///< adds a null if missing. Requires: object or null.
  void push_back(Json item);                ///< Requires: array or null.

  /// File, line and column of the value (1-based, of its first character); empty if it was not read.
  Place place() const;
  /// Bad input at this place, for values of the right kind that are wrong for another reason.
  Error error(std::string message) const;

  /// Equal values: members in the same order; integers equal doubles of the same value; NaN equals NaN;
  /// places do not matter.
  friend bool operator==(const Json& a, const Json& b);

 private:
  friend class JsonReader;
  struct Origin {
    std::shared_ptr<const std::string> file;
    std::uint32_t line = 0, column = 0;
  };

  void set_unsigned(std::uint64_t value);
  std::optional<double> number_if() const;  // nothing if of another kind or out of range
  std::optional<std::int64_t> integer_if() const;
  std::optional<std::uint64_t> unsigned_if() const;

  // std::uint64_t only beyond the range of std::int64_t.
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, std::vector<Json>,
               std::vector<Member>>
      value_;
  Origin origin_;
};

struct Json::Member {
  std::string name;
  Json value;
  friend bool operator==(const Member&, const Member&) = default;
};

inline Json::Json() = default;
inline Json::Json(std::nullptr_t) {}
inline Json::Json(std::same_as<bool> auto value) : value_(value) {}
inline Json::Json(double value) : value_(value) {}
inline Json::Json(std::signed_integral auto value) : value_(static_cast<std::int64_t>(value)) {}
inline Json::Json(std::unsigned_integral auto value) requires(!std::same_as<decltype(value), bool>) {
  set_unsigned(value);
}
inline Json::Json(const char* text) : value_(std::string(text)) {}
inline Json::Json(std::string text) : value_(std::move(text)) {}
inline Json::Json(std::string_view text) : value_(std::string(text)) {}

/// Reads one JSON text (RFC 8259, UTF-8); `file` stands for it in messages. Throws Error (bad input,
/// `file:line:column: ...`) for text that is not JSON, ends early, repeats a member name, nests deeper than
/// kMaxJsonDepth, or has a number too large for a double.
Json parse_json(std::string_view text, const std::string& file);
inline constexpr std::size_t kMaxJsonDepth = 200;

/// The value as JSON text without a final newline. Numbers are exact; NaN and infinities become null, the
/// JSON form of unknown. Bytes that are not UTF-8 become U+FFFD. `indent` blanks per level, with arrays of
/// plain values on one line; 0 puts everything on one line. For values without NaN, infinity and broken
/// UTF-8: parse_json(print_json(x)) == x.
std::string print_json(const Json& json, int indent = 2);

}  // namespace energylens::io
