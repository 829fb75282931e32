// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/design/design.hpp"

namespace energylens::design {

/// The picks so far, and the candidates that are left.
struct Picking {
  const Problem& problem;
  const DesignOptions& options;
  Design design;
  std::vector<bool> open;  ///< by place

  std::size_t left() const { return options.rows - design.picks.size(); }
  bool cancelled() const { return options.fit.run.cancel && options.fit.run.cancel->cancelled(); }
  bool done() const { return left() == 0 || cancelled(); }
  void pick(std::size_t place) {
    design.picks.push_back(place);
    open[place] = false;
    if (options.progress) options.progress(design.picks.size(), options.rows);
  }
};

// One per strategy; docs/method/design.md. Each picks until it is done or no candidate is left.
void pick_random(Picking& picking);
void pick_spread(Picking& picking);
void pick_d_optimal(Picking& picking);
void pick_i_optimal(Picking& picking);
void pick_sequential(Picking& picking);

/// The measured rows as a group, to be fitted.
table::Group measured_group(const Problem& problem);
/// Options of the fit that a strategy makes.
predictor::FitOptions fit_options(const DesignOptions& options);

}  // namespace energylens::design
