// SPDX-License-Identifier: Apache-2.0
// small_suites.cpp: short formulas that others test with, all without units. The systems of Strogatz are the
// two derivatives of each, over a box of states instead of along trajectories, on which states nearly depend
// on each other.
#include <string_view>

#include "recovery/known.hpp"

namespace energylens::recovery {
namespace {

struct Row {
  std::string_view name, formula, inputs;
};

constexpr Row kNguyen[] = {
    {"Nguyen-1", "x^3 + x^2 + x", "x -1 1"},
    {"Nguyen-2", "x^4 + x^3 + x^2 + x", "x -1 1"},
    {"Nguyen-3", "x^5 + x^4 + x^3 + x^2 + x", "x -1 1"},
    {"Nguyen-4", "x^6 + x^5 + x^4 + x^3 + x^2 + x", "x -1 1"},
    {"Nguyen-5", "sin(x^2)*cos(x) - 1", "x -1 1"},
    {"Nguyen-6", "sin(x) + sin(x + x^2)", "x -1 1"},
    {"Nguyen-7", "log(x + 1) + log(x^2 + 1)", "x 0 2"},
    {"Nguyen-8", "sqrt(x)", "x 0 4"},
    {"Nguyen-9", "sin(x) + sin(y^2)", "x 0 1, y 0 1"},
    {"Nguyen-10", "2*sin(x)*cos(y)", "x 0 1, y 0 1"},
    {"Nguyen-11", "x^y", "x 0 1, y 0 1"},
    {"Nguyen-12", "x^4 - x^3 + y^2/2 - y", "x 0 1, y 0 1"},
};

constexpr Row kStrogatz[] = {
    {"bacterial-respiration-x", "20 - x - x*y/(1 + 0.5*x^2)", "x 0 20, y 0 20"},
    {"bacterial-respiration-y", "10 - x*y/(1 + 0.5*x^2)", "x 0 20, y 0 20"},
    {"bar-magnets-x", "0.5*sin(x - y) - sin(x)", "x 0 6.28, y 0 6.28"},
    {"bar-magnets-y", "0.5*sin(y - x) - sin(y)", "x 0 6.28, y 0 6.28"},
    {"glider-x", "-0.05*x^2 - sin(y)", "x 1 10, y 0 6.28"},
    {"glider-y", "x - cos(y)/x", "x 1 10, y 0 6.28"},
    {"lotka-volterra-x", "3*x - 2*x*y - x^2", "x 0 8, y 0 8"},
    {"lotka-volterra-y", "2*y - x*y - y^2", "x 0 8, y 0 8"},
    {"predator-prey-x", "x*(4 - x - y/(1 + x))", "x 0 8, y 0 8"},
    {"predator-prey-y", "y*(x/(1 + x) - 0.075*y)", "x 0 8, y 0 8"},
    {"shear-flow-x", "cos(y)/sin(y)*cos(x)", "x 0.2 2.9, y 0.2 2.9"},
    {"shear-flow-y", "(cos(y)^2 + 0.1*sin(y)^2)*sin(x)", "x 0.2 2.9, y 0.2 2.9"},
    {"van-der-pol-x", "10*(y - (x^3 - x)/3)", "x -2 2, y -2 2"},
    {"van-der-pol-y", "-x/10", "x -2 2, y -2 2"},
};

// Who found it; the constants as numbers, in the units that it was found in.
constexpr Row kLaws[] = {
    {"Hubble", "70*d", "d 1 500"},
    {"Kepler", "d^1.5", "d 0.3 40"},
    {"Newton", "6.67*m1*m2/r^2", "m1 1 10, m2 1 10, r 1 10"},
    {"Planck", "2*f^3/(exp(f/T) - 1)", "f 1 10, T 1 5"},
    {"Leavitt", "-2.43*log(P)/log(10) - 1.43", "P 1 100"},
    {"Schechter", "0.02*L^-1.25*exp(-L)", "L 0.05 4"},
    {"Bode", "0.4 + 0.3*2^n", "n 0 7"},
    {"ideal-gas", "8.314*n*T/V", "n 1 10, T 200 400, V 1 10"},
    {"Rydberg", "1/(10.97*(1/n1^2 - 1/n2^2))", "n1 1 3, n2 4 9"},
};

Unit none(std::string_view) {
  return {};
}

std::vector<Known> known(std::span<const Row> rows) {
  std::vector<Known> out;
  for (const Row& row : rows) {
    Known one;
    one.name = row.name;
    one.formula = row.formula;
    one.inputs = read_inputs(row.inputs, none);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

std::vector<Known> nguyen() {
  return known(kNguyen);
}

std::vector<Known> strogatz() {
  return known(kStrogatz);
}

std::vector<Known> empirical() {
  return known(kLaws);
}

}  // namespace energylens::recovery
