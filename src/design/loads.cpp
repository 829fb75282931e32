// SPDX-License-Identifier: Apache-2.0
#include "design/loads.hpp"

#include <algorithm>
#include <cmath>

namespace energylens::design {
namespace {

bool limited(const table::Load& load) {
  return load.kind == table::RowKind::steady && known(load.server_limit());
}

double requests(const table::Load& load) {
  return limited(load) ? load.server_limit() : load.batch;
}

double log_ratio(double a, double b) {
  return known(a) && known(b) ? std::abs(std::log(std::max(a, 1.0) / std::max(b, 1.0))) : 0;
}

}  // namespace

LoadKey key_of(const table::Load& load) {
  const auto number = [](double value) { return known(value) ? value : -1; };
  if (limited(load)) {
    // Where isl is stated, lengths tell loads apart; elsewhere they are means that scatter.
    return known(load.isl) ? LoadKey{1, load.server_limit(), load.isl, load.osl}
                           : LoadKey{1, load.server_limit()};
  }
  return {load.kind == table::RowKind::job ? 0.0 : 2.0,
          number(load.batch),
          number(load.isl),
          number(load.osl),
          number(load.image_tokens),
          number(load.cached_tokens),
          number(load.accepted_per_step),
          number(load.drafted_per_step)};
}

double log_distance(const table::Load& a, const table::Load& b) {
  const double apart = log_ratio(requests(a), requests(b));
  if (limited(a) && limited(b) && !(known(a.isl) && known(b.isl))) return apart;
  return apart + log_ratio(a.osl, b.osl) + log_ratio(a.isl, b.isl);
}

}  // namespace energylens::design
