// SPDX-License-Identifier: Apache-2.0
#include "design/loads.hpp"

#include <algorithm>
#include <cmath>

namespace energylens::design {
namespace {

bool limited(const table::Load& load) {
  return load.kind == table::RowKind::steady && known(load.max_batch);
}

double requests(const table::Load& load) {
  return limited(load) ? load.max_batch : load.batch;
}

double log_ratio(double a, double b) {
  return known(a) && known(b) ? std::abs(std::log(std::max(a, 1.0) / std::max(b, 1.0))) : 0;
}

}  // namespace

LoadKey key_of(const table::Load& load) {
  const auto number = [](double value) { return known(value) ? value : -1; };
  if (limited(load)) return {1, load.max_batch};
  return {load.kind == table::RowKind::job ? 0.0 : 2.0,
          number(load.batch),
          number(load.isl),
          number(load.osl),
          number(load.image_tokens),
          number(load.cached_tokens),
          number(load.accepted_per_step)};
}

double log_distance(const table::Load& a, const table::Load& b) {
  const double apart = log_ratio(requests(a), requests(b));
  if (limited(a) && limited(b)) return apart;
  return apart + log_ratio(a.osl, b.osl) + log_ratio(a.isl, b.isl);
}

}  // namespace energylens::design
