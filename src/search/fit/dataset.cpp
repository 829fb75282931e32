// SPDX-License-Identifier: Apache-2.0
// Tested by tests/discovery/measurements_test.cpp and tests/search/fit/fit_test.cpp.
#include "search/fit/dataset.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"
#include "expr/program.hpp"

namespace energylens::search {
namespace {

std::vector<std::size_t> rows_by_group(const Problem& problem) {
  std::vector<std::size_t> order(problem.rows());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return problem.group_of(a) < problem.group_of(b); });
  return order;
}

std::vector<double> picked(const std::vector<double>& values, const std::vector<std::size_t>& order) {
  std::vector<double> out;
  out.reserve(order.size());
  for (const std::size_t i : order) out.push_back(values[i]);
  return out;
}

std::vector<double> evaluated(const expr::Expr& e, const Problem& problem,
                              const std::vector<std::vector<double>>& columns, std::size_t points) {
  std::vector<std::string> names;
  std::vector<std::span<const double>> spans;
  for (std::size_t i = 0; i < problem.inputs.size(); ++i) {
    names.push_back(problem.inputs[i].name);
    spans.emplace_back(columns[i]);
  }
  std::vector<double> out(points);
  expr::Workspace workspace;
  expr::Program(e, names).evaluate(spans, {}, out, workspace);
  for (const double value : out) {
    if (!std::isfinite(value))
      throw Error::bad_input({"form", 0, {}}, "its given factors are not finite at every point");
  }
  return out;
}

/// Selection sampling: every subset of a group is equally likely.
std::vector<std::size_t> some_rows(const Dataset& dataset, std::size_t wanted,
                                   std::vector<std::size_t>& group_begin) {
  constexpr std::size_t kLeastOfGroup = 16;
  std::vector<std::size_t> out;
  Rng rng(1);
  for (std::size_t g = 0; g < dataset.groups; ++g) {
    group_begin.push_back(out.size());
    const std::size_t begin = dataset.group_begin[g], end = dataset.group_begin[g + 1], n = end - begin;
    std::size_t needed = std::min(n, std::max(kLeastOfGroup, (wanted * n + dataset.rows - 1) / dataset.rows));
    for (std::size_t row = begin; row < end; ++row) {
      if (rng.below(end - row) >= needed) continue;
      out.push_back(row);
      --needed;
    }
  }
  group_begin.push_back(out.size());
  return out;
}

}  // namespace

Dataset::Dataset(const Problem& problem, const Form& form, Loss wanted)
    : rows(problem.rows()), points(problem.points()), groups(problem.group_count()), loss(wanted) {
  original_row = rows_by_group(problem);
  target = picked(problem.target, original_row);
  weight = problem.weights.empty() ? std::vector<double>(rows, 1.0) : picked(problem.weights, original_row);
  const double total = std::accumulate(weight.begin(), weight.end(), 0.0);
  for (double& w : weight) w /= total;
  const double spread = standard_deviation(problem.target);
  for (const double y : target) scale.push_back(loss == Loss::absolute ? 1 / spread : 1 / y);
  if (known(problem.noise_sd)) noise_sd = problem.noise_sd * (loss == Loss::absolute ? 1 / spread : 1);
  group_begin.assign(groups + 1, rows);
  for (std::size_t i = rows; i-- > 0;) group_begin[problem.group_of(original_row[i])] = i;

  const bool rows_are_points = problem.shares.empty();
  for (const Input& input : problem.inputs) {
    columns.push_back(rows_are_points ? picked(input.values, original_row) : input.values);
    const std::vector<double>& column = columns.back();
    positive.push_back(std::all_of(column.begin(), column.end(), [](double v) { return v > 0; }));
    logs.emplace_back();
    if (positive.back()) {
      for (const double v : column) logs.back().push_back(std::log(v));
    }
  }
  if (!rows_are_points) {
    std::vector<std::size_t> begin(rows + 1, 0);
    for (const Share& share : problem.shares) ++begin[share.row + 1];
    std::partial_sum(begin.begin(), begin.end(), begin.begin());
    for (const std::size_t row : original_row) {
      share_begin.push_back(shares.size());
      for (std::size_t s = begin[row]; s < begin[row + 1]; ++s) shares.push_back(problem.shares[s]);
    }
    share_begin.push_back(shares.size());
  }
  for (const FormPart& part : form.parts) {
    const bool one = part.multiplier.is_constant(1);
    multipliers.push_back(one ? std::vector<double>() : evaluated(part.multiplier, problem, columns, points));
  }
  if (!form.given.is_constant(0)) {
    const std::vector<double> at_points = evaluated(form.given, problem, columns, points);
    given.resize(rows);
    add_up(at_points.data(), given.data());
  }
}

void Dataset::add_up(const double* at_points, double* out) const {
  if (direct()) {
    if (out != at_points) std::copy_n(at_points, rows, out);
    return;
  }
  for (std::size_t row = 0; row < rows; ++row) {
    double sum = 0;
    for (std::size_t s = share_begin[row]; s < share_begin[row + 1]; ++s) {
      sum += shares[s].weight * at_points[shares[s].point];
    }
    out[row] = sum;
  }
}

double standard_deviation(const std::vector<double>& values) {
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  double sum = 0;
  for (const double v : values) sum += (v - mean) * (v - mean);
  return std::sqrt(sum / static_cast<double>(values.size()));
}

Dataset thinned(const Dataset& dataset, std::size_t rows) {
  Dataset out;
  const std::vector<std::size_t> kept = some_rows(dataset, rows, out.group_begin);
  std::vector<std::size_t> points = kept;
  if (!dataset.direct()) {
    points.clear();
    std::vector<std::size_t> place(dataset.points,
                                   dataset.points);  // new index of a point; dataset.points: not used yet
    for (const std::size_t row : kept) {
      out.share_begin.push_back(out.shares.size());
      for (std::size_t s = dataset.share_begin[row]; s < dataset.share_begin[row + 1]; ++s) {
        Share share = dataset.shares[s];
        std::size_t& at = place[share.point];
        if (at == dataset.points) {
          at = points.size();
          points.push_back(share.point);
        }
        share.point = at;
        out.shares.push_back(share);
      }
    }
    out.share_begin.push_back(out.shares.size());
  }
  const auto by_point = [&](const std::vector<std::vector<double>>& all,
                            std::vector<std::vector<double>>& to) {
    for (const std::vector<double>& values : all)
      to.push_back(values.empty() ? std::vector<double>() : picked(values, points));
  };
  by_point(dataset.columns, out.columns);
  by_point(dataset.logs, out.logs);
  by_point(dataset.multipliers, out.multipliers);
  if (!dataset.given.empty()) out.given = picked(dataset.given, kept);
  out.target = picked(dataset.target, kept);
  out.weight = picked(dataset.weight, kept);
  const double total = std::accumulate(out.weight.begin(), out.weight.end(), 0.0);
  for (double& w : out.weight) w /= total;
  out.scale = picked(dataset.scale, kept);
  for (const std::size_t row : kept) out.original_row.push_back(dataset.original_row[row]);
  out.positive = dataset.positive;
  out.rows = kept.size();
  out.points = points.size();
  out.groups = dataset.groups;
  out.loss = dataset.loss;
  out.noise_sd = dataset.noise_sd;
  return out;
}

}  // namespace energylens::search
