// SPDX-License-Identifier: Apache-2.0
// program.cpp: postfix code becomes three-address code over scalars, columns and scratch blocks. Blocks are
// used as a stack: the result of an instruction takes the lowest block that its operands leave. Rows are
// worked through in blocks that stay in the first-level cache; the last instruction writes to the caller's
// memory. Held by tests/expr/program_test.cpp against a recursive reference, bit for bit.
#include "expr/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "expr/kernel_sets.hpp"
#include "expr/operators.hpp"

namespace energylens::expr {
namespace {

std::uint32_t position(std::span<const std::string> names, const std::string& name, const char* kind) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw Error::bad_input({}, fmt::format("missing value of the {} {} in the formula", kind, quote(name)));
  }
  return static_cast<std::uint32_t>(found - names.begin());
}

double apply(Op op, double a, double b) {
  return operator_row(op).value(a, b);
}

}  // namespace

const KernelSet& kernels() noexcept {
#ifdef ENERGYLENS_HAS_AVX2_KERNELS
  static const bool fast = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (fast) return avx2::kernel_set();
#endif
  return baseline::kernel_set();
}

Program::Operand Program::leaf(const Expr& expr, const Node& node, std::span<const std::string> variables,
                               std::span<const std::string> parameters) {
  if (node.op == Op::variable) return {Place::column, position(variables, expr.name(node), "variable")};
  if (node.op == Op::parameter) return {Place::scalar, position(parameters, expr.name(node), "parameter")};
  scalars_.push_back(node.value());
  return {Place::scalar, static_cast<std::uint32_t>(scalars_.size() - 1)};
}

Program::Program(const Expr& expr, std::span<const std::string> variables,
                 std::span<const std::string> parameters)
    : scalars_(parameters.size()), parameters_(parameters.size()), variables_(variables.size()) {
  std::vector<Operand> stack;
  stack.reserve(expr.size());
  code_.reserve(expr.size() / 2);
  scalars_.reserve(parameters.size() + expr.size());
  std::size_t used_blocks = 0;
  for (const Node& node : expr.nodes()) {
    const auto operands = static_cast<std::size_t>(arity(node.op));
    if (operands == 0) {
      stack.push_back(leaf(expr, node, variables, parameters));
      continue;
    }
    const std::size_t base = stack.size() - operands;
    Instruction step{node.op, stack[base], stack.back(), {}};
    stack.resize(base);
    const auto in_block = [](const Operand& o) { return o.place == Place::block ? 1u : 0u; };
    used_blocks -= in_block(step.left) + (operands == 2 ? in_block(step.right) : 0);
    if (step.left.place == Place::scalar && step.right.place == Place::scalar) {
      step.result = {Place::scalar, static_cast<std::uint32_t>(scalars_.size())};
      scalars_.push_back(0);
      scalar_code_.push_back(step);
    } else {
      step.result = {Place::block, static_cast<std::uint32_t>(used_blocks++)};
      blocks_ = std::max(blocks_, used_blocks);
      code_.push_back(step);
    }
    stack.push_back(step.result);
  }
  assert(stack.size() == 1);
  result_ = stack.back();
}

void Program::load_scalars(std::span<const double> parameters, Workspace& workspace) const {
  assert(parameters.size() >= parameters_);
  std::vector<double>& values = workspace.scalars_;
  values.assign(scalars_.begin(), scalars_.end());
  std::copy_n(parameters.begin(), parameters_, values.begin());
  for (const Instruction& step : scalar_code_) {
    values[step.result.index] = apply(step.op, values[step.left.index], values[step.right.index]);
  }
}

double Program::evaluate(std::span<const double> variables, std::span<const double> parameters) const {
  Workspace workspace;
  return evaluate(variables, parameters, workspace);
}

double Program::evaluate(std::span<const double> variables, std::span<const double> parameters,
                         Workspace& workspace) const {
  assert(variables.size() >= variables_);
  load_scalars(parameters, workspace);
  const std::size_t registers = scalars_.size();
  workspace.scalars_.resize(registers + blocks_);
  double* values = workspace.scalars_.data();
  const auto read = [&](const Operand& o) {
    if (o.place == Place::column) return variables[o.index];
    return values[o.place == Place::block ? registers + o.index : o.index];
  };
  for (const Instruction& step : code_) {
    values[registers + step.result.index] = apply(step.op, read(step.left), read(step.right));
  }
  return read(result_);
}

void Program::evaluate(std::span<const std::span<const double>> columns, std::span<const double> parameters,
                       std::span<double> out, Workspace& workspace) const {
  assert(columns.size() >= variables_);
  load_scalars(parameters, workspace);
  if (workspace.blocks_.size() < blocks_) workspace.blocks_.resize(blocks_);
  if (result_.place == Place::scalar) std::fill(out.begin(), out.end(), workspace.scalars_[result_.index]);
  if (result_.place == Place::column) std::copy_n(columns[result_.index].begin(), out.size(), out.begin());
  if (code_.empty()) return;
  for (std::size_t begin = 0; begin < out.size(); begin += Workspace::kBlock) {
    const std::size_t n = std::min(Workspace::kBlock, out.size() - begin);
    run_block(columns, out.subspan(begin, n), begin, workspace);
  }
}

void Program::run_block(std::span<const std::span<const double>> columns, std::span<double> out,
                        std::size_t begin, Workspace& workspace) const {
  const KernelSet& set = kernels();
  const auto read = [&](const Operand& o) -> const double* {
    if (o.place == Place::column) return columns[o.index].data() + begin;
    return o.place == Place::block ? workspace.blocks_[o.index].values : &workspace.scalars_[o.index];
  };
  for (const Instruction& step : code_) {
    const auto op = static_cast<std::size_t>(step.op);
    double* target = &step == &code_.back() ? out.data() : workspace.blocks_[step.result.index].values;
    const Kernel kernel = step.left.place == Place::scalar    ? set.left_scalar[op]
                          : step.right.place == Place::scalar ? set.right_scalar[op]
                                                              : set.both[op];
    kernel(read(step.left), read(step.right), target, out.size());
  }
}

}  // namespace energylens::expr
