// SPDX-License-Identifier: Apache-2.0
// kernels_avx2.cpp: kernels for x86-64 processors with AVX2 and FMA.
#define ENERGYLENS_KERNELS avx2
#include "expr/kernel_loops.hpp"
