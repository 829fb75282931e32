// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <string>

#include "energylens/parametric/law_model.hpp"

namespace energylens::parametric {

/// How near a fitted group is to a system, from 0 (nothing in common) to 1 (the same), docs/method/transfer.md (18).
double likeness_of(const GroupLaw& group, const table::GroupIdentity& identity,
                   const predictor::Facts& facts);

/// Whether two names of engines mean one engine, versions aside.
bool same_engine(const std::string& a, const std::string& b);

/// The vendor, GPU and model of a group, as the population tells them apart.
struct Kinship {
  std::string vendor, gpu, model;
};
Kinship kinship_of(const table::GroupIdentity& identity, const predictor::Facts& facts);

}  // namespace energylens::parametric
