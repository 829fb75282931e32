// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace energylens::design {

/// E[max(0, X)] for X normal with mean -|lead| and standard deviation `sd`: the expected gain of a choice
/// between two, if `sd` of the uncertainty of their difference is removed; |lead| is the mean difference. 0
/// for sd = 0. docs/method/design.md (6).
double value_of_knowing(double lead, double sd);

}  // namespace energylens::design
