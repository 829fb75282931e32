// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <compare>

namespace energylens {

/// A number of joules^J seconds^S. Dimensional arithmetic only: what has no meaning, such as joules + watts,
/// does not compile, and no plain number becomes a quantity by itself. A ratio of like quantities is a plain
/// number.
template <int J, int S>
class Quantity {
 public:
  constexpr Quantity() = default;
  constexpr explicit Quantity(double value) : value_(value) {}
  constexpr double value() const { return value_; }  ///< in SI units

  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.value_ + b.value_); }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity(a.value_ - b.value_); }
  friend constexpr Quantity operator-(Quantity a) { return Quantity(-a.value_); }
  friend constexpr Quantity operator*(Quantity a, double factor) { return Quantity(a.value_ * factor); }
  friend constexpr Quantity operator*(double factor, Quantity a) { return Quantity(factor * a.value_); }
  friend constexpr Quantity operator/(Quantity a, double divisor) { return Quantity(a.value_ / divisor); }
  constexpr Quantity& operator+=(Quantity other) { return *this = *this + other; }
  friend constexpr auto operator<=>(const Quantity&, const Quantity&) = default;

 private:
  double value_ = 0;
};

/// The quantity of these dimensions; a plain double once none is left.
template <int J, int S>
constexpr auto make_quantity(double value) {
  if constexpr (J == 0 && S == 0) {
    return value;
  } else {
    return Quantity<J, S>(value);
  }
}

template <int J, int S, int K, int T>
constexpr auto operator*(Quantity<J, S> a, Quantity<K, T> b) {
  return make_quantity<J + K, S + T>(a.value() * b.value());
}

template <int J, int S, int K, int T>
constexpr auto operator/(Quantity<J, S> a, Quantity<K, T> b) {
  return make_quantity<J - K, S - T>(a.value() / b.value());
}

using Joules = Quantity<1, 0>;
using Seconds = Quantity<0, 1>;
using Watts = Quantity<1, -1>;

}  // namespace energylens
