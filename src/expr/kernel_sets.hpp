// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "expr/kernels.hpp"

namespace energylens::expr {

namespace baseline {
const KernelSet& kernel_set() noexcept;
}
namespace avx2 {
const KernelSet& kernel_set() noexcept;
}

}  // namespace energylens::expr
