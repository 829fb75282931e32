// SPDX-License-Identifier: Apache-2.0
// expr.cpp: trees as postfix arrays. Each node knows the length of its subtree, so the operands of the node
// at i end at i-1 and at i-1-length(i-1); no recursion is needed anywhere. Names live in a list that
// expressions share; combining two expressions of the same list copies nodes only. Held by
// tests/expr/expr_test.cpp.
#include "energylens/expr/expr.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"
#include "energylens/core/rng.hpp"
#include "expr/builder.hpp"
#include "expr/operators.hpp"

namespace energylens::expr {
namespace {

bool is_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.empty() || !letter(text[0])) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || digit(c); });
}

void require_name(std::string_view name) {
  if (!is_name(name)) throw Error::bad_input({}, quote(name) + " is not a valid name in a formula");
  if (find_function(name) || name == "inf" || name == "nan" || name == "neg") {
    throw Error::bad_input({}, quote(name) + " is a reserved name and cannot name a quantity");
  }
}

// FNV-1a, then mixed.
std::uint64_t name_hash(std::string_view name, Op kind) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return splitmix64(hash + static_cast<std::uint64_t>(kind));
}

bool is_symbol(Op op) {
  return op == Op::variable || op == Op::parameter;
}

// Index of the symbol in `symbols`, appended if it is new.
template <typename Symbols, typename Symbol>
std::uint64_t index_of(Symbols& symbols, const Symbol& symbol) {
  const auto same = [&](const Symbol& s) { return s == symbol; };
  const auto found = std::find_if(symbols.begin(), symbols.end(), same);
  if (found != symbols.end()) return static_cast<std::uint64_t>(found - symbols.begin());
  for (const Symbol& s : symbols) {
    if (s.name == symbol.name) {
      throw Error::bad_input({}, quote(s.name) + " is both a variable and a parameter");
    }
  }
  symbols.push_back(symbol);
  return symbols.size() - 1;
}

}  // namespace

Node constant_node(double value) {
  Node node;
  node.payload = std::bit_cast<std::uint64_t>(known(value) ? value : kUnknown);
  return node;
}

Node operation_node(Op op, const std::vector<Node>& nodes) {
  Node node;
  node.op = op;
  std::size_t end = nodes.size();
  for (int i = arity(op); i > 0; --i) {
    assert(end > 0);
    const std::uint32_t length = nodes[end - 1].length;
    node.length += length;
    end -= length;
  }
  return node;
}

void Builder::constant(double value) {
  nodes_.push_back(constant_node(value));
}

void Builder::symbol(Op kind, std::string_view name) {
  assert(is_symbol(kind));
  require_name(name);
  Node node;
  node.op = kind;
  node.payload = index_of(symbols_, Expr::Symbol{std::string(name), kind, name_hash(name, kind)});
  nodes_.push_back(node);
}

void Builder::operation(Op op) {
  nodes_.push_back(operation_node(op, nodes_));
}

void Builder::append(const Expr& expr) {
  for (Node node : expr.nodes()) {
    if (is_symbol(node.op)) node.payload = index_of(symbols_, (*expr.symbols_)[node.payload]);
    nodes_.push_back(node);
  }
}

Expr Builder::finish() {
  assert(!nodes_.empty() && nodes_.back().length == nodes_.size());
  return {std::move(nodes_), std::make_shared<const Expr::Symbols>(std::move(symbols_))};
}

Expr Expr::constant(double value) {
  static const auto no_symbols = std::make_shared<const Symbols>();
  return {{constant_node(value)}, no_symbols};
}

Expr Expr::variable(std::string_view name) {
  Builder builder;
  builder.symbol(Op::variable, name);
  return builder.finish();
}

Expr Expr::parameter(std::string_view name) {
  Builder builder;
  builder.symbol(Op::parameter, name);
  return builder.finish();
}

Expr Expr::apply(Op op, Expr operand) {
  assert(arity(op) == 1);
  operand.nodes_.push_back(operation_node(op, operand.nodes_));
  return operand;
}

