// SPDX-License-Identifier: Apache-2.0
// feynman.cpp: equations of physics with what they mean in units. Numbers of the rows are those of the
// Feynman Lectures (volume, chapter, equation), as counted by Udrescu and Tegmark (2020), whose ranges these
// are too; t1 to t20 are their further equations from Goldstein, Jackson, Weinberg and Schwartz. An input
// without a range is sampled from 1 to 5. A symbol has the same unit wherever it occurs; where the published
// unit of a symbol does not fit its equation (mu_drift), ours is the one that does.
#include <algorithm>
#include <array>
#include <string_view>

#include "energylens/core/error.hpp"
#include "recovery/known.hpp"

namespace energylens::recovery {
namespace {

struct Symbols {
  std::string_view unit, names;  // names between blanks
};

constexpr Symbols kSymbols[] = {
    {"1", " alpha beta chi delta f g_ gamma k_f mu n n_0 prob sigma theta theta1 theta2 Z_1 Z_2 "},
    {"m", " d d1 d2 foc lambd r r1 r2 x x1 x2 x3 y y1 y2 y3 z z1 z2 "},
    {"m^2", " A "},
    {"m^3", " V V1 V2 "},
    {"1/m", " k "},
    {"1/m^3", " n_rho "},
    {"s", " t t1 "},
    {"1/s", " omega omega_0 H_G "},
    {"m/s", " c u v w v1 "},
    {"m/s^2", " a g "},
    {"kg", " m m_0 m1 m2 "},
    {"kg/m^3", " rho rho_0 "},

    {"s/kg", " mob mu_drift "},
    {"kg m/s", " p "},
    {"kg m/s^2", " F Nn "},
    {"kg m^2/s", " h hbar L Jz "},
    {"kg m^2/s^2", " E_n K U tau "},
    {"kg m^2/s^3", " Pwr "},
    {"kg/s^2", " k_spring L_rad "},
    {"kg/s^3", " flux I1 I2 Int Int_0 "},
    {"kg/(m s^2)", " E_den mu_S pr Y "},
    {"m^3/(kg s^2)", " G "},
    {"kg m^3/s^2", " k_G "},
    {"m^2/s", " D "},
    {"K", " T T1 T2 "},
    {"kg m^2/(s^2 K)", " kb "},
    {"kg m/(s^3 K)", " kappa "},
    {"V", " Volt "},
    {"V/m", " Ef "},
    {"V s/m^2", " B Bx By Bz H "},
    {"V s/m", " A_vec "},
    {"kg m^2/(s^2 V)", " q q1 q2 "},
    {"kg m^2/(s^2 V^2)", " C "},
    {"kg m^2/(s^3 V)", " I I_0 "},
    {"kg/(s^3 V)", " j "},
    {"kg m/(s^2 V^2)", " epsilon "},
    {"kg/(m s^2 V)", " rho_c rho_c_0 "},
    {"kg/(s^2 V)", " Pol sigma_den "},
    {"kg m/(s^3 V)", " M "},
    {"kg m^3/(s^2 V)", " p_d "},
    {"kg m^4/(s^3 V)", " mom "},
};

Unit unit_of(std::string_view name) {
  const std::string word = ' ' + std::string(name) + ' ';
  const auto has = [&](const Symbols& s) { return s.names.find(word) != s.names.npos; };
  const auto found = std::find_if(std::begin(kSymbols), std::end(kSymbols), has);
  if (found == std::end(kSymbols)) throw Error::bad_input({}, "no unit is known of " + std::string(name));
  return physical_unit(found->unit);
}

struct Row {
  std::string_view name, target, formula, inputs;
};

constexpr Row kRows[] = {
    {"I.6.20a", "f", "exp(-theta^2/2)/sqrt(2*pi)", "theta 1 3"},
    {"I.6.20", "f", "exp(-(theta/sigma)^2/2)/(sqrt(2*pi)*sigma)", "sigma 1 3, theta 1 3"},
    {"I.6.20b", "f", "exp(-((theta - theta1)/sigma)^2/2)/(sqrt(2*pi)*sigma)",
     "sigma 1 3, theta 1 3, theta1 1 3"},
    {"I.8.14", "d", "sqrt((x2 - x1)^2 + (y2 - y1)^2)", "x1, x2, y1, y2"},
    {"I.9.18", "F", "G*m1*m2/((x2 - x1)^2 + (y2 - y1)^2 + (z2 - z1)^2)",
     "m1 1 2, m2 1 2, G 1 2, x1 3 4, x2 1 2, y1 3 4, y2 1 2, z1 3 4, z2 1 2"},
    {"I.10.7", "m", "m_0/sqrt(1 - v^2/c^2)", "m_0, v 1 2, c 3 10"},
    {"I.11.19", "A", "x1*y1 + x2*y2 + x3*y3", "x1, x2, x3, y1, y2, y3"},
    {"I.12.1", "F", "mu*Nn", "mu, Nn"},
    {"I.12.2", "F", "q1*q2*r/(4*pi*epsilon*r^3)", "q1, q2, epsilon, r"},
    {"I.12.4", "Ef", "q1*r/(4*pi*epsilon*r^3)", "q1, epsilon, r"},
    {"I.12.5", "F", "q2*Ef", "q2, Ef"},
    {"I.12.11", "F", "q*(Ef + B*v*sin(theta))", "q, Ef, B, v, theta"},
    {"I.13.4", "K", "1/2*m*(v^2 + u^2 + w^2)", "m, v, u, w"},
    {"I.13.12", "U", "G*m1*m2*(1/r2 - 1/r1)", "m1, m2, r1, r2, G"},
    {"I.14.3", "U", "m*g*z", "m, g, z"},
    {"I.14.4", "U", "1/2*k_spring*x^2", "k_spring, x"},
    {"I.15.3x", "x1", "(x - u*t)/sqrt(1 - u^2/c^2)", "x 5 10, u 1 2, c 3 20, t 1 2"},
    {"I.15.3t", "t1", "(t - u*x/c^2)/sqrt(1 - u^2/c^2)", "x, c 3 10, u 1 2, t"},
    {"I.15.10", "p", "m_0*v/sqrt(1 - v^2/c^2)", "m_0, v 1 2, c 3 10"},
    {"I.16.6", "v1", "(u + v)/(1 + u*v/c^2)", "c, v, u"},
    {"I.18.4", "r", "(m1*r1 + m2*r2)/(m1 + m2)", "m1, m2, r1, r2"},
    {"I.18.12", "tau", "r*F*sin(theta)", "r, F, theta 0 5"},
    {"I.18.14", "L", "m*r*v*sin(theta)", "m, r, v, theta"},
    {"I.24.6", "E_n", "1/2*m*(omega^2 + omega_0^2)*1/2*x^2", "m 1 3, omega 1 3, omega_0 1 3, x 1 3"},
    {"I.25.13", "Volt", "q/C", "q, C"},
    {"I.26.2", "theta1", "asin(n*sin(theta2))", "n 0 1, theta2"},
    {"I.27.6", "foc", "1/(1/d1 + n/d2)", "d1, d2, n"},
    {"I.29.4", "k", "omega/c", "omega 1 10, c 1 10"},
    {"I.29.16", "x", "sqrt(x1^2 + x2^2 - 2*x1*x2*cos(theta1 - theta2))", "x1, x2, theta1, theta2"},
    {"I.30.3", "Int", "Int_0*sin(n*theta/2)^2/sin(theta/2)^2", "Int_0, theta, n"},
    {"I.30.5", "theta", "asin(lambd/(n*d))", "lambd 1 2, d 2 5, n"},
    {"I.32.5", "Pwr", "q^2*a^2/(6*pi*epsilon*c^3)", "q, a, epsilon, c"},
    {"I.32.17", "Pwr", "(1/2*epsilon*c*Ef^2)*(8*pi*r^2/3)*(omega^4/(omega^2 - omega_0^2)^2)",
     "epsilon 1 2, c 1 2, Ef 1 2, r 1 2, omega 1 2, omega_0 3 5"},
    {"I.34.8", "omega", "q*v*B/p", "q, v, B, p"},
    {"I.34.10", "omega", "omega_0/(1 - v/c)", "c 3 10, v 1 2, omega_0"},
    {"I.34.14", "omega", "(1 + v/c)/sqrt(1 - v^2/c^2)*omega_0", "c 3 10, v 1 2, omega_0"},
    {"I.34.27", "E_n", "h/(2*pi)*omega", "omega, h"},
    {"I.37.4", "Int", "I1 + I2 + 2*sqrt(I1*I2)*cos(delta)", "I1, I2, delta"},
    {"I.38.12", "r", "4*pi*epsilon*(h/(2*pi))^2/(m*q^2)", "m, q, h, epsilon"},
    {"I.39.10", "E_n", "3/2*pr*V", "pr, V"},
    {"I.39.11", "E_n", "1/(gamma - 1)*pr*V", "gamma 2 5, pr, V"},
    {"I.39.22", "pr", "n*kb*T/V", "n, T, V, kb"},
    {"I.40.1", "n", "n_0*exp(-m*g*x/(kb*T))", "n_0, m, x, T, g, kb"},
    {"I.41.16", "L_rad", "h/(2*pi)*omega^3/(pi^2*c^2*(exp(h/(2*pi)*omega/(kb*T)) - 1))",
     "omega, T, h, kb, c"},
    {"I.43.16", "v", "mu_drift*q*Volt/d", "mu_drift, q, Volt, d"},
    {"I.43.31", "D", "mob*kb*T", "mob, T, kb"},
    {"I.43.43", "kappa", "1/(gamma - 1)*kb*v/A", "gamma 2 5, kb, A, v"},
    {"I.44.4", "E_n", "n*kb*T*log(V2/V1)", "n, kb, T, V1, V2"},
    {"I.47.23", "c", "sqrt(gamma*pr/rho)", "gamma, pr, rho"},
    {"I.48.20", "E_n", "m*c^2/sqrt(1 - v^2/c^2)", "m, v 1 2, c 3 10"},
    {"I.50.26", "x", "x1*(cos(omega*t) + alpha*cos(omega*t)^2)", "x1 1 3, omega 1 3, t 1 3, alpha 1 3"},
    {"II.2.42", "Pwr", "kappa*(T2 - T1)*A/d", "kappa, T1, T2, A, d"},
    {"II.3.24", "flux", "Pwr/(4*pi*r^2)", "Pwr, r"},
    {"II.4.23", "Volt", "q/(4*pi*epsilon*r)", "q, epsilon, r"},
    {"II.6.11", "Volt", "1/(4*pi*epsilon)*p_d*cos(theta)/r^2", "epsilon 1 3, p_d 1 3, theta 1 3, r 1 3"},
    {"II.6.15a", "Ef", "p_d/(4*pi*epsilon)*3*z/r^5*sqrt(x^2 + y^2)",
     "epsilon 1 3, p_d 1 3, r 1 3, x 1 3, y 1 3, z 1 3"},
    {"II.6.15b", "Ef", "p_d/(4*pi*epsilon)*3*cos(theta)*sin(theta)/r^3",
     "epsilon 1 3, p_d 1 3, theta 1 3, r 1 3"},
    {"II.8.7", "E_n", "3/5*q^2/(4*pi*epsilon*d)", "q, epsilon, d"},
    {"II.8.31", "E_den", "epsilon*Ef^2/2", "epsilon, Ef"},
    {"II.10.9", "Ef", "sigma_den/epsilon*1/(1 + chi)", "sigma_den, epsilon, chi"},
    {"II.11.3", "x", "q*Ef/(m*(omega_0^2 - omega^2))", "q 1 3, Ef 1 3, m 1 3, omega_0 3 5, omega 1 2"},
    {"II.11.17", "n", "n_0*(1 + p_d*Ef*cos(theta)/(kb*T))",
     "n_0 1 3, kb 1 3, T 1 3, theta 1 3, p_d 1 3, Ef 1 3"},
    {"II.11.20", "Pol", "n_rho*p_d^2*Ef/(3*kb*T)", "n_rho, p_d, Ef, kb, T"},
    {"II.11.27", "Pol", "n*alpha/(1 - n*alpha/3)*epsilon*Ef", "n 0 1, alpha 0 1, epsilon 1 2, Ef 1 2"},
    {"II.11.28", "theta", "1 + n*alpha/(1 - n*alpha/3)", "n 0 1, alpha 0 1"},
    {"II.13.17", "B", "1/(4*pi*epsilon*c^2)*2*I/r", "epsilon, c, I, r"},
    {"II.13.23", "rho_c", "rho_c_0/sqrt(1 - v^2/c^2)", "rho_c_0, v 1 2, c 3 10"},
    {"II.13.34", "j", "rho_c_0*v/sqrt(1 - v^2/c^2)", "rho_c_0, v 1 2, c 3 10"},
    {"II.15.4", "E_n", "-mom*B*cos(theta)", "mom, B, theta"},
    {"II.15.5", "E_n", "-p_d*Ef*cos(theta)", "p_d, Ef, theta"},
    {"II.21.32", "Volt", "q/(4*pi*epsilon*r*(1 - v/c))", "q, epsilon, r, v 1 2, c 3 10"},
    {"II.24.17", "k", "sqrt(omega^2/c^2 - pi^2/d^2)", "omega 4 6, c 1 2, d 2 4"},
    {"II.27.16", "flux", "epsilon*c*Ef^2", "epsilon, c, Ef"},
    {"II.27.18", "E_den", "epsilon*Ef^2", "epsilon, Ef"},
    {"II.34.2a", "I", "q*v/(2*pi*r)", "q, v, r"},
    {"II.34.2", "mom", "q*v*r/2", "q, v, r"},
    {"II.34.11", "omega", "g_*q*B/(2*m)", "g_, q, B, m"},
    {"II.34.29a", "mom", "q*h/(4*pi*m)", "q, h, m"},
    {"II.34.29b", "E_n", "g_*mom*B*Jz/(h/(2*pi))", "g_, h, Jz, mom, B"},
    {"II.35.18", "n", "n_0/(exp(mom*B/(kb*T)) + exp(-mom*B/(kb*T)))",
     "n_0 1 3, kb 1 3, T 1 3, mom 1 3, B 1 3"},
    {"II.35.21", "M", "n_rho*mom*tanh(mom*B/(kb*T))", "n_rho, mom, B, kb, T"},
    {"II.36.38", "f", "mom*H/(kb*T) + mom*alpha/(epsilon*c^2*kb*T)*M",
     "mom 1 3, H 1 3, kb 1 3, T 1 3, alpha 1 3, epsilon 1 3, c 1 3, M 1 3"},
    {"II.37.1", "E_n", "mom*(1 + chi)*B", "mom, B, chi"},
    {"II.38.3", "F", "Y*A*x/d", "Y, A, d, x"},
    {"II.38.14", "mu_S", "Y/(2*(1 + sigma))", "Y, sigma"},
    {"III.4.32", "n", "1/(exp(h/(2*pi)*omega/(kb*T)) - 1)", "h, omega, kb, T"},
    {"III.4.33", "E_n", "h/(2*pi)*omega/(exp(h/(2*pi)*omega/(kb*T)) - 1)", "h, omega, kb, T"},
    {"III.7.38", "omega", "2*mom*B/(h/(2*pi))", "mom, B, h"},
    {"III.8.54", "prob", "sin(E_n*t/(h/(2*pi)))^2", "E_n 1 2, t 1 2, h 1 4"},
    {"III.9.52", "prob", "p_d*Ef*t/(h/(2*pi))*sin((omega - omega_0)*t/2)^2/((omega - omega_0)*t/2)^2",
     "p_d 1 3, Ef 1 3, t 1 3, h 1 3, omega, omega_0"},
    {"III.10.19", "E_n", "mom*sqrt(Bx^2 + By^2 + Bz^2)", "mom, Bx, By, Bz"},
    {"III.12.43", "L", "n*(h/(2*pi))", "n, h"},
    {"III.13.18", "v", "2*E_n*d^2*k/(h/(2*pi))", "E_n, d, k, h"},
    {"III.14.14", "I", "I_0*(exp(q*Volt/(kb*T)) - 1)", "I_0, q 1 2, Volt 1 2, kb 1 2, T 1 2"},
    {"III.15.12", "E_n", "2*U*(1 - cos(k*d))", "U, k, d"},
    {"III.15.14", "m", "(h/(2*pi))^2/(2*E_n*d^2)", "h, E_n, d"},
    {"III.15.27", "k", "2*pi*alpha/(n*d)", "alpha, n, d"},
    {"III.17.37", "f", "beta*(1 + alpha*cos(theta))", "beta, alpha, theta"},
    {"III.19.51", "E_n", "-m*q^4/(2*(4*pi*epsilon)^2*(h/(2*pi))^2)*(1/n^2)", "m, q, h, n, epsilon"},
    {"III.21.20", "j", "-rho_c_0*q*A_vec/m", "rho_c_0, q, A_vec, m"},
    {"t1", "A", "(Z_1*Z_2*alpha*hbar*c/(4*E_n*sin(theta/2)^2))^2",
     "Z_1 1 2, Z_2 1 2, alpha 1 2, hbar 1 2, c 1 2, E_n 1 3, theta 1 3"},
    {"t2", "k", "m*k_G/L^2*(1 + sqrt(1 + 2*E_n*L^2/(m*k_G^2))*cos(theta1 - theta2))",
     "m 1 3, k_G 1 3, L 1 3, E_n 1 3, theta1 0 6, theta2 0 6"},
    {"t3", "r", "d*(1 - alpha^2)/(1 + alpha*cos(theta1 - theta2))",
     "d 1 3, alpha 2 4, theta1 4 5, theta2 4 5"},
    {"t4", "v", "sqrt(2/m*(E_n - U - L^2/(2*m*r^2)))", "m 1 3, E_n 8 12, U 1 3, L 1 3, r 1 3"},
    {"t5", "t", "2*pi*d^(3/2)/sqrt(G*(m1 + m2))", "d 1 3, G 1 3, m1 1 3, m2 1 3"},
    {"t6", "alpha", "sqrt(1 + 2*epsilon^2*E_n*L^2/(m*(Z_1*Z_2*q^2)^2))",
     "epsilon 1 3, L 1 3, m 1 3, Z_1 1 3, Z_2 1 3, q 1 3, E_n 1 3"},
    {"t7", "H_G", "sqrt(8*pi*G*rho/3 - alpha*c^2/d^2)", "G 1 3, rho 1 3, alpha 1 2, c 1 2, d 1 3"},
    {"t8", "K", "E_n/(1 + E_n/(m*c^2)*(1 - cos(theta)))", "E_n 1 3, m 1 3, c 1 3, theta 1 3"},
    {"t9", "Pwr", "-32/5*G^4/c^5*(m1*m2)^2*(m1 + m2)/r^5", "G 1 2, c 1 2, m1, m2, r 1 2"},
    {"t10", "theta1", "acos((cos(theta2) - v/c)/(1 - v/c*cos(theta2)))", "c 4 6, v 1 3, theta2 1 3"},
    {"t11", "I", "I_0*(sin(alpha/2)*sin(n*delta/2)/(alpha/2*sin(delta/2)))^2",
     "I_0 1 3, alpha 1 3, delta 1 3, n 1 2"},
    {"t12", "F", "q/(4*pi*epsilon*y^2)*(4*pi*epsilon*Volt*d - q*d*y^3/(y^2 - d^2)^2)",
     "q, y 1 3, Volt, d 4 6, epsilon"},
    {"t13", "Volt", "1/(4*pi*epsilon)*q/sqrt(r^2 + d^2 - 2*r*d*cos(alpha))",
     "q, r 1 3, d 4 6, alpha 0 6, epsilon"},
    {"t14", "Volt", "Ef*cos(theta)*(-r + d^3/r^2*(alpha - 1)/(alpha + 2))", "Ef, theta 0 6, r, d, alpha"},
    {"t15", "omega_0", "sqrt(1 - v^2/c^2)*omega/(1 + v/c*cos(theta))", "c 5 20, v 1 3, omega, theta 0 6"},
    {"t16", "E_n", "sqrt((p - q*A_vec)^2*c^2 + m^2*c^4) + q*Volt", "m, c, p, q, A_vec, Volt"},
    {"t17", "E_n", "1/(2*m)*(p^2 + m^2*omega^2*x^2*(1 + alpha*x/y))", "m, omega, p, y, x, alpha"},
    {"t18", "rho_0", "3/(8*pi*G)*(c^2*k_f/r^2 + H_G^2)", "G, k_f, r, H_G, c"},
    {"t19", "pr", "-1/(8*pi*G)*(c^4*k_f/r^2 + H_G^2*c^2*(1 - 2*alpha))", "G, k_f, r, H_G, alpha, c"},
    {"t20", "A",
     "1/(4*pi)*alpha^2*h^2/(m^2*c^2)*(omega_0/omega)^2*(omega_0/omega + omega/omega_0 - sin(beta)^2)",
     "omega, omega_0, alpha, h, m, c, beta 0 6"},
};

}  // namespace

std::vector<Known> feynman() {
  std::vector<Known> out;
  for (const Row& row : kRows) {
    Known known;
    known.name = row.name;
    known.formula = row.formula;
    known.unit = unit_of(row.target);
    known.inputs = read_inputs(row.inputs, unit_of);
    out.push_back(std::move(known));
  }
  return out;
}

}  // namespace energylens::recovery
