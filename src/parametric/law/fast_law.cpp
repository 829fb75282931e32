// SPDX-License-Identifier: Apache-2.0
// Of a job of b requests per replica in n waves, most of the law is linear in b and n: only B^b4 and the
// weights read are summed over the waves, `full` times for M requests and once for the remainder. A whole job is
// shared out in whole requests, so that a share of the replicas has one more than the others: energies are their
// mean, times those of the replica with more. Layout factors are powers known beforehand, and so are the two
// nonlinear terms of whole batches. Jobs are worked through in blocks that
// stay in the first-level cache, in stages that are either arithmetic, which compilers vectorise, or
// look-ups, which they leave scalar. About 10 ns a job. Held by fast_law_test.cpp against the expression and
// against terms.cpp.
#include "parametric/fast_law.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>

#include "predictor/waves.hpp"

// Columns of jobs and of a block never overlap.
#ifdef __clang__
#define ENERGYLENS_INDEPENDENT
#else
#define ENERGYLENS_INDEPENDENT _Pragma("GCC ivdep")
#endif

namespace energylens::parametric {
namespace {

constexpr std::size_t kBlock = 256;
constexpr int kTabulated = 4096;            ///< waves of 0 ... kTabulated - 1 requests
constexpr double kUnlimitedBlocks = 1e300;  ///< finite, so that 0 full waves of M requests are 0 requests

}  // namespace

FastLaw::FastLaw(const PlainLaw& law, std::span<const FastLayout> layouts) : law_(law) {
  const Parameters& c = law.parameters;
  for (const FastLayout& fast : layouts) {
    const table::Layout& l = fast.layout;
    // Attention data parallel under expert parallelism: all its GPUs work on every step.
    const double tp = l.tp * (l.attention_data_parallel() ? l.dp : 1), pp = l.pp;
    const double replicas = predictor::replicas(l), adding = law.metric == Metric::energy ? replicas : 1;
    const double capacity = fast.kv_capacity_tokens;
    LayoutFactors f;
    const double traffic = (law.metric == Metric::energy ? pp : 1) * (std::pow(tp, c[B6]) - 1),
                 shared = law.metric == Metric::energy ? adding : 1 / tp;
    f.prefill = shared * (1 + c[A2] * traffic) * std::pow(pp, c[A3]);
    f.weights = adding * c[B0] * std::pow(tp, c[B1]) * (1 + c[B2] * (pp - 1));
    f.work = shared * c[B3] * (1 + c[B5] * traffic);
    f.cache = shared * c[B7];
    f.blocks =
        known(capacity) ? std::min(capacity / predictor::kKvBlockTokens, kUnlimitedBlocks) : kUnlimitedBlocks;
    f.replicas = replicas;
    layouts_.push_back(f);
  }
  powers_.push_back({0, 0});
  for (int requests = 1; requests < kTabulated; ++requests) powers_.push_back(wave_powers(requests));
}

FastLaw::WavePowers FastLaw::wave_powers(double size) const {
  return {std::pow(size, law_.parameters[B4]), predictor::step_share(law_.facts, size, law_.metric)};
}

/// One block of jobs on its way through the stages.
struct FastKernel {
  std::array<double, kBlock> prefill, weights, work, cache, blocks, replicas;
  std::array<double, kBlock> each, full, waves, size, rest, rest_of_more, more_share;
  std::array<double, kBlock> full_row, rest_row, more_row, growth_sum, weights_sum;
  bool untabulated = false;  ///< some job of the block needs a power that is not in the table

  [[gnu::always_inline]] void look_up_layouts(const FastLaw& law, const Jobs& jobs, std::size_t begin,
                                              std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
      assert(jobs.layout[begin + i] < law.layouts_.size());
      const FastLaw::LayoutFactors& f = law.layouts_[jobs.layout[begin + i]];
      prefill[i] = f.prefill;
      weights[i] = f.weights;
      work[i] = f.work;
      cache[i] = f.cache;
      blocks[i] = f.blocks;
      replicas[i] = f.replicas;
    }
  }

  /// Row of the table of powers for a wave of `requests`; -1 if it has none.
  [[gnu::always_inline]] static double row_of(double requests) {
    const double row = requests < kTabulated ? requests : -1;
    return std::floor(requests) == requests && requests >= 0 ? row : -1;
  }

  // Free of branches: what would be one is a choice between two values.
  [[gnu::always_inline]] void split_into_waves(bool energy, const Jobs& jobs, std::size_t begin,
                                               std::size_t n) {
    const double *batch = jobs.batch.data() + begin, *isl = jobs.isl.data() + begin,
                 *osl = jobs.osl.data() + begin;
    std::int64_t signs = 0;
    ENERGYLENS_INDEPENDENT
    for (std::size_t i = 0; i < n; ++i) {
      const double input = isl[i] == isl[i] ? isl[i] : 0;
      const double needed = std::ceil((input + osl[i]) * (1 / predictor::kKvBlockTokens));
      const double at_once = std::floor(blocks[i] / (needed > 1 ? needed : 1));
      const double divisor = at_once >= 1 ? at_once : kUnlimitedBlocks;
      const double even = batch[i] / replicas[i];
      const double fewer = std::floor(batch[i]) == batch[i] ? std::floor(even) : even;
      const double left = std::floor(batch[i]) == batch[i] ? batch[i] - fewer * replicas[i] : 0;
      const double share = energy ? left / replicas[i] : (left > 0 ? 1.0 : 0.0);
      const double whole_waves = std::floor(fewer / divisor);
      const double remainder = fewer - whole_waves * divisor;
      const bool fills = remainder + 1 >= divisor;  // one more request makes the last wave a full one
      const double rest_more = fills ? 0 : remainder + 1;
      const double full_waves = whole_waves + (fills ? share : 0);
      const double full_at = row_of(full_waves > 0 ? divisor : 0);
      const double rest_at = row_of(remainder), more_at = row_of(share > 0 ? rest_more : 0);
      size[i] = at_once;
      each[i] = fewer + share;
      full[i] = full_waves;
      waves[i] = full_waves + (1 - share) * (remainder > 0 ? 1.0 : 0.0) + share * (rest_more > 0 ? 1.0 : 0.0);
      rest[i] = remainder;
      rest_of_more[i] = rest_more;
      more_share[i] = share;
      full_row[i] = full_at;
      rest_row[i] = rest_at;
      more_row[i] = more_at;
      signs |= std::bit_cast<std::int64_t>(full_at) | std::bit_cast<std::int64_t>(rest_at) |
               std::bit_cast<std::int64_t>(more_at);
    }
    untabulated = signs < 0;
  }

