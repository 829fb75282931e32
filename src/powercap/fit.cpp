// SPDX-License-Identifier: Apache-2.0
// Three numbers by least squares: residuals are the logarithms of energy and time ratios to the greatest cap, flattened
// beyond a knee so that single rows far off pull little, and the prior. Derivatives by differences, since a curve costs
// a microsecond. Held by fit_test.cpp: recovery of known numbers, and public data.
#include "powercap/fit.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "numerics/dense.hpp"
#include "numerics/least_squares.hpp"
#include "numerics/summary.hpp"

namespace energylens::powercap {
namespace {

constexpr double kNoise = 0.03;   // of a ratio, one standard deviation
constexpr double kFollows = 0.8;  // slope of ln power against ln cap from which the cap binds
constexpr double kDifference = 1e-5;
constexpr std::size_t kNumbers = 3;

/// What rows of a sweep have in common: the columns of the group without cap and clock, then the load.
using LoadKey = std::tuple<std::vector<std::pair<std::string, std::string>>, table::Layout, table::RowKind,
                           double, double>;

std::vector<std::pair<std::string, std::string>> family(const table::GroupIdentity& identity) {
  auto key = identity.key;
  std::erase_if(key,
                [](const auto& one) { return one.first == "power_limit_w" || one.first == "gpu_clock_mhz"; });
  return key;
}

double cap_of(const table::GroupIdentity& identity) {
  return parse_number(identity["power_limit_w"]).value_or(kUnknown);
}

LoadKey key_of(const table::Group& group, const table::Row& row) {
  const table::Load& load = row.config.load;
  const auto sortable = [](double value) { return known(value) ? value : -1; };
  return {family(group.identity), row.config.layout, load.kind, sortable(load.batch), sortable(load.isl)};
}

/// Sums over the rows at one cap.
struct Sums {
  double tokens = 0, joules = 0, seconds = 0, watt_seconds = 0;
};

/// One row as sums over its output tokens; false if something is missing.
bool add(const table::Row& row, Sums& sums) {
  const table::Load& load = row.config.load;
  const table::Results& r = row.results;
  const bool job = load.kind == table::RowKind::job;
  const double tokens = job ? load.batch * load.osl : 1;
  const double joules = job ? r.total_energy_j : r.energy_per_out_token_j;
  const double seconds = job ? r.total_time_s : 1 / r.throughput_tok_s;
  const double watts = r.avg_power_w / row.config.layout.gpus();
  if (!(tokens > 0) || !(joules > 0) || !(seconds > 0) || !(watts > 0)) return false;
  sums.tokens += tokens;
  sums.joules += joules;
  sums.seconds += seconds;
  sums.watt_seconds += watts * seconds;
  return true;
}

std::vector<CapPoint> points_of(const std::map<double, Sums>& by_cap) {
  std::vector<CapPoint> points;
  for (const auto& [cap, sums] : by_cap) {
    points.push_back(
        {cap, sums.watt_seconds / sums.seconds, sums.joules / sums.tokens, sums.seconds / sums.tokens});
  }
  return points;
}

/// Power over cap where power follows the cap; 1 if it never does.
double cap_use(std::span<const Sweep* const> sweeps) {
  std::vector<double> shares;
  for (const Sweep* sweep : sweeps) {
    for (std::size_t i = 1; i < sweep->points.size(); ++i) {
      const CapPoint &low = sweep->points[i - 1], &high = sweep->points[i];
      const double slope = std::log(high.power_w / low.power_w) / std::log(high.cap_w / low.cap_w);
      if (slope < kFollows) continue;
      shares.push_back(low.power_w / low.cap_w);
      shares.push_back(high.power_w / high.cap_w);
    }
  }
  return shares.empty() ? 1 : numerics::median(shares);
}

/// Flat beyond a few standard deviations, and as steep as its argument near 0.
double flattened(double z) {
  constexpr double kKnee = 2;
  return kKnee * std::tanh(z / kKnee) + 0.2 * (z - kKnee * std::tanh(z / kKnee));
}

class CurveFit {
 public:
  CurveFit(std::span<const Sweep* const> sweeps, double tdp_w)
      : sweeps_(sweeps), prior_(prior_curve(tdp_w)), cap_use_(cap_use(sweeps)) {
    for (const Sweep* sweep : sweeps) residuals_ += 2 * (sweep->points.size() - 1);
  }

