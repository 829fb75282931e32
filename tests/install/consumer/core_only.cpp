// SPDX-License-Identifier: Apache-2.0
#include <energylens/core/quantity.hpp>
#include <energylens/core/rng.hpp>

int main() {
  const energylens::Watts power = energylens::Joules(2100) / energylens::Seconds(3);
  return power.value() == 700 && energylens::shuffled_order(1, 8).size() == 8 ? 0 : 1;
}
