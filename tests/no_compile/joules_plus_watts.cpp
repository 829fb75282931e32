// SPDX-License-Identifier: Apache-2.0
#include "energylens/core/quantity.hpp"

using namespace energylens;

void f(Joules energy, Watts power, Seconds time) {
#ifdef REFUSED
  (void)(energy + power), (void)time;
#else
  (void)(energy + power * time);
#endif
}
