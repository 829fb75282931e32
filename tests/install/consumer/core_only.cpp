// SPDX-License-Identifier: Apache-2.0
#include <energylens/core/rng.hpp>
#include <energylens/core/unit.hpp>

int main() {
  const energylens::Unit power = energylens::parse_unit("J") / energylens::parse_unit("s");
  return energylens::unit_text(power) == "W" && energylens::shuffled_order(1, 8).size() == 8 ? 0 : 1;
}
