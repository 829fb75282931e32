// SPDX-License-Identifier: Apache-2.0
#include "energylens/core/quantity.hpp"

using namespace energylens;

void f(Joules energy, Watts power, Seconds time) {
#ifdef REFUSED
  energy = 3.0, (void)power, (void)time;
#else
  energy = Joules(3), (void)power, (void)time;
#endif
}
