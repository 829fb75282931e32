// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "energylens/search/options.hpp"
#include "search/fit/dataset.hpp"
#include "search/fit/fit_settings.hpp"
#include "search/tree/primitive_set.hpp"

namespace energylens::search {

/// What every part of a search reads: the data, the primitives and the options. Shared by all threads and
/// never changed during a search.
struct SearchContext {
  const Dataset& dataset;
  const PrimitiveSet& primitives;
  const Options& options;
  /// One dataset for each input of Options::rising, with that input slightly larger: see
  /// keeps_monotonicity().
  std::vector<Dataset> shifted;
  FitSettings fit;
};

/// The returned context refers to its arguments, which must outlive it.
SearchContext make_context(const Dataset& dataset, const PrimitiveSet& primitives, const Options& options,
                           const Problem& problem, const Form& form);

}  // namespace energylens::search
