// SPDX-License-Identifier: Apache-2.0
#include "energylens/core/quantity.hpp"

using namespace energylens;

void f(Joules energy, Watts power, Seconds time) {
#ifdef REFUSED
  energy = energy / power, (void)time;
#else
  energy = power * time;
#endif
}
