// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "simulate/system.hpp"

namespace energylens::simulate {

/// Share of the matrix units' peak that large products reach.
inline constexpr double kMatrixEfficiency = 0.70;

/// Time, and energy over all GPUs of one replica.
struct Phase {
  double seconds = 0;
  double joules = 0;
  Phase& operator+=(const Phase& other);
};

/// The requests of one wave, all alike.
struct Prompts {
  double requests = 0;
  double tokens = 0;        ///< isl
  double cached = 0;        ///< part of them, found in the prefix cache
  double image_tokens = 0;  ///< part of them, from images
};

/// Processing the prompts on tp * pp GPUs, including the first output token.
Phase prefill(const System& system, const table::Layout& layout, const Prompts& prompts);

/// One token for each of `requests` requests that hold `context` tokens each.
Phase decode_step(const System& system, const table::Layout& layout, double requests, double context);

/// `steps` decode steps, over which the context grows from `first_context` by one per step.
Phase decode(const System& system, const table::Layout& layout, double requests, double first_context,
             double steps);

}  // namespace energylens::simulate
