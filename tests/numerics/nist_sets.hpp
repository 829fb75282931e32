// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cmath>
#include <span>
#include <string_view>
#include <vector>

namespace energylens::numerics {

/// One nonlinear set of the NIST Statistical Reference Datasets (https://www.itl.nist.gov/div898/strd/nls):
/// its data, its model, the certified parameters and sum of squares, and the two published starting points.
struct NistSet {
  std::string_view name;
  std::vector<double> x, y;
  std::vector<double> certified;
  double sum_of_squares;
  std::array<std::vector<double>, 2> starts;
  double (*value)(double x, std::span<const double> b);
  void (*gradient)(double x, std::span<const double> b, std::span<double> g);
};

// Both Misra1a and BoxBOD are b1 (1 - exp(-b2 x)).
inline double saturation(double x, std::span<const double> b) {
  return b[0] * (1 - std::exp(-b[1] * x));
}
inline void saturation_gradient(double x, std::span<const double> b, std::span<double> g) {
  g[0] = 1 - std::exp(-b[1] * x);
  g[1] = b[0] * x * std::exp(-b[1] * x);
}

inline double logistic(double x, std::span<const double> b) {
  return b[0] / (1 + std::exp(b[1] - b[2] * x));
}
inline void logistic_gradient(double x, std::span<const double> b, std::span<double> g) {
  const double e = std::exp(b[1] - b[2] * x), d = 1 + e;
  g[0] = 1 / d;
  g[1] = -b[0] * e / (d * d);
  g[2] = b[0] * e * x / (d * d);
}

struct CubicRatio {
  double numerator, denominator;
  CubicRatio(double x, std::span<const double> b)
      : numerator(b[0] + x * (b[1] + x * (b[2] + x * b[3]))),
        denominator(1 + x * (b[4] + x * (b[5] + x * b[6]))) {}
};
inline double cubic_ratio(double x, std::span<const double> b) {
  const CubicRatio r(x, b);
  return r.numerator / r.denominator;
}
inline void cubic_ratio_gradient(double x, std::span<const double> b, std::span<double> g) {
  const CubicRatio r(x, b);
  const double down = -r.numerator / (r.denominator * r.denominator);
  for (int k = 0; k < 4; ++k) g[k] = std::pow(x, k) / r.denominator;
  for (int k = 1; k < 4; ++k) g[3 + k] = std::pow(x, k) * down;
}

inline std::vector<NistSet> nist_sets() {
  return {
      {"Misra1a",
       {77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0},
       {10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78},
       {2.3894212918e+02, 5.5015643181e-04},
       1.2455138894e-01,
       {{{500, 0.0001}, {250, 0.0005}}},
       saturation,
       saturation_gradient},
      {"BoxBOD",
       {1, 2, 3, 5, 7, 10},
       {109, 149, 149, 191, 213, 224},
       {2.1380940889e+02, 5.4723748542e-01},
       1.1680088766e+03,
       {{{1, 1}, {100, 0.75}}},
       saturation,
       saturation_gradient},
      {"Rat42",
       {9, 14, 21, 28, 42, 57, 63, 70, 79},
       {8.930, 10.800, 18.590, 22.330, 39.350, 56.110, 61.730, 64.620, 67.080},
       {7.2462237576e+01, 2.6180768402e+00, 6.7359200066e-02},
       8.0565229338e+00,
       {{{100, 1, 0.1}, {75, 2.5, 0.07}}},
       logistic,
       logistic_gradient},
      {"Thurber",
       {-3.067, -2.981, -2.921, -2.912, -2.840, -2.797, -2.702, -2.699, -2.633, -2.481,
        -2.363, -2.322, -1.501, -1.460, -1.274, -1.212, -1.100, -1.046, -0.915, -0.714,
        -0.566, -0.545, -0.400, -0.309, -0.109, -0.103, 0.010,  0.119,  0.377,  0.790,
        0.963,  1.006,  1.115,  1.572,  1.841,  2.047,  2.200},
       {80.574,   84.248,   87.264,   87.195,   89.076,   89.608,   89.868,   90.101,   92.405,   95.854,
        100.696,  101.060,  401.672,  390.724,  567.534,  635.316,  733.054,  759.087,  894.206,  990.785,
        1090.109, 1080.914, 1122.643, 1178.351, 1260.531, 1273.514, 1288.339, 1327.543, 1353.863, 1414.509,
        1425.208, 1421.384, 1442.962, 1464.350, 1468.705, 1447.894, 1457.628},
       {1.2881396800e+03, 1.4910792535e+03, 5.8323836877e+02, 7.5416644291e+01, 9.6629502864e-01,
        3.9797285797e-01, 4.9727297349e-02},
       5.6427082397e+03,
       {{{1000, 1000, 400, 40, 0.7, 0.3, 0.03}, {1300, 1500, 500, 75, 1, 0.4, 0.05}}},
       cubic_ratio,
       cubic_ratio_gradient},
  };
}

}  // namespace energylens::numerics
