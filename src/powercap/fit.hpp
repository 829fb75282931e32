// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "energylens/hardware/catalogue.hpp"
#include "energylens/powercap/curve.hpp"
#include "energylens/table/group.hpp"

namespace energylens::powercap {

/// Means over the rows of one load at one cap, for each GPU and each output token.
struct CapPoint {
  double cap_w = 0, power_w = 0;
  double energy_j = 0, time_s = 0;
};

/// One load of one model at several caps, the last of which is the reference of the ratios.
struct Sweep {
  std::string gpu, model;
  std::vector<CapPoint> points;  ///< by cap, at least two
};

/// Rows of equal layout, batch and isl whose groups differ in nothing but power_limit_w and gpu_clock_mhz. Lengths of
/// outputs are averaged over, since energies and times are of one token. Left out are rows without power, energy or time.
std::vector<Sweep> sweeps(std::span<const table::Group> groups);

/// The curve of one type of GPU.
struct GpuCurve {
  std::string gpu;
  Curve curve;
  std::size_t sweeps = 0, points = 0;
};

/// The three numbers from the sweeps of one type of GPU together, by least squares in the logarithms of energy and time
/// ratios, with the prior of prior_curve(tdp_w). `cap_use` is the median of power over cap where power follows
/// the cap. Requires: a sweep.
Curve fit_curve(std::span<const Sweep* const> sweeps, double tdp_w);

/// A curve for each type of GPU that has sweeps. A TDP that the catalogue lacks is the greatest cap.
std::vector<GpuCurve> fit_curves(std::span<const Sweep> sweeps,
                                 const hardware::Catalogue& catalogue = hardware::Catalogue::builtin());

/// Groups that differ in nothing but their cap as one group at the greatest cap of those with a curve: energies and
/// times of the other rows divided by their factors. Others stay as they are.
std::vector<table::Group> joined(std::vector<table::Group> groups, std::span<const GpuCurve> curves);

}  // namespace energylens::powercap