  [[gnu::always_inline]] void add_powers(std::size_t i, const FastLaw::WavePowers& of_full,
                                         const FastLaw::WavePowers& of_rest,
                                         const FastLaw::WavePowers& of_more) {
    const double share = more_share[i];
    growth_sum[i] = full[i] * of_full.growth + (1 - share) * of_rest.growth + share * of_more.growth;
    weights_sum[i] = full[i] * of_full.weights + (1 - share) * of_rest.weights + share * of_more.weights;
  }

  [[gnu::always_inline]] void look_up_powers(const FastLaw& law, std::size_t n) {
    const FastLaw::WavePowers* powers = law.powers_.data();
    for (std::size_t i = 0; i < n; ++i) {
      add_powers(i, powers[static_cast<std::int32_t>(full_row[i])],
                 powers[static_cast<std::int32_t>(rest_row[i])],
                 powers[static_cast<std::int32_t>(more_row[i])]);
    }
  }

  /// The rare way, for blocks in which some power is not tabulated.
  void compute_powers(const FastLaw& law, std::size_t n) {
    const auto powers = [&](double row, double requests) {
      if (row >= 0) return law.powers_[static_cast<std::size_t>(row)];
      return requests <= 0 ? FastLaw::WavePowers{0, 0} : law.wave_powers(requests);
    };
    for (std::size_t i = 0; i < n; ++i) {
      add_powers(i, powers(full_row[i], size[i]), powers(rest_row[i], rest[i]),
                 powers(more_row[i], rest_of_more[i]));
    }
  }

  template <bool experts, bool isl_known>
  [[gnu::always_inline]] void add_up(const FastLaw& law, const Jobs& jobs, std::size_t begin,
                                     std::span<double> out) {
    const double *batch = jobs.batch.data() + begin, *isl = jobs.isl.data() + begin,
                 *osl = jobs.osl.data() + begin;
    const double a0 = law.law_.parameters[A0], a1 = law.law_.parameters[A1];
    double* const values = out.data();
    const std::size_t n = out.size();
    ENERGYLENS_INDEPENDENT
    for (std::size_t i = 0; i < n; ++i) {
      const double input = isl_known ? isl[i] : 1, context = (isl_known ? isl[i] : 0) + osl[i] / 2;
      const double start = (a0 * waves[i] + a1 * each[i] * input) * prefill[i];
      const double read = weights[i] * (experts ? weights_sum[i] : waves[i]);
      const double step = read + growth_sum[i] * (work[i] + cache[i] * context);
      const double sum = start + (osl[i] - 1) * step;
      double value = size[i] >= 1 ? sum : kUnknown;
      value = batch[i] >= 0 ? value : kUnknown;
      value = osl[i] >= 1 ? value : kUnknown;
      values[i] = input >= 0 ? value : kUnknown;
    }
  }

  template <bool experts, bool isl_known>
  [[gnu::always_inline]] static void run(const FastLaw& law, const Jobs& jobs, std::span<double> out) {
    FastKernel block;
    for (std::size_t begin = 0; begin < out.size(); begin += kBlock) {
      const std::size_t n = std::min(kBlock, out.size() - begin);
      block.look_up_layouts(law, jobs, begin, n);
      block.split_into_waves(law.law_.metric == Metric::energy, jobs, begin, n);
      if (block.untabulated) {
        block.compute_powers(law, n);
      } else {
        block.look_up_powers(law, n);
      }
      block.add_up<experts, isl_known>(law, jobs, begin, out.subspan(begin, n));
    }
  }

  [[gnu::always_inline]] static void run_variant(const FastLaw& law, const Jobs& jobs,
                                                 std::span<double> out) {
    const predictor::Facts& facts = law.law_.facts;
    if (!law.law_.isl_known) return run<true, false>(law, jobs, out);
    if (facts.expert_share < 1 && facts.always_read_share < 1) return run<true, true>(law, jobs, out);
    run<false, true>(law, jobs, out);
  }

  static void run_baseline(const FastLaw& law, const Jobs& jobs, std::span<double> out) {
    run_variant(law, jobs, out);
  }

#if defined(__x86_64__)
  [[gnu::target("avx2")]] static void run_avx2(const FastLaw& law, const Jobs& jobs, std::span<double> out) {
    run_variant(law, jobs, out);
  }
#endif
};

void FastLaw::evaluate(const Jobs& jobs, std::span<double> out) const {
  assert(jobs.layout.size() == out.size() && jobs.batch.size() == out.size());
  assert(jobs.isl.size() == out.size() && jobs.osl.size() == out.size());
#if defined(__x86_64__)
  static const bool fast = __builtin_cpu_supports("avx2");
  if (fast) return FastKernel::run_avx2(*this, jobs, out);
#endif
  FastKernel::run_baseline(*this, jobs, out);
}

}  // namespace energylens::parametric
