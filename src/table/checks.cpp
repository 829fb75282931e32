// SPDX-License-Identifier: Apache-2.0
// A GPU that computes draws between some watts and a few kilowatts. Every power that a row implies is held
// against that, since kJ for J or mJ for J is off by a thousand and cannot hide. Held by read_csv_test.cpp.
#include "table/checks.hpp"

#include <array>

#include "energylens/core/error.hpp"
#include "energylens/core/rounded_text.hpp"
#include "table/definitions.hpp"
#include "table/layout_of.hpp"

namespace energylens::table {
namespace {

constexpr double kLeastPowerPerGpuW = 5;
constexpr double kMostPowerPerGpuW = 5000;

/// A power over all GPUs that two columns imply: energy / time, or energy per token * tokens per second.
struct ImpliedPower {
  Column energy, other;
  bool other_is_rate;
};
constexpr std::array<ImpliedPower, 4> kImpliedPowers = {
    {{Column::total_energy_j, Column::total_time_s, false},
     {Column::prefill_energy_j, Column::prefill_time_s, false},
     {Column::decode_energy_j, Column::decode_time_s, false},
     {Column::energy_per_out_token_j, Column::throughput_tok_s, true}}};

bool plausible(double power_per_gpu_w) {
  return power_per_gpu_w >= kLeastPowerPerGpuW && power_per_gpu_w <= kMostPowerPerGpuW;
}

[[noreturn]] void refuse_power(Place place, double power_w, const std::string& from, std::string_view unit) {
  const bool low = power_w < kLeastPowerPerGpuW;
  std::string mistaken = (low ? "k" : "m") + std::string(unit);
  if (low && unit == "J") mistaken += ", or the time in ms,";
  throw Error::bad_input(std::move(place), quantity_text(power_w, "W") + " per GPU (" + from +
                                               ") is outside 5 W to 5 kW; is it in " + mistaken +
                                               " by mistake?");
}

/// `energy_j` over the time, or times the rate, that stands in `implied.other`; blanks pass.
void check_implied(const Table& table, std::size_t row, int gpus, const ImpliedPower& implied,
                   double energy_j) {
  const double other = number_at(table, implied.other, row);
  if (!known(energy_j) || !known(other)) return;
  const double implied_w = (implied.other_is_rate ? energy_j * other : energy_j / other) / gpus;
  if (plausible(implied_w)) return;
  refuse_power(place_of(table, row, implied.energy), implied_w,
               std::string(info(implied.energy).name) + ' ' + number_text(energy_j) + ", " +
                   std::string(info(implied.other).name) + ' ' + number_text(other) +
                   ", GPUs: " + std::to_string(gpus),
               "J");
}

void check_powers(const Table& table, std::size_t row, int gpus) {
  const double power_w = number_at(table, Column::avg_power_w, row);
  if (known(power_w) && !plausible(power_w / gpus)) {
    refuse_power(place_of(table, row, Column::avg_power_w), power_w / gpus,
                 "avg_power_w " + number_text(power_w) + ", GPUs: " + std::to_string(gpus), "W");
  }
  for (const ImpliedPower& implied : kImpliedPowers) {
    check_implied(table, row, gpus, implied, number_at(table, implied.energy, row));
  }
  if (known(number_at(table, Column::total_energy_j, row))) return;
  // Two phases without a total, but with the time of both: their sum is the energy of that time.
  check_implied(
      table, row, gpus, {Column::decode_energy_j, Column::total_time_s, false},
      number_at(table, Column::prefill_energy_j, row) + number_at(table, Column::decode_energy_j, row));
}

/// What is part of something else, and the whole.
struct Part {
  Column part, whole;
};
constexpr std::array<Part, 4> kParts = {{{Column::prefill_energy_j, Column::total_energy_j},
                                         {Column::decode_energy_j, Column::total_energy_j},
                                         {Column::prefill_time_s, Column::total_time_s},
                                         {Column::decode_time_s, Column::total_time_s}}};
/// Phases are often measured in runs of their own, so a part may come out above the whole.
constexpr double kPartTolerance = 1.25;

void check_parts(const Table& table, std::size_t row) {
  for (const auto& [part, whole] : kParts) {
    const double share = number_at(table, part, row), all = number_at(table, whole, row);
    if (!(share > kPartTolerance * all)) continue;
    throw Error::bad_input(place_of(table, row, part), number_text(share) + " is more than " +
                                                           std::string(info(whole).name) + ", which is " +
                                                           number_text(all));
  }
}

/// Power may be averaged over another window than energy, but not be another quantity. Phases of runs of
/// their own add up to the total within the same.
constexpr double kPowerTolerance = 1.5;

bool is_steady(const Table& table, std::size_t row) {
  return table.text(Column::row_kind, row) == "steady";
}

/// Both phases of a job against its total. Energy is all in the phases; of time, more may be in the total
/// (definitions.hpp).
void check_phases(const Table& table, std::size_t row, const std::array<Column, 3>& columns, bool complete) {
  const auto [prefill, decode, whole] = columns;
  const double encoder_j = number_at(table, Column::encoder_energy_j, row);
  const double sum = number_at(table, prefill, row) + number_at(table, decode, row);
  const double most = complete && known(encoder_j) ? sum + encoder_j : sum;
  const double all = number_at(table, whole, row);
  const bool above = sum > kPowerTolerance * all, below = complete && kPowerTolerance * most < all;
  if (is_steady(table, row) || !(above || below)) return;
  throw Error::bad_input(place_of(table, row, whole),
                         number_text(all) + " contradicts its phases: " + std::string(info(prefill).name) +
                             ' ' + number_text(number_at(table, prefill, row)) + " and " +
                             std::string(info(decode).name) + ' ' +
                             number_text(number_at(table, decode, row)) + " add up to " + rounded_text(sum));
}

/// The requests of a job start and end within it.
void check_latency(const Table& table, std::size_t row, Column latency) {
  const double latency_s = number_at(table, latency, row);
  const double all_s = number_at(table, Column::total_time_s, row);
  if (is_steady(table, row) || !(latency_s > kPartTolerance * all_s)) return;
  throw Error::bad_input(place_of(table, row, latency),
                         number_text(latency_s) + " s is more than the job takes: total_time_s is " +
                             number_text(all_s) + "; is it in ms by mistake?");
}

/// The mean power under load, from whatever tells it.
double load_power_w(const Table& table, std::size_t row) {
  const double power_w = number_at(table, Column::avg_power_w, row);
  if (known(power_w)) return power_w;
  if (is_steady(table, row))
    return number_at(table, Column::energy_per_out_token_j, row) *
           number_at(table, Column::throughput_tok_s, row);
  return number_at(table, Column::total_energy_j, row) / number_at(table, Column::total_time_s, row);
}

void check_idle(const Table& table, std::size_t row) {
  const double idle_w = number_at(table, Column::idle_power_w, row), load_w = load_power_w(table, row);
  if (!(idle_w > kPartTolerance * load_w)) return;
  throw Error::bad_input(place_of(table, row, Column::idle_power_w),
                         number_text(idle_w) + " W without load is more than the mean power under load, " +
                             quantity_text(load_w, "W"));
}

void check_power_of_energy(const Table& table, std::size_t row, int gpus) {
  const double power_w = number_at(table, Column::avg_power_w, row);
  const double energy_j = number_at(table, Column::total_energy_j, row);
  const double time_s = number_at(table, Column::total_time_s, row);
  const double ratio = energy_j / time_s / power_w;
  if (!known(ratio) || (ratio < kPowerTolerance && ratio > 1 / kPowerTolerance)) return;
  const bool of_one = gpus > 1 && ratio / gpus < kPowerTolerance && ratio / gpus > 1 / kPowerTolerance;
  throw Error::bad_input(place_of(table, row, Column::avg_power_w),
                         number_text(power_w) + " W contradicts total_energy_j " + number_text(energy_j) +
                             " over total_time_s " + number_text(time_s) + ", which is " +
                             quantity_text(energy_j / time_s, "W") +
                             (of_one ? "; is it the power of one GPU by mistake?" : ""));
}

void check_part_of_isl(const Table& table, std::size_t row, Column part) {
  const double tokens = number_at(table, part, row);
  const double isl = number_at(table, Column::isl, row);
  if (!(tokens > isl)) return;
  throw Error::bad_input(place_of(table, row, part),
                         number_text(tokens) + " is more than isl, which is " + number_text(isl));
}

}  // namespace

void check_rows(const Table& table) {
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const int gpus = layout_of(table, row).gpus();
    check_powers(table, row, gpus);
    check_parts(table, row);
    check_phases(table, row, {Column::prefill_energy_j, Column::decode_energy_j, Column::total_energy_j},
                 true);
    check_phases(table, row, {Column::prefill_time_s, Column::decode_time_s, Column::total_time_s}, false);
    check_power_of_energy(table, row, gpus);
    check_latency(table, row, Column::ttft_s);
    check_latency(table, row, Column::tpot_s);
    check_idle(table, row);
    check_definitions(table, row, gpus);
    check_part_of_isl(table, row, Column::image_tokens);
    check_part_of_isl(table, row, Column::cached_tokens);
  }
}

}  // namespace energylens::table