  Curve run() const {
    const std::vector<double> start(kNumbers, 0.0);
    const numerics::Report report = numerics::minimise(problem(), start);
    Curve out = curve_at(report.usable() ? report.x : start);
    out.fitted = true;
    out.covariance = covariance_at(report.usable() ? report.x : start);
    out.residual_sd = residual_sd(out);
    return out;
  }

 private:
  /// `x` in standard deviations of the prior from its centre.
  Curve curve_at(std::span<const double> x) const {
    Curve out = prior_;
    out.static_w *= std::exp(x[0] * sd(0));
    out.knee *= std::exp(x[1] * sd(1));
    out.exponent *= std::exp(x[2] * sd(2));
    out.cap_use = cap_use_;
    return out;
  }
  double sd(std::size_t number) const { return std::sqrt(prior_.covariance[4 * number]); }

  bool residuals(std::span<const double> x, std::span<double> f) const {
    const Curve curve = curve_at(x);
    std::size_t next = 0;
    for (const Sweep* sweep : sweeps_) {
      const CapPoint& reference = sweep->points.back();
      for (std::size_t i = 0; i + 1 < sweep->points.size(); ++i) {
        const CapPoint& point = sweep->points[i];
        const Factors factors = at_cap(curve, reference.power_w, point.cap_w);
        f[next++] = flattened(std::log(factors.energy / (point.energy_j / reference.energy_j)) / kNoise);
        f[next++] = flattened(std::log(factors.time / (point.time_s / reference.time_s)) / kNoise);
      }
    }
    for (std::size_t i = 0; i < kNumbers; ++i) f[next++] = x[i];
    return std::ranges::all_of(f, [](double value) { return std::isfinite(value); });
  }

  bool evaluate(std::span<const double> x, std::span<double> f, std::span<double> jacobian) const {
    if (!residuals(x, f)) return false;
    if (jacobian.empty()) return true;
    std::vector<double> at(x.begin(), x.end()), there(f.size());
    for (std::size_t j = 0; j < kNumbers; ++j) {
      at[j] += kDifference;
      if (!residuals(at, there)) return false;
      at[j] = x[j];
      for (std::size_t i = 0; i < f.size(); ++i) jacobian[j * f.size() + i] = (there[i] - f[i]) / kDifference;
    }
    return true;
  }

  numerics::Problem problem() const {
    return {kNumbers, residuals_ + kNumbers,
            [this](auto x, auto f, auto jacobian) { return evaluate(x, f, jacobian); }};
  }

  std::array<double, 9> covariance_at(std::span<const double> x) const {
    const std::size_t rows = residuals_ + kNumbers;
    std::vector<double> f(rows), jacobian(rows * kNumbers);
    std::array<double, 9> out = prior_.covariance;
    if (!evaluate(x, f, jacobian)) return out;
    const std::vector<double> inverse =
        numerics::invert_spd(numerics::normal_matrix(jacobian, rows, kNumbers), kNumbers);
    for (std::size_t i = 0; i < kNumbers; ++i) {
      for (std::size_t j = 0; j < kNumbers; ++j) out[3 * i + j] = inverse[3 * i + j] * sd(i) * sd(j);
    }
    return out;
  }

  /// Of half of the power and below, as Factors scale it; from the median, so that single rows say little.
  double residual_sd(const Curve& curve) const {
    std::vector<double> scaled;
    for (const Sweep* sweep : sweeps_) {
      const CapPoint& reference = sweep->points.back();
      for (std::size_t i = 0; i + 1 < sweep->points.size(); ++i) {
        const CapPoint& point = sweep->points[i];
        const Factors factors = at_cap(curve, reference.power_w, point.cap_w);
        const double weight = std::min(1.0, 2 * (1 - factors.power));
        if (weight < 0.2) continue;
        scaled.push_back(std::abs(std::log(factors.energy * reference.energy_j / point.energy_j)) / weight);
      }
    }
    constexpr double kMedianToSd = 1.4826;
    return scaled.empty() ? 0 : kMedianToSd * numerics::median(scaled);
  }

