// SPDX-License-Identifier: Apache-2.0
#include "cli/design/library_prior.hpp"

#include "energylens/library/library.hpp"

namespace energylens::cli {

parametric::LawModel library_law(const design::Problem& problem, const predictor::Facts& facts,
                                 const predictor::FitOptions& options) {
  const table::Group group{problem.identity, problem.measured};
  const table::Load& load = problem.places.front().load;
  predictor::FitOptions settings = options;
  settings.target = predictor::Target::energy;
  const library::Reading reading = !known(load.isl)                      ? library::Reading::no_lengths
                                   : load.kind == table::RowKind::steady ? library::Reading::server
                                                                         : library::Reading::job;
  return library::Library::builtin().prior({&group, facts, reading, {}}, settings);
}

}  // namespace energylens::cli
