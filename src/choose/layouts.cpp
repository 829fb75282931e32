// SPDX-License-Identifier: Apache-2.0
// layouts.cpp: all layouts of a number of GPUs, from the smallest up. Serving engines accept degrees that are
// powers of two or divide the GPUs of the node; any number of replicas is possible. Held by layouts_test.cpp
// against the definition.
#include "choose/layouts.hpp"

#include <algorithm>
#include <set>

#include "core/rounded_text.hpp"
#include "predictor/feasible.hpp"

namespace energylens::choose {
namespace {

std::set<int> degrees(int total_gpus) {
  std::set<int> out;
  for (int degree = 1; degree <= total_gpus; degree *= 2) out.insert(degree);
  for (int degree = 1; degree <= total_gpus; ++degree) {
    if (total_gpus % degree == 0) out.insert(degree);
  }
  return out;
}

/// One replica of a layout. If it was measured, any number of replicas fits.
table::Layout one_replica(const table::Layout& layout) {
  table::Layout replica = layout;
  if (!layout.attention_data_parallel()) replica.dp = 1;
  return replica;
}

/// The replicas that layouts are made of.
std::set<table::Layout> replicas_to_list(int total_gpus, bool memory_known,
                                         const std::set<table::Layout>& measured) {
  std::set<table::Layout> out = measured;
  if (!memory_known) return out;
  const std::set<int> all = degrees(total_gpus);
  for (const int tp : all) {
    for (const int pp : all) {
      if (pp <= total_gpus / tp) out.insert({tp, pp, 1, 1});
    }
  }
  return out;
}

/// Whether the filter leaves this one; a list of layouts decides alone.
bool passes(const CandidateLayout& one, const LayoutFilter& filter) {
  return (one.measured || !filter.measured_only) && (filter.max_pp == 0 || one.layout.pp <= filter.max_pp);
}

}  // namespace

std::vector<CandidateLayout> candidate_layouts(int total_gpus, const predictor::Facts& facts,
                                               std::span<const table::Layout> measured,
                                               const LayoutFilter& filter) {
  std::set<table::Layout> measured_replicas;
  for (const table::Layout& layout : measured) measured_replicas.insert(one_replica(layout));
  const bool memory_known = known(facts.weight_bytes) && known(facts.gpu_memory_bytes);
  std::vector<CandidateLayout> out;
  const auto add = [&](const table::Layout& layout) {
    const bool was_measured = measured_replicas.contains(one_replica(layout));
    const CandidateLayout one{
        layout, was_measured,
        was_measured ? std::string() : predictor::infeasible(layout, facts, total_gpus)};
    if (passes(one, filter)) out.push_back(one);
  };

  if (!filter.only.empty()) {
    for (const table::Layout& layout : filter.only) add(layout);
    for (CandidateLayout& one : out) {
      if (one.layout.gpus() > total_gpus)
        one.rejected =
            "needs " + std::to_string(one.layout.gpus()) + " GPUs of " + std::to_string(total_gpus);
    }
    std::ranges::sort(out, {}, &CandidateLayout::layout);
    return out;
  }
  for (const table::Layout& replica : replicas_to_list(total_gpus, memory_known, measured_replicas)) {
    const bool fixed = replica.ep > 1;  // with ep, more replicas would mean attention data parallelism
    const int copies = fixed ? 1 : total_gpus / replica.gpus();
    for (int copy = 1; copy <= copies && replica.gpus() <= total_gpus; ++copy) {
      table::Layout layout = replica;
      if (!fixed) layout.dp = copy;
      add(layout);
    }
  }
  std::ranges::sort(out, {}, &CandidateLayout::layout);
  return out;
}

}  // namespace energylens::choose
