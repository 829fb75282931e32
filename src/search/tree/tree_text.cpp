// SPDX-License-Identifier: Apache-2.0
// tree_text.cpp: a tree as words in prefix order: a sum is its number of terms and the terms; a term is its
// coefficient, whether that is fitted, its number of factors and the factors. Tested by
// tests/search/tree/tree_test.cpp.
#include "search/tree/tree_text.hpp"

#include <cmath>
#include <sstream>

#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::search {
namespace {

using Kind = Factor::Kind;

// Far beyond what a search makes, and small enough for recursion and memory.
constexpr std::size_t kLargestTree = 1000;  // terms and factors
constexpr std::size_t kDeepest = 50;        // brackets in brackets

void write(const Sum& sum, std::string& out) {
  out += std::to_string(sum.size()) + ' ';
  for (const Term& term : sum) {
    out += number_text(term.coefficient) + (term.free ? " ~ " : " = ") + std::to_string(term.factors.size()) +
           ' ';
    for (const Factor& f : term.factors) {
      out +=
          std::to_string(static_cast<int>(f.kind)) + ' ' + number_text(f.exponent) + (f.free ? " ~ " : " = ");
      if (f.kind == Kind::input) {
        out += std::to_string(f.input) + ' ';
        continue;
      }
      out += std::to_string(static_cast<int>(f.function)) + ' ';
      write(f.argument, out);
      write(f.second, out);
    }
  }
}

class TreeReader {
 public:
  explicit TreeReader(const std::string& text) : in_(text) {}

  Tree tree() {
    Tree out;
    out.parts.resize(several());
    for (Sum& part : out.parts) part = sum(0);
    if (std::string more; in_ >> more) refuse();
    return out;
  }

 private:
  std::string word() {
    std::string text;
    if (!(in_ >> text)) refuse();
    return text;
  }
  std::size_t count() {
    const double n = number();
    if (!(n >= 0 && n <= kLargestTree && n == std::floor(n))) refuse();
    return static_cast<std::size_t>(n);
  }
  /// The number of things that follow, which count together against the size of the tree.
  std::size_t several() {
    const std::size_t n = count();
    read_ += n;
    if (read_ > kLargestTree) refuse();
    return n;
  }
  double number() {
    const std::optional<double> value = parse_number(word());
    if (!value || !std::isfinite(*value)) refuse();
    return *value;
  }
  bool fitted() {
    const std::string text = word();
    if (text != "~" && text != "=") refuse();
    return text == "~";
  }

  Sum sum(std::size_t depth) {
    if (depth > kDeepest) refuse();
    Sum out(several());
    for (Term& term : out) {
      term.coefficient = number();
      term.free = fitted();
      term.factors.resize(several());
      for (Factor& f : term.factors) f = factor(depth);
    }
    return out;
  }

  Factor factor(std::size_t depth) {
    Factor f;
    const std::size_t kind = count();
    if (kind > 2) refuse();
    f.kind = static_cast<Kind>(kind);
    f.exponent = number();
    f.free = fitted();
    const std::size_t what = count();
    if (f.kind == Kind::input) {
      f.input = static_cast<std::uint16_t>(what);
      return f;
    }
    if (what >= expr::kOps) refuse();
    f.function = static_cast<expr::Op>(what);
    f.argument = sum(depth + 1);
    f.second = sum(depth + 1);
    return f;
  }

  [[noreturn]] static void refuse() {
    throw Error::bad_input({}, "a formula of the checkpoint cannot be read");
  }

  std::istringstream in_;
  std::size_t read_ = 0;
};

}  // namespace

std::string tree_text(const Tree& tree) {
  std::string out = std::to_string(tree.parts.size()) + ' ';
  for (const Sum& part : tree.parts) write(part, out);
  return out;
}

Tree parse_tree(const std::string& text) {
  return TreeReader(text).tree();
}

}  // namespace energylens::search
