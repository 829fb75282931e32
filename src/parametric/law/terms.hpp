// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>

#include "energylens/parametric/parameters.hpp"
#include "energylens/predictor/facts.hpp"
#include "energylens/table/row.hpp"

namespace energylens::parametric {

/// `count` waves of `size` requests each: for energies in all replicas, for times in the one that ends last.
struct WaveTerms {
  double count = 0, size = 0, log_size = 0;
  double weights_read = 1;  ///< r(B), docs/method/law.md (4); of servers R(B), (4a)
  double scatter = 0;  ///< servers with d ranks of attention: sqrt(d B), the scatter of B requests over them
};

/// What the law needs to know of one configuration; depends on no parameter, so a fit computes it once.
struct Terms {
  double log_tp = 0, log_pp = 0;
  double further_stages = 0;  ///< pp - 1
  double traffic_log = 0;     ///< ln tp, from 0: a group of GPUs of one has no traffic
  double traffic_width = 1;   ///< GPUs that wait for traffic, over tp: pp for energies, 1 for times
  double shared = 1;          ///< of work that tp GPUs share out: 1 for energies, 1/tp for times
  double input = 1;           ///< input tokens computed per request; 1 where isl is not known
  double steps = 0;           ///< decode steps of one request
  double tokens = 0;          ///< output tokens that decode makes for one request: osl - 1
  Form form = Form::job;
  bool experts_apart = false;  ///< servers: experts are parallel
  double drafting =
      0;  ///< servers: what drafting adds to the reading and waiting of a step, as a share of it
  double kv_copies = 1;    ///< servers: of the KV cache
  double step_tokens = 1;  ///< servers: tokens of one request that a step works on, where steps are known
  double context = 0;      ///< mean tokens in the cache of one request while it decodes: isl + osl/2
  /// Full waves, and one or two kinds of remainders; count 0 if there is none.
  std::array<WaveTerms, 3> waves{};
};

/// Where tp, pp and batch are measured from, as logarithms. Fits use the geometric means of the training rows, so
/// that scales and exponents are nearly independent; zeros give the law in its plain form.
struct Reference {
  double log_tp = 0, log_pp = 0, log_wave_size = 0;
};

/// How the rows of one group are read for one target.
struct Reading {
  predictor::Facts facts;
  bool isl_known = true;           ///< false: prefill is one constant per request and the context is osl/2
  Metric metric = Metric::energy;  ///< joules, which replicas add up, or seconds
  Form form = Form::job;
};

/// Requires: predictor::waves(config).count() > 0.
Terms terms(const table::Configuration& config, const Reading& reading, const Reference& reference = {});

/// The two parts of E = prefill + decode; J or s.
struct Phases {
  double prefill = 0, decode = 0;
  double total() const { return prefill + decode; }
};

/// docs/method/law.md (5): the law of a whole row, waves and replicas included. Pure.
Phases evaluate(const Parameters& parameters, const Terms& terms) noexcept;

/// Derivatives against the free coordinates.
struct PhaseGradients {
  std::array<double, kParameters> prefill{}, decode{};
};
Phases evaluate(const Parameters& parameters, const Terms& terms, PhaseGradients& gradients) noexcept;

/// Free coordinates of a fit: the logarithms of positive numbers, the others themselves.
using Coordinates = std::array<double, kParameters>;
Parameters parameters_at(const Coordinates& coordinates, Form form = Form::job) noexcept;
Coordinates coordinates_of(const Parameters& parameters, Form form = Form::job) noexcept;

/// The same law with another reference: natural = centred + shift_matrix * centred. Linear, and exact.
Coordinates moved_to_origin(const Coordinates& centred, const Reference& reference,
                            Form form = Form::job) noexcept;

}  // namespace energylens::parametric
