// SPDX-License-Identifier: Apache-2.0
// Tested by tests/search/problem/problem_test.cpp.
#include "energylens/search/options.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "core/named_table.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"
#include "search/problem/operators.hpp"

namespace energylens::search {
namespace {

using expr::Op;

constexpr std::array<KnownOperator, 19> kKnown = {{{"+", Op::add},
                                                   {"-", Op::subtract},
                                                   {"*", Op::multiply},
                                                   {"/", Op::divide},
                                                   {"^", Op::power},
                                                   {"sqrt", Op::sqrt},
                                                   {"min", Op::minimum},
                                                   {"max", Op::maximum},
                                                   {"exp", Op::exp},
                                                   {"log", Op::log},
                                                   {"abs", Op::abs},
                                                   {"floor", Op::floor},
                                                   {"ceil", Op::ceil},
                                                   {"step", Op::step},
                                                   {"sin", Op::sin},
                                                   {"cos", Op::cos},
                                                   {"tanh", Op::tanh},
                                                   {"asin", Op::asin},
                                                   {"acos", Op::acos}}};

void check_operators(const std::vector<OperatorCost>& operators) {
  std::vector<std::string_view> names;
  for (const KnownOperator& known : kKnown) names.push_back(known.name);
  for (const OperatorCost& given : operators) {
    choose_named(names, given.name, "operator");
    if (!(given.cost > 0) || !std::isfinite(given.cost)) {
      throw Error::usage("the cost of the operator \"" + given.name + "\" must be above 0");
    }
  }
  for (const char* needed : {"+", "*"}) {
    const auto same = [&](const OperatorCost& o) { return o.name == needed; };
    if (std::none_of(operators.begin(), operators.end(), same)) {
      throw Error::usage(std::string("the operator \"") + needed +
                         "\" is required: formulas are sums of products");
    }
  }
}

}  // namespace

std::span<const KnownOperator> known_operators() {
  return kKnown;
}

std::vector<OperatorCost> default_operators() {
  return {{"+", 1}, {"-", 1}, {"*", 1}, {"/", 1}, {"^", 1}, {"sqrt", 1}, {"exp", 2}, {"log", 2}};
}

std::vector<OperatorCost> parse_operators(std::string_view text) {
  std::vector<OperatorCost> out;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view item = text.substr(0, comma);
    const std::size_t colon = std::min(item.find(':'), item.size());
    OperatorCost operator_cost{std::string(item.substr(0, colon)), 1};
    if (colon < item.size()) {
      const std::optional<double> cost = parse_number(item.substr(colon + 1));
      if (!cost)
        throw Error::usage("\"" + std::string(item) + "\" is not an operator and its cost, such as exp:3");
      operator_cost.cost = *cost;
    }
    out.push_back(std::move(operator_cost));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  check_operators(out);
  return out;
}

void check(const Options& options) {
  check_operators(options.operators);
  if (!(options.max_complexity >= 1 && options.max_complexity <= 1000))
    throw Error::usage("the maximum complexity must be between 1 and 1000");
  if (options.evaluations == 0 && !std::isfinite(options.time_limit_s) && !options.cancel) {
    throw Error::usage("a search requires a time limit or a limit on evaluations");
  }
  if (!(options.time_limit_s > 0)) throw Error::usage("the time limit must be above 0 s");
  if (options.islands < 1 || options.islands > 1000)
    throw Error::usage("the number of islands must be between 1 and 1000");
  if (options.bucket < 1) throw Error::usage("an island must keep at least one formula of each complexity");
  if (options.exponents == Scope::per_group && options.coefficients == Scope::shared) {
    throw Error::usage("constants inside terms cannot be per group if coefficients are shared");
  }
  if (options.resume && options.checkpoint.empty())
    throw Error::usage("resuming requires a checkpoint folder");
}

}  // namespace energylens::search
