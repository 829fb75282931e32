// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "powercap/fit.hpp"

namespace energylens::io {
class Json;
}

namespace energylens::powercap {

/// The member `power_caps` of a model file: an object by type of GPU. Adds nothing without curves.
void add_curves(io::Json& model, std::span<const GpuCurve> curves);
/// Empty for files without that member, as earlier versions wrote them.
std::vector<GpuCurve> curves_from(const io::Json& model);
/// The same from a file.
std::vector<GpuCurve> read_curves(const std::string& path);

/// One curve as JSON: its numbers, source "fitted" or "prior", and counts.
io::Json curve_json(const GpuCurve& curve);

/// The curve of a type of GPU: that of the file, else the prior of the TDP. Unknown numbers if neither is known.
GpuCurve curve_of(std::span<const GpuCurve> curves, const std::string& gpu, double tdp_w);

}  // namespace energylens::powercap
