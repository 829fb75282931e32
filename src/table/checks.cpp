// SPDX-License-Identifier: Apache-2.0
// A working GPU draws between a few watts and a few kilowatts. Every power that a row implies is checked against
// that range, which finds units that are wrong by a factor of a thousand. Held by read_csv_test.cpp.
#include "table/checks.hpp"

#include <fmt/format.h>

#include <array>

#include "core/rounded_text.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "table/definitions.hpp"
#include "table/layout_of.hpp"
#include "table/little.hpp"

namespace energylens::table {
namespace {

constexpr double kLeastPowerPerGpuW = 5;
constexpr double kMostPowerPerGpuW = 5000;
constexpr double kMostIdlePerGpuW = 1000;
constexpr double kLeastClockMhz = 50, kMostClockMhz = 10000;
/// A limit below what the GPU supports is not enforced, so that a mean power may exceed it, but by less than this factor.
constexpr double kOverLimit = 2;

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
  const std::string_view time = low && unit == "J" ? ", or the time in ms," : "";
  throw Error::bad_input(std::move(place),
                         fmt::format("{} per GPU ({}) is outside 5 W to 5 kW; is it in {}{}{} by mistake?",
                                     quantity_text(power_w, "W"), from, low ? 'k' : 'm', unit, time));
}

/// `energy_j` over the time, or times the rate, that stands in `implied.other`; blanks pass.
void check_implied(const Table& table, std::size_t row, int gpus, const ImpliedPower& implied,
                   double energy_j) {
  const double other = number_at(table, implied.other, row);
  if (!known(energy_j) || !known(other)) return;
  const double implied_w = (implied.other_is_rate ? energy_j * other : energy_j / other) / gpus;
  if (plausible(implied_w)) return;
  refuse_power(place_of(table, row, implied.energy), implied_w,
               fmt::format("{} {}, {} {}, GPUs: {}", info(implied.energy).name, number_text(energy_j),
                           info(implied.other).name, number_text(other), gpus),
               "J");
}

void check_powers(const Table& table, std::size_t row, int gpus) {
  const double power_w = number_at(table, Column::avg_power_w, row);
  if (known(power_w) && !plausible(power_w / gpus)) {
    refuse_power(place_of(table, row, Column::avg_power_w), power_w / gpus,
                 fmt::format("avg_power_w {}, GPUs: {}", number_text(power_w), gpus), "W");
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

/// A quantity that is part of another.
struct Part {
  Column part, whole;
};
constexpr std::array<Part, 4> kParts = {{{Column::prefill_energy_j, Column::total_energy_j},
                                         {Column::decode_energy_j, Column::total_energy_j},
                                         {Column::prefill_time_s, Column::total_time_s},
                                         {Column::decode_time_s, Column::total_time_s}}};
/// Phases are often measured in separate runs, so that a part may be above the whole.
constexpr double kPartTolerance = 1.25;

void check_parts(const Table& table, std::size_t row) {
  for (const auto& [part, whole] : kParts) {
    const double share = number_at(table, part, row), all = number_at(table, whole, row);
    if (!(share > kPartTolerance * all)) continue;
    throw Error::bad_input(place_of(table, row, part),
                           fmt::format("{} is more than {}, which is {}", number_text(share),
                                       info(whole).name, number_text(all)));
  }
}

/// Power and energy may be of different windows, and phases of separate runs, so that figures differ by less than
/// this factor.
constexpr double kPowerTolerance = 1.5;

bool is_steady(const Table& table, std::size_t row) {
  return table.text(Column::row_kind, row) == "steady";
}

/// Both phases of a job against its total. All energy is in the phases; the total time may contain more
/// (definitions.hpp).
void check_phases(const Table& table, std::size_t row, const std::array<Column, 3>& columns, bool complete) {
  const auto [prefill, decode, whole] = columns;
  const double encoder_j = number_at(table, Column::encoder_energy_j, row);
  const double sum = number_at(table, prefill, row) + number_at(table, decode, row);
  const double most = complete && known(encoder_j) ? sum + encoder_j : sum;
  const double all = number_at(table, whole, row);
  const bool above = sum > kPowerTolerance * all, below = complete && kPowerTolerance * most < all;
  if (is_steady(table, row) || !(above || below)) return;
  throw Error::bad_input(
      place_of(table, row, whole),
      fmt::format("{} contradicts its phases: {} {} and {} {} add up to {}", number_text(all),
                  info(prefill).name, number_text(number_at(table, prefill, row)), info(decode).name,
                  number_text(number_at(table, decode, row)), rounded_text(sum)));
}

/// The requests of a job start and end within it.
void check_latency(const Table& table, std::size_t row, Column latency) {
  const double latency_s = number_at(table, latency, row);
  const double all_s = number_at(table, Column::total_time_s, row);
  if (is_steady(table, row) || !(latency_s > kPartTolerance * all_s)) return;
  throw Error::bad_input(
      place_of(table, row, latency),
      fmt::format("{} s is longer than the job, whose total_time_s is {}; is it in ms by mistake?",
                  number_text(latency_s), number_text(all_s)));
}

/// The mean power under load, from the columns that give it.
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
                         fmt::format("{} W without load is more than the mean power under load, {}",
                                     number_text(idle_w), quantity_text(load_w, "W")));
}

void check_power_of_energy(const Table& table, std::size_t row, int gpus) {
  const double power_w = number_at(table, Column::avg_power_w, row);
  const double energy_j = number_at(table, Column::total_energy_j, row);
  const double time_s = number_at(table, Column::total_time_s, row);
  const double ratio = energy_j / time_s / power_w;
  if (!known(ratio) || (ratio < kPowerTolerance && ratio > 1 / kPowerTolerance)) return;
  const bool of_one = gpus > 1 && ratio / gpus < kPowerTolerance && ratio / gpus > 1 / kPowerTolerance;
  throw Error::bad_input(place_of(table, row, Column::avg_power_w),
                         fmt::format("{} W contradicts total_energy_j {} over total_time_s {}, which is {}{}",
                                     number_text(power_w), number_text(energy_j), number_text(time_s),
                                     quantity_text(energy_j / time_s, "W"),
                                     of_one ? "; is it the power of one GPU by mistake?" : ""));
}

void check_part_of_isl(const Table& table, std::size_t row, Column part) {
  const double tokens = number_at(table, part, row);
  const double isl = number_at(table, Column::isl, row);
  if (!(tokens > isl)) return;
  throw Error::bad_input(place_of(table, row, part), fmt::format("{} is more than isl, which is {}",
                                                                 number_text(tokens), number_text(isl)));
}

/// A setting or an idle power in a wrong unit, and more power than the limit that was set.
void check_settings(const Table& table, std::size_t row, int gpus) {
  const auto refuse_outside = [&](Column column, double value, double least, double most,
                                  std::string_view range, std::string_view question) {
    if (!known(value) || (value >= least && value <= most)) return;
    throw Error::bad_input(
        place_of(table, row, column),
        fmt::format("{} {} is outside {}; {}", rounded_text(value), info(column).unit, range, question));
  };
  const double limit_w = number_at(table, Column::power_limit_w, row);
  refuse_outside(Column::power_limit_w, limit_w, kLeastPowerPerGpuW, kMostPowerPerGpuW, "5 W to 5 kW per GPU",
                 limit_w > kMostPowerPerGpuW ? "is it in mW?" : "is it in kW?");
  const double clock_mhz = number_at(table, Column::gpu_clock_mhz, row);
  refuse_outside(Column::gpu_clock_mhz, clock_mhz, kLeastClockMhz, kMostClockMhz, "50 MHz to 10 GHz",
                 clock_mhz > kMostClockMhz ? "is it in kHz or Hz?" : "is it in GHz?");
  const double idle_w = number_at(table, Column::idle_power_w, row) / gpus;
  refuse_outside(Column::idle_power_w, idle_w, 0, kMostIdlePerGpuW, "1 kW per GPU without load",
                 "is it in mW?");
  const std::string scope = lower_case(table.text(Column::energy_scope, row));
  if (!scope.empty() && !scope.starts_with("gpu")) return;  // a node draws more than its GPUs
  const double power_w = load_power_w(table, row) / gpus;
  if (power_w > kOverLimit * limit_w)
    throw Error::bad_input(place_of(table, row, Column::power_limit_w),
                           fmt::format("the mean power of {} per GPU is above this limit of {} ({})",
                                       quantity_text(power_w, "W"), quantity_text(limit_w, "W"),
                                       plural(static_cast<std::size_t>(gpus), "GPU")));
}

void check_row(const Table& table, std::size_t row) {
  const int gpus = layout_of(table, row).gpus();
  check_powers(table, row, gpus);
  check_parts(table, row);
  check_phases(table, row, {Column::prefill_energy_j, Column::decode_energy_j, Column::total_energy_j}, true);
  check_phases(table, row, {Column::prefill_time_s, Column::decode_time_s, Column::total_time_s}, false);
  check_power_of_energy(table, row, gpus);
  check_latency(table, row, Column::ttft_s);
  check_latency(table, row, Column::tpot_s);
  check_idle(table, row);
  check_definitions(table, row, gpus);
  check_little(table, row, gpus);
  check_settings(table, row, gpus);
  check_part_of_isl(table, row, Column::image_tokens);
  check_part_of_isl(table, row, Column::cached_tokens);
}

}  // namespace

void check_rows(const Table& table, const std::vector<bool>& sound, Mistakes& mistakes) {
  for (std::size_t row = 0; row < table.rows() && !mistakes.too_many(); ++row) {
    if (!sound[row]) continue;
    try {
      check_row(table, row);
    } catch (const Error& error) {
      mistakes.add(error);
    }
  }
}

}  // namespace energylens::table
