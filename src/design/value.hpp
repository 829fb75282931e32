// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace energylens::design {

/// E[max(0, X)] for X normal with mean -|lead| and standard deviation `sd`: what a pick of two gains if the
/// difference, of which |lead| is the mean, becomes known up to what `sd` leaves. 0 for sd = 0.
/// docs/method/design.md (6).
double value_of_knowing(double lead, double sd);

}  // namespace energylens::design
