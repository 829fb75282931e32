// SPDX-License-Identifier: Apache-2.0
#include "discover_report.hpp"

#include <algorithm>
#include <cmath>

#include "energylens/core/rounded_text.hpp"
#include "output.hpp"

namespace energylens::cli {
namespace {

std::string front_table(const search::Front& front) {
  TextTable table("lrrrrrl", {"pick", "complexity", "error", "left out", "unseen", "score", "formula"});
  for (const search::Formula& f : front.formulas) {
    table.add({f.chosen ? ">>>>" : "", rounded_text(f.complexity), percent_text(std::sqrt(f.loss)),
               percent_text(f.cv_mape), percent_text(f.test_mape), rounded_text(f.score), f.text()});
  }
  return table.text();
}

}  // namespace

std::string status_text(const search::Status& status) {
  constexpr std::size_t kMost = 6;
  std::string text = rounded_text(static_cast<double>(status.evaluations), 12) + " formulas, " +
                     rounded_text(status.formulas_per_s) + "/s";
  if (std::isfinite(status.seconds_left))
    text += ", " + rounded_text(std::max(0.0, status.seconds_left)) + " s left";
  const std::size_t count = status.best.size();
  for (std::size_t i = count > kMost ? count - kMost : 0; i < count; ++i) {
    const search::Status::Best& best = status.best[i];
    text += (i == 0 || i + kMost == count ? "; " : ", ") + rounded_text(best.complexity) + ": " +
            percent_text(std::sqrt(best.loss));
  }
  return text;
}

std::string report(const search::Front& front, const search::Problem& problem, const std::string& format) {
  if (format == "json") return front_json(front, problem);
  return format == "csv" ? hall_of_fame_csv(front) : front_table(front);
}

}  // namespace energylens::cli
