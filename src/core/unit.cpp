// SPDX-License-Identifier: Apache-2.0
// unit.cpp: units as vectors of exponents; a product adds them. After each operation an exponent within 1e-9
// of a multiple of 1/5040 becomes that multiple, so that three thirds are one and == needs no tolerance. The
// reader is a recursive descent over
//   unit := factor { factor | '*' factor } { '/' factor }
//   factor := ( symbol | '1' | '(' unit ')' ) [ '^' ( number | '(' number '/' number ')' ) ]
// with at most kMaxDepth parentheses. Held by tests/expr/unit_test.cpp.
#include "energylens/core/unit.hpp"

#include <cctype>
#include <cmath>
#include <string>

#include "core/utf8.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens {
namespace {

constexpr double kGrid = 5040;
constexpr int kMaxDepth = 100;

struct Symbol {
  std::string_view name;
  std::string_view plural;  // blank: none
  Dimension dimension;
};
constexpr std::array<Symbol, kDimensions> kSymbols{{
    {"J", "", Dimension::joule},
    {"s", "", Dimension::second},
    {"byte", "bytes", Dimension::byte},
    {"flop", "", Dimension::flop},
    {"token", "tokens", Dimension::token},
    {"request", "requests", Dimension::request},
    {"gpu", "gpus", Dimension::gpu},
}};

double snapped(double exponent) {
  return simple_exponent(exponent).value_or(exponent);
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Unit whole() {
    const Unit unit = product();
    if (!at_end()) fail("unexpected ')'");
    return unit;
  }

 private:
  Unit product() {
    Unit unit = factor();
    bool divided = false;
    while (!at_end() && text_[position_] != ')') {
      if (accept('/')) {
        unit = unit / factor();
        divided = true;
        continue;
      }
      if (divided) fail("after '/' put a product in parentheses, as in J/(token request)");
      accept('*');
      unit = unit * factor();
    }
    return unit;
  }

  Unit factor() {
    Unit unit = atom();
    if (accept('^')) unit = power(unit, exponent());
    return unit;
  }

  Unit atom() {
    if (at_end()) fail("a unit is missing");
    if (accept('1')) return {};
    if (!accept('(')) return symbol();
    if (++depth_ > kMaxDepth) fail("too many nested parentheses");
    const Unit unit = product();
    if (!accept(')')) fail("')' is missing");
    --depth_;
    return unit;
  }

  Unit symbol() {
    const std::size_t begin = position_;
    while (position_ < text_.size() && std::isalpha(static_cast<unsigned char>(text_[position_])))
      ++position_;
    const std::string_view name = text_.substr(begin, position_ - begin);
    if (name == "W") return Unit::base(Dimension::joule) / Unit::base(Dimension::second);
    for (const Symbol& known : kSymbols) {
      if (!name.empty() && (name == known.name || name == known.plural)) return Unit::base(known.dimension);
    }
    position_ = begin;
    const std::size_t shown = name.empty() ? utf8_character_length(text_.substr(begin)) : name.size();
    fail('"' + std::string(text_.substr(begin, shown)) + "\" is not a unit");
  }

  double exponent() {
    if (!accept('(')) return number();
    double value = number();
    if (accept('/')) value /= number();
    if (!accept(')')) fail("')' is missing");
    if (!std::isfinite(value)) fail("an exponent is not finite");
    return value;
  }

  double number() {
    skip_blanks();
    const std::size_t begin = position_;
    if (position_ < text_.size() && text_[position_] == '-') ++position_;
    while (position_ < text_.size() &&
           (std::isdigit(static_cast<unsigned char>(text_[position_])) || text_[position_] == '.')) {
      ++position_;
    }
    const std::optional<double> value = parse_number(text_.substr(begin, position_ - begin));
    if (!value) {
      position_ = begin;
      fail("an exponent is missing");
    }
    return *value;
  }

  void skip_blanks() {
    while (position_ < text_.size() && text_[position_] == ' ') ++position_;
  }
  bool at_end() {
    skip_blanks();
    return position_ == text_.size();
  }
  bool accept(char wanted) {
    if (at_end() || text_[position_] != wanted) return false;
    ++position_;
    return true;
  }
  [[noreturn]] void fail(const std::string& message) const {
    throw Error::bad_input({"unit", 1, std::to_string(position_ + 1)}, message);
  }

  std::string_view text_;
  std::size_t position_ = 0;
  int depth_ = 0;
};

// "2", "-1", "(1/3)": the least denominator that spells the exponent, else the shortest decimal text.
std::string exponent_text(double exponent) {
  for (int denominator = 2; denominator <= 10 && exponent != std::round(exponent); ++denominator) {
    const double numerator = std::round(exponent * denominator);
    if (snapped(numerator / denominator) == exponent) {
      return '(' + number_text(numerator) + '/' + std::to_string(denominator) + ')';
    }
  }
  return number_text(exponent);
}

struct Factors {
  std::string text;
  int count = 0;
  void add(std::string_view symbol, double exponent) {
    if (count++ > 0) text += ' ';
    text += symbol;
    if (exponent != 1) text += '^' + exponent_text(exponent);
  }
};

}  // namespace

Unit Unit::base(Dimension dimension) {
  Unit unit;
  unit.exponents_[static_cast<std::size_t>(dimension)] = 1;
  return unit;
}

Unit operator*(const Unit& a, const Unit& b) {
  Unit product;
  for (std::size_t i = 0; i < kDimensions; ++i)
    product.exponents_[i] = snapped(a.exponents_[i] + b.exponents_[i]);
  return product;
}

Unit operator/(const Unit& a, const Unit& b) {
  return a * power(b, -1);
}

Unit power(const Unit& unit, double exponent) {
  Unit result;
  for (std::size_t i = 0; i < kDimensions; ++i) {
    if (unit.exponents_[i] != 0) result.exponents_[i] = snapped(unit.exponents_[i] * exponent);
  }
  return result;
}

std::optional<double> simple_exponent(double exponent) {
  const double nearest = std::round(exponent * kGrid) / kGrid;
  if (!(std::fabs(exponent) < 1e6) || std::fabs(exponent - nearest) > 1e-9) return std::nullopt;
  return nearest + 0.0;  // no negative zero
}

Unit parse_unit(std::string_view text) {
  return Reader(text).whole();
}

std::string unit_text(const Unit& unit) {
  const bool watts = unit.exponent(Dimension::joule) == 1 && unit.exponent(Dimension::second) == -1;
  Factors above, below;
  if (watts) above.add("W", 1);
  for (const Symbol& symbol : kSymbols) {
    if (watts && (symbol.dimension == Dimension::joule || symbol.dimension == Dimension::second)) continue;
    const double exponent = unit.exponent(symbol.dimension);
    if (exponent > 0) above.add(symbol.name, exponent);
    if (exponent < 0) below.add(symbol.name, -exponent);
  }
  std::string text = above.count == 0 ? "1" : above.text;
  if (below.count == 1) text += '/' + below.text;
  if (below.count > 1) text += "/(" + below.text + ')';
  return text;
}

}  // namespace energylens
