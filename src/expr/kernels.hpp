// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>

#include "energylens/expr/expr.hpp"

namespace energylens::expr {

/// out[i] = op(left[i], right[i]) for i in [0, n). `out` may be an operand, or else overlaps none. A scalar
/// operand is read from its first element; unary operators ignore `right`.
using Kernel = void (*)(const double* left, const double* right, double* out, std::size_t n);

/// One kernel per operator, by static_cast<size_t>(Op); none for constants and names. Arithmetic as in
/// Program.
struct KernelSet {
  Kernel both[kOps] = {};  ///< both operands have n values
  Kernel left_scalar[kOps] = {};
  Kernel right_scalar[kOps] = {};
};

/// The fastest set that this processor runs. All sets give the same bits.
const KernelSet& kernels() noexcept;

}  // namespace energylens::expr