Expr Expr::apply(Op op, Expr left, const Expr& right) {
  assert(arity(op) == 2);
  left.append(right);
  left.nodes_.push_back(operation_node(op, left.nodes_));
  return left;
}

void Expr::append(const Expr& other) {
  const std::size_t begin = nodes_.size();
  nodes_.insert(nodes_.end(), other.nodes_.begin(), other.nodes_.end());
  if (symbols_ == other.symbols_ || other.symbols_->empty()) return;
  if (symbols_->empty()) {
    symbols_ = other.symbols_;
    return;
  }
  Symbols merged = *symbols_;
  for (std::size_t i = begin; i < nodes_.size(); ++i) {
    Node& node = nodes_[i];
    if (is_symbol(node.op)) node.payload = index_of(merged, (*other.symbols_)[node.payload]);
  }
  if (merged.size() > symbols_->size()) symbols_ = std::make_shared<const Symbols>(std::move(merged));
}

std::vector<std::string> Expr::names(Op kind) const {
  std::vector<std::string> found;
  for (const Node& node : nodes_) {
    if (node.op == kind && std::find(found.begin(), found.end(), name(node)) == found.end()) {
      found.push_back(name(node));
    }
  }
  return found;
}

Expr Expr::subtree(std::size_t root) const {
  const auto end = nodes_.begin() + static_cast<std::ptrdiff_t>(root) + 1;
  return {std::vector<Node>(end - nodes_[root].length, end), symbols_};
}

Expr Expr::left() const {
  assert(arity(root().op) > 0);
  std::size_t index = size() - 2;
  if (arity(root().op) == 2) index -= nodes_[index].length;
  return subtree(index);
}

Expr Expr::right() const {
  assert(arity(root().op) == 2);
  return subtree(size() - 2);
}

bool operator==(const Expr& a, const Expr& b) noexcept {
  const bool same_names = a.symbols_ == b.symbols_;
  return std::equal(a.nodes_.begin(), a.nodes_.end(), b.nodes_.begin(), b.nodes_.end(),
                    [&](const Node& x, const Node& y) {
                      if (x.op != y.op) return false;
                      if (same_names || !is_symbol(x.op)) return x.payload == y.payload;
                      return a.name(x) == b.name(y);
                    });
}

std::uint64_t Expr::hash() const noexcept {
  std::uint64_t hash = 0;
  for (const Node& node : nodes_) {
    const std::uint64_t content = is_symbol(node.op) ? (*symbols_)[node.payload].hash : node.payload;
    hash = splitmix64(splitmix64(hash ^ static_cast<std::uint64_t>(node.op)) ^ content);
  }
  return hash;
}

Expr operator+(Expr a, const Expr& b) {
  return Expr::apply(Op::add, std::move(a), b);
}
Expr operator-(Expr a, const Expr& b) {
  return Expr::apply(Op::subtract, std::move(a), b);
}
Expr operator*(Expr a, const Expr& b) {
  return Expr::apply(Op::multiply, std::move(a), b);
}
Expr operator/(Expr a, const Expr& b) {
  return Expr::apply(Op::divide, std::move(a), b);
}
Expr operator-(Expr a) {
  return Expr::apply(Op::negate, std::move(a));
}
Expr pow(Expr base, const Expr& exponent) {
  return Expr::apply(Op::power, std::move(base), exponent);
}

Expr substitute(const Expr& expr, std::string_view name, const Expr& replacement) {
  Builder builder;
  for (const Node& node : expr.nodes()) {
    if (is_symbol(node.op) && expr.name(node) == name) {
      builder.append(replacement);
    } else if (is_symbol(node.op)) {
      builder.symbol(node.op, expr.name(node));
    } else if (node.op == Op::constant) {
      builder.constant(node.value());
    } else {
      builder.operation(node.op);
    }
  }
  return builder.finish();
}

}  // namespace energylens::expr
