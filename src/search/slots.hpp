// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "tree.hpp"

namespace energylens::search {

/// An inner constant of a tree with the flag that frees it and whether it is an exponent.
struct Slot {
  bool* free;
  double* value;
  bool exponent;
};

/// Of all that are free, in the order of inner_constants(). Valid while the tree stays as it is.
inline void collect_slots(Sum& sum, bool whole_terms, std::vector<Slot>& out) {
  for (Term& term : sum) {
    if (!whole_terms && term.free) out.push_back({&term.free, &term.coefficient, false});
    for (Factor& f : term.factors) {
      if (f.free) out.push_back({&f.free, &f.exponent, true});
      collect_slots(f.argument, false, out);
      collect_slots(f.second, false, out);
    }
  }
}
inline std::vector<Slot> slots(Tree& tree) {
  std::vector<Slot> out;
  for (Sum& part : tree.parts) collect_slots(part, true, out);
  return out;
}

}  // namespace energylens::search
