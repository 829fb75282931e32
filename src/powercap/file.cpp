// SPDX-License-Identifier: Apache-2.0
// Curves in model files. Held by file_test.cpp: what is written is read again; files without curves have none.
#include "powercap/file.hpp"

#include <algorithm>

#include "core/file.hpp"
#include "energylens/io/json.hpp"

namespace energylens::powercap {

using io::Json;

Json curve_json(const GpuCurve& one) {
  const Curve& c = one.curve;
  return Json::object(
      {{"source", c.fitted ? "fitted" : "prior"},
       {"static_w", c.static_w},
       {"knee", c.knee},
       {"exponent", c.exponent},
       {"cap_use", c.cap_use},
       {"covariance", Json::array_of(std::vector<double>(c.covariance.begin(), c.covariance.end()))},
       {"residual_sd", c.residual_sd},
       {"sweeps", one.sweeps},
       {"points", one.points}});
}

void add_curves(Json& model, std::span<const GpuCurve> curves) {
  if (curves.empty()) return;
  Json out = Json::object();
  for (const GpuCurve& one : curves) out[one.gpu] = curve_json(one);
  model["power_caps"] = std::move(out);
}

std::vector<GpuCurve> curves_from(const Json& model) {
  std::vector<GpuCurve> out;
  const Json* const all = model.find("power_caps");
  if (!all) return out;
  for (const Json::Member& member : all->members()) {
    const Json& json = member.value;
    GpuCurve one;
    one.gpu = member.name;
    one.curve = {json.number("static_w"),
                 json.number("knee"),
                 json.number("exponent"),
                 json.number("cap_use"),
                 {},
                 json.number("residual_sd"),
                 json.text("source") == "fitted"};
    const auto& covariance = json.array_at("covariance");
    if (covariance.size() != one.curve.covariance.size())
      throw json.at("covariance").error("\"covariance\" has not nine numbers");
    std::ranges::transform(covariance, one.curve.covariance.begin(),
                           [](const Json& v) { return v.as_number(); });
    if (!(one.curve.static_w > 0 && one.curve.knee > 0 && one.curve.exponent > 0 && one.curve.cap_use > 0))
      throw json.error("the numbers of a power curve are not above 0");
    one.sweeps = static_cast<std::size_t>(json.integer("sweeps"));
    one.points = static_cast<std::size_t>(json.integer("points"));
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<GpuCurve> read_curves(const std::string& path) {
  return curves_from(io::parse_json(read_file(path), path));
}

GpuCurve curve_of(std::span<const GpuCurve> curves, const std::string& gpu, double tdp_w) {
  const auto found = std::ranges::find(curves, gpu, &GpuCurve::gpu);
  if (found != curves.end()) return *found;
  GpuCurve out;
  out.gpu = gpu;
  if (known(tdp_w)) out.curve = prior_curve(tdp_w);
  return out;
}

}  // namespace energylens::powercap
