// SPDX-License-Identifier: Apache-2.0
// Any text is either refused with an Error or read as an expression that prints to text which reads back as
// the same expression, in both notations. The first byte chooses the notation. Build with
// -fsanitize=fuzzer,address, or let tests/expr/corpus_test.cpp replay fuzz/corpus/expr.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/core/error.hpp"
#include "energylens/expr/text.hpp"
#include "expr/algebra.hpp"
#include "expr/check_units.hpp"
#include "expr/program.hpp"

namespace {

using namespace energylens::expr;

void require(bool condition) {
  if (!condition) std::abort();
}

void exercise(const Expr& e, const ParseOptions& options) {
  require(parse(print(e), options) == e);
  require(parse_postfix(print_postfix(e), options) == e);
  require(!print_latex(e).empty());
  require(simplify(e).size() <= e.size());
  if (e.size() > 100) return;
  const std::vector<std::string> variables = e.variables(), parameters = e.parameters();
  const std::vector<double> values(variables.size(), 1.5), fitted(parameters.size(), 0.5);
  static_cast<void>(Program(derivative(e, "a"), variables, parameters).evaluate(values, fitted));
  const UnitCheck check = check_units(e, {});
  require(check.consistent == check.why.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::vector<std::string> parameters{"a", "b0"};
  const ParseOptions options{parameters, {}, "fuzz"};
  try {
    exercise(data[0] == 'p' ? parse_postfix(text, options) : parse(text, options), options);
  } catch (const energylens::Error&) {
  }
  return 0;
}
