// SPDX-License-Identifier: Apache-2.0
// A function per calculation: constants, then steps, each a line with its meaning. Held by run_test.cpp, which runs what
// is written.
#include "emit/language.hpp"

#include <fmt/format.h>

#include "energylens/core/number_text.hpp"

namespace energylens::emit {
namespace {

using calculation::Calculation;
using calculation::Condition;
using calculation::Input;
using calculation::Step;

std::string condition_text(const Language& language, const Condition& condition) {
  const std::string value = operand_of(condition.of, language.notation);
  if (condition.kind == Condition::Kind::stated) return filled(language.stated, {{'n', value}});
  const bool positive = condition.kind == Condition::Kind::positive;
  return filled(positive ? language.positive : language.not_negative, {{'v', value}});
}

std::string value_text(const Language& language, const Step& step) {
  const std::string value = text_of(step.value, language.notation);
  if (!step.when) return value;
  const bool stated = step.when->kind == Condition::Kind::stated && !language.choice_if_stated.empty();
  return filled(stated ? language.choice_if_stated : language.choice,
                {{'c', condition_text(language, *step.when)},
                 {'a', operand_of(step.value, language.notation)},
                 {'b', operand_of(step.otherwise, language.notation)}});
}

std::string line(std::string_view form, const Language& language, const std::string& name,
                 const std::string& value, const std::string& meaning) {
  std::string out = filled(form, {{'n', language.notation.name(name)}, {'v', value}});
  if (!meaning.empty()) out += "  " + std::string(language.comment) + meaning;
  return out + '\n';
}

std::string default_text(const Language& language, const Input& input) {
  return known(input.fallback) ? language.notation.number(input.fallback) : std::string(language.unstated);
}

std::string parameters_text(const Language& language, const Calculation& calculation, bool all) {
  std::string out;
  for (const Input& input : calculation.inputs) {
    if (!all && !input.required) continue;
    const std::string_view form = input.required ? language.parameter : language.parameter_default;
    out += (out.empty() ? "" : ", ") +
           filled(form, {{'n', language.notation.name(input.name)}, {'v', default_text(language, input)}});
  }
  return out;
}

/// The arguments of the function of all inputs, as that of the required ones passes them.
std::string passed_text(const Language& language, const Calculation& calculation) {
  std::string out;
  for (const Input& input : calculation.inputs) {
    out += (out.empty() ? "" : ", ") +
           (input.required ? language.notation.name(input.name) : default_text(language, input));
  }
  return out;
}

std::string inputs_text(const Language& language, const Calculation& calculation) {
  std::string out;
  for (const Input& input : calculation.inputs) {
    out +=
        fmt::format("{}{}: {}{}\n", language.comment, input.name, input.meaning,
                    known(input.fallback) && !input.required ? " [" + number_text(input.fallback) + "]" : "");
  }
  return out;
}

std::string function_text(const Language& language, const Calculation& calculation) {
  const std::string& name = calculation.result();
  const bool energy = calculation.metric == predictor::Metric::energy;
  std::string out =
      fmt::format("{}{} of all requests, {}; unknown where the model has no answer.\n", language.comment,
                  energy ? "Joules" : "Seconds", energy ? "over all GPUs" : "until all are done") +
      inputs_text(language, calculation);
  out += filled(language.open, {{'n', name}, {'p', parameters_text(language, calculation, true)}}) + '\n';
  if (!language.prepare.empty()) {
    for (const Input& input : calculation.inputs)
      out += filled(language.prepare, {{'n', language.notation.name(input.name)}}) + '\n';
  }
  for (const calculation::Constant& constant : calculation.constants) {
    const std::string unit = constant.unit == "1" ? "" : constant.unit;
    const std::string meaning =
        unit + (unit.empty() || constant.meaning.empty() ? "" : ": ") + constant.meaning;
    out +=
        line(language.constant, language, constant.name, language.notation.number(constant.value), meaning);
  }
  for (const Step& step : calculation.steps)
    out += line(language.let, language, step.name, value_text(language, step), step.meaning);
  out += filled(language.result, {{'n', language.notation.name(name)}}) + '\n' + std::string(language.close);
  if (language.open_short.empty()) return out;
  return out + '\n' +
         filled(language.open_short, {{'n', name}, {'p', parameters_text(language, calculation, false)}}) +
         '\n' + filled(language.call_all, {{'n', name}, {'p', passed_text(language, calculation)}}) + '\n' +
         std::string(language.close);
}

}  // namespace

std::string heading(const Subject& subject, std::string_view comment) {
  const Calculation& first = subject.calculations.front();
  return fmt::format("{0}Energy and time of LLM inference: {1}.\n{0}{2}. Written by {3}.\n", comment,
                     first.subject, first.origin, subject.program);
}

std::string functions_in(const Language& language, const Subject& subject) {
  std::string out = heading(subject, language.comment) + std::string(language.head);
  for (const Calculation& calculation : subject.calculations)
    out += '\n' + function_text(language, calculation);
  return out + std::string(language.tail);
}

}  // namespace energylens::emit
