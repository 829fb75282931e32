// SPDX-License-Identifier: Apache-2.0
// kernels_baseline.cpp: kernels for every processor of the target architecture.
#define ENERGYLENS_KERNELS baseline
#include "expr/kernel_loops.hpp"
