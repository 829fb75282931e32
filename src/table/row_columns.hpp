// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>

#include "energylens/table/columns.hpp"
#include "energylens/table/row.hpp"

namespace energylens::table {

/// The column of a member of Load or Results.
template <class Struct>
struct MemberColumn {
  Column column;
  double Struct::*member;
};

/// In the order of the canonical sort, which begins with the row kind and ends with the layout.
inline constexpr std::array<MemberColumn<Load>, 8> kLoadColumns = {{
    {Column::batch, &Load::batch},
    {Column::max_batch, &Load::max_batch},
    {Column::isl, &Load::isl},
    {Column::osl, &Load::osl},
    {Column::image_tokens, &Load::image_tokens},
    {Column::cached_tokens, &Load::cached_tokens},
    {Column::accepted_per_step, &Load::accepted_per_step},
    {Column::drafted_per_step, &Load::drafted_per_step},
}};

inline constexpr std::array<MemberColumn<Results>, 13> kResultColumns = {{
    {Column::prefill_energy_j, &Results::prefill_energy_j},
    {Column::decode_energy_j, &Results::decode_energy_j},
    {Column::total_energy_j, &Results::total_energy_j},
    {Column::prefill_time_s, &Results::prefill_time_s},
    {Column::decode_time_s, &Results::decode_time_s},
    {Column::total_time_s, &Results::total_time_s},
    {Column::avg_power_w, &Results::avg_power_w},
    {Column::idle_power_w, &Results::idle_power_w},
    {Column::ttft_s, &Results::ttft_s},
    {Column::tpot_s, &Results::tpot_s},
    {Column::energy_per_out_token_j, &Results::energy_per_out_token_j},
    {Column::energy_per_request_j, &Results::energy_per_request_j},
    {Column::throughput_tok_s, &Results::throughput_tok_s},
}};

/// The columns that distinguish groups, in the order of GroupIdentity::key.
inline constexpr std::array<Column, 11> kGroupColumns = {
    Column::model,         Column::gpu,           Column::engine,      Column::engine_version,
    Column::quant,         Column::kv_dtype,      Column::workload,    Column::role,
    Column::power_limit_w, Column::gpu_clock_mhz, Column::interconnect};

}  // namespace energylens::table