  std::span<const Sweep* const> sweeps_;
  Curve prior_;
  double cap_use_;
  std::size_t residuals_ = 0;
};

void divide(table::Row& row, const Factors& factors) {
  table::Results& r = row.results;
  for (double* energy : {&r.prefill_energy_j, &r.decode_energy_j, &r.total_energy_j,
                         &r.energy_per_out_token_j, &r.energy_per_request_j})
    *energy /= factors.energy;
  for (double* time : {&r.prefill_time_s, &r.decode_time_s, &r.total_time_s, &r.ttft_s, &r.tpot_s})
    *time /= factors.time;
  r.avg_power_w /= factors.power;
  r.throughput_tok_s *= factors.time;
}

/// Median power of one GPU over the rows.
double usual_power(const table::Group& group) {
  std::vector<double> watts;
  for (const table::Row& row : group.rows) {
    if (known(row.results.avg_power_w)) watts.push_back(row.results.avg_power_w / row.config.layout.gpus());
  }
  return watts.empty() ? kUnknown : numerics::median(watts);
}

}  // namespace

std::vector<Sweep> sweeps(std::span<const table::Group> groups) {
  std::map<LoadKey, std::map<double, Sums>> loads;
  std::map<LoadKey, const table::Group*> names;
  for (const table::Group& group : groups) {
    const double cap = cap_of(group.identity);
    if (!known(cap)) continue;
    for (const table::Row& row : group.rows) {
      const LoadKey key = key_of(group, row);
      Sums one;
      if (!add(row, one)) continue;
      add(row, loads[key][cap]);
      names.try_emplace(key, &group);
    }
  }
  std::vector<Sweep> out;
  for (const auto& [key, by_cap] : loads) {
    if (by_cap.size() < 2) continue;
    const table::GroupIdentity& identity = names.at(key)->identity;
    out.push_back({identity["gpu"], identity["model"], points_of(by_cap)});
  }
  return out;
}

Curve fit_curve(std::span<const Sweep* const> sweeps, double tdp_w) {
  return CurveFit(sweeps, tdp_w).run();
}

std::vector<GpuCurve> fit_curves(std::span<const Sweep> sweeps, const hardware::Catalogue& catalogue) {
  std::map<std::string, std::vector<const Sweep*>> by_gpu;
  for (const Sweep& sweep : sweeps) by_gpu[sweep.gpu].push_back(&sweep);
  std::vector<GpuCurve> out;
  for (const auto& [gpu, own] : by_gpu) {
    const hardware::Gpu* const entry = catalogue.find_gpu(gpu);
    double tdp_w = entry ? entry->tdp_w.value : kUnknown, points = 0;
    for (const Sweep* sweep : own) {
      points += static_cast<double>(sweep->points.size());
      if (!entry) tdp_w = std::max(known(tdp_w) ? tdp_w : 0, sweep->points.back().cap_w);
    }
    out.push_back({gpu, fit_curve(own, tdp_w), own.size(), static_cast<std::size_t>(points)});
  }
  return out;
}

std::vector<table::Group> joined(std::vector<table::Group> groups, std::span<const GpuCurve> curves) {
  using Family = std::vector<std::pair<std::string, std::string>>;
  std::map<Family, std::vector<std::size_t>> families;
  for (std::size_t g = 0; g < groups.size(); ++g) families[family(groups[g].identity)].push_back(g);
  std::vector<bool> taken(groups.size());
  for (auto& [key, members] : families) {
    std::erase_if(members, [&](std::size_t g) { return !known(cap_of(groups[g].identity)); });
    const auto curve = members.size() < 2 ? curves.end()
                                          : std::ranges::find(curves, groups[members.front()].identity["gpu"],
                                                              &GpuCurve::gpu);
    if (curve == curves.end()) continue;
    const std::size_t top =
        *std::ranges::max_element(members, {}, [&](std::size_t g) { return cap_of(groups[g].identity); });
    const double reference_w = usual_power(groups[top]);
    if (!known(reference_w)) continue;
    for (const std::size_t g : members) {
      if (g == top) continue;
      const Factors factors = at_cap(curve->curve, reference_w, cap_of(groups[g].identity));
      for (table::Row& row : groups[g].rows) {
        divide(row, factors);
        groups[top].rows.push_back(std::move(row));
      }
      taken[g] = true;
    }
  }
  std::vector<table::Group> out;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (!taken[g]) out.push_back(std::move(groups[g]));
  }
  return out;
}

}  // namespace energylens::powercap
