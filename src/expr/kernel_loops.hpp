// SPDX-License-Identifier: Apache-2.0
#pragma once
// kernel_loops.hpp: loops over the operators of values.hpp. Included by one source file per instruction set,
// which names the set's namespace in ENERGYLENS_KERNELS; nothing here has external linkage but kernel_set,
// lest the linker keep the copy of a set that the processor cannot run. The pragmas state that elements are
// independent, also when the result replaces an operand. Held by tests/expr/program_test.cpp.
#include "expr/kernel_sets.hpp"

#include "expr/values.hpp"

#ifdef __clang__
#define ENERGYLENS_INDEPENDENT
#else
#define ENERGYLENS_INDEPENDENT _Pragma("GCC ivdep")
#endif

namespace energylens::expr::ENERGYLENS_KERNELS {
namespace {

template <Op op>
void both(const double* left, const double* right, double* out, std::size_t n) {
  ENERGYLENS_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) out[i] = value<op>(left[i], right[i]);
}

template <Op op>
void unary(const double* left, const double*, double* out, std::size_t n) {
  ENERGYLENS_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) out[i] = value<op>(left[i], 0);
}

template <Op op>
void left_scalar(const double* left, const double* right, double* out, std::size_t n) {
  const double a = *left;
  ENERGYLENS_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) out[i] = value<op>(a, right[i]);
}

template <Op op>
void right_scalar(const double* left, const double* right, double* out, std::size_t n) {
  const double b = *right;
  ENERGYLENS_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) out[i] = value<op>(left[i], b);
}

// A shared exponent is repeated: tests on one value for all elements keep compilers from vectorising.
void constant_power(const double* left, const double* right, double* out, std::size_t n) {
  constexpr std::size_t kChunk = 64;
  double exponent[kChunk];
  if (*right == 2) return both<Op::multiply>(left, left, out, n);
  for (double& copy : exponent) copy = *right;
  for (std::size_t i = 0; i < n; i += kChunk) {
    both<Op::power>(left + i, exponent, out + i, n - i < kChunk ? n - i : kChunk);
  }
}

// Angles of ordinary size need no branch.
template <Op op>
void of_angle(const double* left, const double* right, double* out, std::size_t n) {
  bool large = false;
  for (std::size_t i = 0; i < n; ++i) large |= large_angle(left[i]);
  if (large) return unary<op>(left, right, out, n);
  ENERGYLENS_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) out[i] = sine_of(reduced(left[i]), op == Op::cos ? 1 : 0);
}

template <Op op>
void add_binary(KernelSet& set) {
  const auto i = static_cast<std::size_t>(op);
  set.both[i] = both<op>;
  set.left_scalar[i] = left_scalar<op>;
  set.right_scalar[i] = right_scalar<op>;
}

template <Op... op>
void add_unary(KernelSet& set) {
  ((set.both[static_cast<std::size_t>(op)] = unary<op>), ...);
}

KernelSet make_set() {
  KernelSet set;
  add_binary<Op::add>(set);
  add_binary<Op::subtract>(set);
  add_binary<Op::multiply>(set);
  add_binary<Op::divide>(set);
  add_binary<Op::power>(set);
  set.right_scalar[static_cast<std::size_t>(Op::power)] = constant_power;
  add_binary<Op::minimum>(set);
  add_binary<Op::maximum>(set);
  add_unary<Op::negate, Op::exp, Op::log, Op::sqrt, Op::abs, Op::floor, Op::ceil, Op::step, Op::tanh,
            Op::asin, Op::acos>(set);
  set.both[static_cast<std::size_t>(Op::sin)] = of_angle<Op::sin>;
  set.both[static_cast<std::size_t>(Op::cos)] = of_angle<Op::cos>;
  return set;
}

}  // namespace

const KernelSet& kernel_set() noexcept {
  static const KernelSet set = make_set();
  return set;
}

}  // namespace energylens::expr::ENERGYLENS_KERNELS
