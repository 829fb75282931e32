// SPDX-License-Identifier: Apache-2.0
// From one group to another, docs/method/transfer.md: the prior from other groups is mixed with the general priors
// by a few weights, each fitted, and the one under which the rows are most probable is kept. Weight 0 is the
// fit without sources, so rows that contradict the prior lose nothing by it. Without rows the prior itself is
// the answer. Held by transfer_test.cpp (recovery, contradiction, coverage at zero rows).
#include "parametric/transfer/transfer.hpp"

#include <algorithm>
#include <cmath>

#include "energylens/core/error.hpp"
#include "numerics/distributions.hpp"
#include "parametric/fit/report.hpp"
#include "parametric/transfer/prior.hpp"
#include "predictor/feasible.hpp"

namespace energylens::parametric {
namespace {

/// Whether the numbers of one group mean the same in the other.
bool read_alike(const predictor::GroupContext& a, const predictor::GroupContext& b) {
  return a.isl_known == b.isl_known && a.serving == b.serving;
}

std::vector<const GroupLaw*> usable(std::span<const GroupLaw> sources, const predictor::GroupContext& target,
                                    Metric metric) {
  std::vector<const GroupLaw*> out;
  for (const GroupLaw& law : sources) {
    if (read_alike(law, target) && (metric == Metric::energy ? law.energy : law.time)) out.push_back(&law);
  }
  return out;
}

struct Weighed {
  Priors priors;
  PointEstimate point;
  double weight = 0, evidence = kUnknown;
};

/// Tries every weight and keeps the most probable.
Weighed weighed(std::span<const Observation> seen, const Priors& plain, const TransferPrior& prior,
                const Reference& reference, const SearchOptions& options) {
  Weighed best;
  for (const double weight : prior_weights()) {
    Priors priors = mixed(plain, prior, weight, reference);
    const PointEstimate point = estimate(seen, priors, options);
    const double evidence = log_evidence(seen, priors, point.coordinates, point.cost);
    if (!(evidence <= best.evidence)) best = {std::move(priors), point, weight, evidence};
  }
  return best;
}

LawFit without_rows(const TransferPrior& prior) {
  const TransferPrior::Normal normal = prior.normal(prior.spread_without_rows());
  LawFit out;
  Coordinates mean = normal.mean;
  mean[B4] = std::clamp(mean[B4], 0.0, 1.0);
  out.parameters = parameters_at(mean, prior.form());
  out.covariance = normal.covariance;
  out.residual_sd = prior.residual_sd();
  out.degrees_of_freedom = prior.degrees_of_freedom();
  out.effective_parameters = 0;
  out.termination = "no rows";
  out.intervals = intervals_of(mean, out.covariance, out.degrees_of_freedom, prior.form());
  out.undetermined = {"no rows: all numbers come from other groups, scaled by specifications"};
  return out;
}

std::optional<LawFit> fit_target(const predictor::PreparedRows& target,
                                 std::span<const GroupLaw* const> sources, Metric metric,
                                 const predictor::FitOptions& options, Relation relation) {
  if (sources.empty()) return parametric::fit_target(target, metric, options);
  const TransferPrior prior(sources, {target.context.identity, target.context.facts}, metric, relation);
  const Reference reference = reference_of(target.rows);
  const std::vector<Observation> seen = observations(target.rows, reading_of(target, metric), reference);
  LawFit out;
  double weight = 1;
  if (seen.empty()) {
    out = without_rows(prior);
  } else {
    const Priors plain = priors_for(seen, reading_of(target, metric));
    const Weighed best = weighed(seen, plain, prior, reference, search_options(options));
    out =
        describe(target, metric, seen, reference, best.point, uncertainty_of(seen, best.priors, best.point));
    weight = best.weight;
  }
  out.prior = Prior{weight, prior.sources()};
  return out;
}

void widen(Range& range, const Range& other) {
  if (!known(other.min)) return;
  range.min = known(range.min) ? std::min(range.min, other.min) : other.min;
  range.max = known(range.max) ? std::max(range.max, other.max) : other.max;
}

/// What the sources were fitted on counts as fitted, as far as they have weight. Layouts that are not feasible for
/// the target are left out.
void add_domain(const GroupLaw& source, const predictor::Facts& facts, Domain& domain) {
  for (const table::Layout& layout : source.domain.layouts) {
    if (layout.ep > 1 && facts.expert_share >= 1) continue;  // no experts to spread
    const bool there =
        std::find(domain.layouts.begin(), domain.layouts.end(), layout) != domain.layouts.end();
    if (!there && predictor::infeasible(layout, facts).empty()) domain.layouts.push_back(layout);
  }
  std::sort(domain.layouts.begin(), domain.layouts.end());
  widen(domain.batch, source.domain.batch);
  widen(domain.isl, source.domain.isl);
  widen(domain.osl, source.domain.osl);
  widen(domain.image_tokens, source.domain.image_tokens);
  widen(domain.accepted_per_step, source.domain.accepted_per_step);
}

bool leans_on_sources(const std::optional<LawFit>& fit) {
  return fit && fit->prior && fit->prior->weight > 0;
}

}  // namespace

GroupLaw fit_with_sources(predictor::PreparedRows target, std::span<const GroupLaw> sources,
                          const predictor::FitOptions& options, Relation relation) {
  if (target.rows.empty() && !sources.empty()) {
    target.context.isl_known = sources.front().isl_known;
    target.context.serving = sources.front().serving;
  }
  GroupLaw law = context_of(target);
  for (std::string& warning : poverty_warnings(target, law.domain)) {
    if (sources.empty()) law.warnings.push_back(std::move(warning));
  }
  const auto fitted = [&](Metric metric) {
    return fit_target(target, usable(sources, target.context, metric), metric, options, relation);
  };
  if (predictor::wants(options.target, Metric::energy)) law.energy = fitted(Metric::energy);
  if (predictor::wants(options.target, Metric::time)) law.time = fitted(Metric::time);
  if (!leans_on_sources(law.energy ? law.energy : law.time)) return law;
  for (const GroupLaw& source : sources) {
    if (read_alike(source, target.context)) add_domain(source, target.context.facts, law.domain);
  }
  return law;
}

LawModel transfer(const LawModel& model, std::span<const std::size_t> sources, const TransferTarget& target,
                  const predictor::FitOptions& options, Relation relation) {
  std::vector<GroupLaw> laws;
  for (const std::size_t source : sources) laws.push_back(model.laws()[source]);
  std::vector<predictor::PreparedRows> prepared{predictor::prepared_rows(
      predictor::all_rows(std::span(&target.group, 1)).front(), options, &target.facts)};
  LawContent content{record_of(options, prepared), {}};
  content.laws.push_back(fit_with_sources(prepared.front(), laws, options, relation));
  const GroupLaw& law = content.laws.front();
  if (!(law.energy && law.energy->prior) && !(law.time && law.time->prior)) {
    throw Error::bad_input({}, "no group of the model can be a source for " + target.group.identity.text() +
                                   ": a source needs the fitted quantity, and isl stated as in the rows");
  }
  content.effective_parameters = total_effective(content.laws);
  return LawModel(std::move(content));
}

}  // namespace energylens::parametric
