// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "emit/targets.hpp"

namespace energylens::emit {

/// A LaTeX document with an equation for each step.
std::string latex_text(const Subject& subject);
/// A workbook of Office Open XML, the content of a file.
std::string xlsx_content(const Subject& subject);

}  // namespace energylens::emit
