// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "emit/targets.hpp"

namespace energylens::emit {

std::string c_text(const Subject& subject);
std::string cpp_text(const Subject& subject);
std::string rust_text(const Subject& subject);
std::string java_text(const Subject& subject);
std::string javascript_text(const Subject& subject);
std::string python_text(const Subject& subject);
std::string numpy_text(const Subject& subject);
std::string sympy_text(const Subject& subject);
std::string postgresql_text(const Subject& subject);

}  // namespace energylens::emit
