// SPDX-License-Identifier: Apache-2.0
#include "energylens/core/quantity.hpp"

using namespace energylens;

void f(Joules energy, Watts power, Seconds time) {
#ifdef REFUSED
  const double plain = energy;
  (void)plain, (void)power, (void)time;
#else
  const double plain = energy.value();
  (void)plain, (void)power, (void)time;
#endif
}
