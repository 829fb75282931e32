// SPDX-License-Identifier: Apache-2.0
#include "meter/clock.hpp"

#include <chrono>

namespace energylens::meter {

double unix_now_s() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

double steady_now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Reading reading_now() {
  Reading reading;
  reading.time_s = unix_now_s();
  reading.steady_s = steady_now_s();
  return reading;
}

}  // namespace energylens::meter
