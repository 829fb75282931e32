// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

#include "emit/expression.hpp"
#include "emit/targets.hpp"

namespace energylens::emit {

/// A language in which a calculation is a function whose steps are assignments. In templates %n is a name, %v an
/// expression, %c a condition, %a and %b the two values of a choice, %p parameters.
struct Language {
  Notation notation;
  std::string_view comment{};     ///< what begins a comment: "// "
  std::string_view head{};        ///< before the functions
  std::string_view open{};        ///< of a function: "double energylens_%n(%p) {"
  std::string_view open_short{};  ///< of one of the required inputs alone, where there are no defaults; or ""
  std::string_view call_all{};    ///< its body: calls the other with %p
  std::string_view parameter{};   ///< without a default
  std::string_view parameter_default{};  ///< with the default %v
  std::string_view unstated{};           ///< the default that means "not stated"
  std::string_view prepare{};            ///< for each input %n, at the beginning of a function; or ""
  std::string_view constant{};           ///< assignment of a constant
  std::string_view let{};                ///< assignment of a step
  std::string_view choice_if_stated{};   ///< of one on whether an input is stated, where that differs; or ""
  std::string_view choice{};             ///< the value of a step with a condition
  std::string_view positive{}, not_negative{}, stated{};  ///< conditions on %v; of a name %n
  std::string_view result{};                              ///< "return %n;"
  std::string_view close{};
  std::string_view tail{};  ///< after the functions
};

std::string functions_in(const Language& language, const Subject& subject);

/// The first lines of every text: what it computes and where it comes from.
std::string heading(const Subject& subject, std::string_view comment);

}  // namespace energylens::emit
