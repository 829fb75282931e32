// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace energylens::expr {

/// The kind of a node. src/expr/operators.cpp describes the operators, from `add` on.
enum class Op : std::uint8_t {
  constant,   ///< a number
  variable,   ///< a data column, by name
  parameter,  ///< a fitted number, by name
  add,
  subtract,
  multiply,
  divide,
  power,
  minimum,
  maximum,  ///< NaN if either operand is
  negate,
  exp,
  log,
  sqrt,
  abs,
  floor,
  ceil,
  step,  ///< 0 below zero, 1/2 at zero, 1 above
  sin,   ///< of an angle in radians
  cos,
  tanh,
  asin,
  acos,
};
inline constexpr std::size_t kOps = 23;

/// Number of operands: 0, 1 or 2.
int arity(Op op) noexcept;

/// One node of a tree in postfix order: operands come before their operator.
struct Node {
  std::uint64_t payload = 0;  ///< constant: the bits of its value; variable, parameter: its symbol; else 0
  std::uint32_t length = 1;   ///< nodes of the subtree that ends here
  Op op = Op::constant;

  double value() const noexcept { return std::bit_cast<double>(payload); }
};

/// An expression: constants, named variables (data columns), named parameters (fitted numbers) and operators,
/// as a flat postfix array. An immutable value; copying copies the array and shares the names. Safe from any
/// thread.
class Expr {
 public:
  Expr() : Expr(constant(0)) {}
  static Expr constant(double value);
  /// Names are letters, digits and '_', not beginning with a digit, and no function's name nor "inf" nor
  /// "nan". Throws Error (bad input) for others, as for an expression in which one name is both a variable
  /// and a parameter.
  static Expr variable(std::string_view name);
  static Expr parameter(std::string_view name);
  /// Requires: arity(op) operands.
  static Expr apply(Op op, Expr operand);
  static Expr apply(Op op, Expr left, const Expr& right);

  std::span<const Node> nodes() const noexcept { return nodes_; }
  std::size_t size() const noexcept { return nodes_.size(); }  ///< number of nodes: the complexity
  const Node& root() const noexcept { return nodes_.back(); }
  bool is_constant() const noexcept { return root().op == Op::constant; }
  bool is_constant(double value) const noexcept { return is_constant() && root().value() == value; }

  /// Name of a variable or parameter node of this expression.
  const std::string& name(const Node& node) const { return (*symbols_)[node.payload].name; }
  /// Names that occur, in order of first occurrence.
  std::vector<std::string> variables() const { return names(Op::variable); }
  std::vector<std::string> parameters() const { return names(Op::parameter); }

  /// The subtree that ends at `nodes()[root]`.
  Expr subtree(std::size_t root) const;
  /// The operands of the root: the only or left one, and the right one of a binary operator.
  Expr left() const;
  Expr right() const;

  /// Same tree, same names, same bits of every constant (NaN equals NaN, 0 differs from -0).
  friend bool operator==(const Expr& a, const Expr& b) noexcept;
  /// Equal expressions have equal hashes; the same on every machine and in every run.
  std::uint64_t hash() const noexcept;

 private:
  friend class Builder;
  struct Symbol {
    std::string name;
    Op kind;
    std::uint64_t hash;
    bool operator==(const Symbol&) const = default;
  };
  using Symbols = std::vector<Symbol>;  // no symbol twice; may hold some that do not occur

  Expr(std::vector<Node> nodes, std::shared_ptr<const Symbols> symbols)
      : nodes_(std::move(nodes)), symbols_(std::move(symbols)) {}
  std::vector<std::string> names(Op kind) const;
  void append(const Expr& other);

  std::vector<Node> nodes_;
  std::shared_ptr<const Symbols> symbols_;
};

Expr operator+(Expr a, const Expr& b);
Expr operator-(Expr a, const Expr& b);
Expr operator*(Expr a, const Expr& b);
Expr operator/(Expr a, const Expr& b);
Expr operator-(Expr a);
Expr pow(Expr base, const Expr& exponent);

/// Every occurrence of the variable or parameter `name` replaced by `replacement`.
Expr substitute(const Expr& expr, std::string_view name, const Expr& replacement);

}  // namespace energylens::expr

template <>
struct std::hash<energylens::expr::Expr> {
  std::size_t operator()(const energylens::expr::Expr& e) const noexcept { return e.hash(); }
};
