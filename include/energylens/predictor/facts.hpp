// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/hardware/catalogue.hpp"
#include "energylens/table/group.hpp"

namespace energylens::predictor {

/// Known system properties of a group. They are no parameters of any law; unknown ones are kUnknown.
struct Facts {
  double params = kUnknown, active_params = kUnknown;  ///< counts
  double weight_bytes = kUnknown;                      ///< of one replica
  double kv_bytes_per_token = kUnknown;                ///< over all layers; 0 for pure state-space models
  double expert_share = 1;       ///< k/n, experts used per token over experts; 1 for dense
  double always_read_share = 1;  ///< s_w, share of the weights every step reads; 1 for dense
  double fixed_time_share =
      0;  ///< f, part of a step's time that reads no experts, 0 to 1; without effect if dense
  double gpu_memory_bytes = kUnknown;
  double gpu_tdp_w = kUnknown, gpu_idle_w = kUnknown;
  double gpu_bandwidth_bytes_s = kUnknown, gpu_peak_flops = kUnknown;  ///< peak in the group's compute type
  double gpu_link_bytes_s = kUnknown;  ///< one direction, per GPU, to its peers
};

/// From the catalogue entries of the group's model and gpu; what they do not know, from its own columns
/// (params_b, active_params_b, arch). A mixture of experts the catalogue does not know gets
/// expert_share = active/total, always_read_share = 0.
Facts facts(const table::GroupIdentity& identity, const hardware::Catalogue& catalogue);

/// Sets the sizes and figures of `facts` that are not known to those of `other`.
void fill_unknown(Facts& facts, const Facts& other) noexcept;

/// s, the share of a decode step without load that few experts do not make cheaper, of its energy or of its
/// time; 1 for dense. Source: docs/law.md (4).
double always_spent_share(const Facts& facts, bool energy) noexcept;

/// What a decode step of `batch` requests costs without load, in joules or seconds, as a share of one that
/// reads all weights: s + (1-s)(1-(1-k/n)^batch); 1 for dense. Source: docs/law.md (4).
double step_share(const Facts& facts, double batch, bool energy) noexcept;

}  // namespace energylens::predictor
