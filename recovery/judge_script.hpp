// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace energylens::recovery {

/// The text of judge.py.
extern const char* const kJudgeScript;

}  // namespace energylens::recovery
