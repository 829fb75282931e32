// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <memory>

#include "energylens/predictor/predictor.hpp"

namespace energylens::baseline {

// Predictors to compare the law with. Every function fits one predictor to the training rows, each group
// alone unless stated otherwise. Rows without a positive scenario energy are not trained on. The order of the
// rows does not matter; the same seed gives the same predictor. A configuration that cannot be predicted (a
// layout without a training row, a blank length) gets an unknown energy. Predictions contain the scenario
// energy (`total_energy_j` for jobs, `energy_per_out_token_j` for steady rows) and the figures that follow
// from it.
using Fitted = std::unique_ptr<predictor::Predictor>;

// Rules: they pick a layout and predict no energy. The first three are trained on all training scenarios.

/// The layout that won the most training scenarios, then the next; ties by the order of layouts.
Fitted fit_majority(const predictor::TrainingData& data, const predictor::FitOptions& options);
/// The layout with the fewest GPUs, ties by `majority`.
Fitted fit_fewest_gpus(const predictor::TrainingData& data, const predictor::FitOptions& options);
/// One of the two most frequent winners, by a cut in batch (max_batch for steady rows); but a layout that
/// needs a second wave loses to one that does not. The cut and its direction are those with the most right
/// picks in the training scenarios.
Fitted fit_threshold(const predictor::TrainingData& data, const predictor::FitOptions& options);
/// The layout with the least *measured* time.
Fitted fit_latency(const predictor::TrainingData& data, const predictor::FitOptions& options);

// Formulas.

/// Per layout, energy per request = c0 isl + c1 osl + c2 isl osl; least squares of relative errors. A blank
/// isl counts as 0, a blank osl as 1.
Fitted fit_wilkins(const predictor::TrainingData& data, const predictor::FitOptions& options);
/// Per layout, energy per request from the complexity of the transformer: prefill is linear (weights) and
/// quadratic (attention) in isl; each decode step costs a constant (weights) and the length of its context,
/// so that its sum holds osl, isl osl and osl^2. Energy per request = c0 isl + c1 isl^2 + c2 osl + c3 isl osl
/// + c4 osl^2, every c >= 0, least squares of relative errors. After the idea in the abstract of arXiv
/// 2602.05695; the terms are derived here.
Fitted fit_sweetspot(const predictor::TrainingData& data, const predictor::FitOptions& options);
/// ln energy linear in ln of batch, isl + 1, osl, tp, pp, dp, ep, of those that every training row knows.
/// With `pool` one set of slopes for all groups and an intercept per group.
Fitted fit_loglinear(const predictor::TrainingData& data, const predictor::FitOptions& options);
/// The energy of the nearest training row of the same layout, by Euclidean distance in ln of batch,
/// max_batch, isl + 1 and osl, times the ratio of the output lengths for jobs.
Fitted fit_nearest(const predictor::TrainingData& data, const predictor::FitOptions& options);

// Learners (log features, log target). With `pool` one learner sees all groups, distinguished by parameter
// counts and by one feature per identity value that not all groups share.

/// Random forest of our own.
Fitted fit_forest(const predictor::TrainingData& data, const predictor::FitOptions& options);
/// Gradient-boosted trees of the XGBoost library.
Fitted fit_xgboost(const predictor::TrainingData& data, const predictor::FitOptions& options);
/// The same with 90 % intervals from two more boosters, for the quantiles 5 % and 95 % (pinball loss).
Fitted fit_xgboost_quantile(const predictor::TrainingData& data, const predictor::FitOptions& options);
/// A Gaussian process with one length per feature, and its 90 % intervals.
Fitted fit_gp(const predictor::TrainingData& data, const predictor::FitOptions& options);
/// Trees with wave knowledge: KV capacity, requests at once, waves and remainder as features, and as
/// target of a job the energy per full wave and output token, E / (max(1, B/M) osl).
Fitted fit_forest_waves(const predictor::TrainingData& data, const predictor::FitOptions& options);
Fitted fit_xgboost_waves(const predictor::TrainingData& data, const predictor::FitOptions& options);

}  // namespace energylens::baseline
