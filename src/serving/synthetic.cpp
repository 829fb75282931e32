// SPDX-License-Identifier: Apache-2.0
// synthetic.cpp: streams of requests from random gaps and lengths. Gaps and lengths have random numbers of their own, so
// the same lengths arrive whatever the arrivals are. A quantile of the duration is reached by stretching the gaps: of n
// gamma gaps, the sum and the shares of the sum are independent (Lukacs 1955), so replacing the sum by a quantile of its
// gamma distribution (Wilson and Hilferty 1931) leaves everything else as drawn. Held by synthetic_test.cpp.
#include <algorithm>
#include <cmath>

#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"
#include "energylens/serving/traffic.hpp"
#include "numerics/distributions.hpp"

namespace energylens::serving {
namespace {

constexpr std::int32_t kMostTokens = 100'000'000;

void require_traffic(bool holds, const char* message) {
  if (!holds) throw Error::usage(message);
}

/// Gamma-distributed with mean 1 (Marsaglia and Tsang 2000).
double unit_gamma(double shape, Rng& rng) {
  if (shape == 1) return -std::log1p(-rng.uniform());
  if (shape < 1) {
    const double boost = std::pow(1 - rng.uniform(), 1 / shape);
    return unit_gamma(shape + 1, rng) * (shape + 1) * boost / shape;
  }
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = rng.normal(), base = 1 + c * x;
    if (base <= 0) continue;
    const double v = base * base * base;
    if (std::log1p(-rng.uniform()) < 0.5 * x * x + d * (1 - v + std::log(v))) return d * v / shape;
  }
}

/// A quantile of the gamma distribution with mean 1.
double unit_gamma_quantile(double shape, double probability) {
  const double third = 1 / (9 * shape);
  const double root = 1 - third + numerics::normal_quantile(probability) * std::sqrt(third);
  return std::pow(std::max(root, 1e-6), 3);
}

class Gaps {
 public:
  Gaps(const Arrivals& arrivals, std::uint64_t seed)
      : kind_(arrivals.kind),
        mean_s_(kind_ == ArrivalKind::closed ? 0 : 1 / arrivals.rate_rps),
        shape_(kind_ == ArrivalKind::gamma ? 1 / (arrivals.cv * arrivals.cv) : 1),
        rng_(seed) {}

  double next() {
    const bool random = kind_ == ArrivalKind::poisson || kind_ == ArrivalKind::gamma;
    return random ? mean_s_ * unit_gamma(shape_, rng_) : mean_s_;
  }
  /// Stretches all `n` gaps so that they take the given quantile of their sum.
  void take_quantile(std::size_t n, double quantile) {
    if (kind_ == ArrivalKind::even || kind_ == ArrivalKind::closed) return;
    const Rng first = rng_;
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += next();
    rng_ = first;
    const auto count = static_cast<double>(n);
    mean_s_ *= mean_s_ * count * unit_gamma_quantile(shape_ * count, quantile) / sum;
  }

 private:
  ArrivalKind kind_;
  double mean_s_, shape_;
  Rng rng_;
};

std::int32_t drawn_length(const TokenLength& length, Rng& rng) {
  double tokens = length.mean;
  if (length.cv > 0) {
    const double variance = std::log1p(length.cv * length.cv);
    tokens *= std::exp(std::sqrt(variance) * rng.normal() - 0.5 * variance);
  }
  return static_cast<std::int32_t>(std::clamp(std::round(tokens), 1.0, double{kMostTokens}));
}

class SyntheticTraffic : public Traffic {
 public:
  explicit SyntheticTraffic(const TrafficPlan& plan)
      : lengths_(plan.lengths),
        left_(plan.requests),
        gaps_(plan.arrivals, plan.seed),
        rng_(splitmix64(plan.seed)) {
    if (known(plan.duration_quantile)) gaps_.take_quantile(plan.requests, plan.duration_quantile);
  }

  bool next(Request& request) override {
    if (left_ == 0) return false;
    --left_;
    now_s_ += gaps_.next();
    const Tokens tokens = draw();
    request = {now_s_, tokens.prompt, tokens.output, std::min(tokens.cached, tokens.prompt - 1)};
    return true;
  }

 private:
  Tokens draw() {
    if (!lengths_.observed.empty()) return lengths_.observed[rng_.below(lengths_.observed.size())];
    Tokens tokens{drawn_length(lengths_.prompt, rng_), drawn_length(lengths_.output, rng_), 0};
    if (const std::int32_t most = lengths_.most_tokens; most > 0) {
      tokens.prompt = std::min(tokens.prompt, most - 1);
      tokens.output = std::min(tokens.output, most - tokens.prompt);
    }
    tokens.cached = static_cast<std::int32_t>(lengths_.cached_share * tokens.prompt);
    return tokens;
  }

  Lengths lengths_;
  std::size_t left_;
  double now_s_ = 0;
  Gaps gaps_;
  Rng rng_;
};

}  // namespace

Arrivals parse_arrivals(std::string_view text) {
  Arrivals out;
  if (text == "poisson") return out;
  if (text == "even") {
    out.kind = ArrivalKind::even;
    return out;
  }
  constexpr std::string_view kGamma = "gamma:";
  if (text.starts_with(kGamma)) {
    const auto cv = parse_number(text.substr(kGamma.size()));
    if (cv && *cv > 0 && *cv <= 100) {
      out.kind = ArrivalKind::gamma;
      out.cv = *cv;
      return out;
    }
  }
  throw Error::usage('"' + std::string(text) +
                     "\" is not a kind of arrivals; use poisson, even, gamma:CV or trace:FILE");
}

std::string arrivals_text(const Arrivals& arrivals) {
  switch (arrivals.kind) {
    case ArrivalKind::poisson:
      return "poisson";
    case ArrivalKind::gamma:
      return "gamma:" + number_text(arrivals.cv);
    case ArrivalKind::even:
      return "even";
    case ArrivalKind::closed:
      return "closed loop";
  }
  return {};
}

Arrivals every_nth(const Arrivals& arrivals, int replicas) {
  Arrivals out = arrivals;
  if (replicas <= 1) return out;
  out.rate_rps /= replicas;
  if (out.kind == ArrivalKind::poisson || out.kind == ArrivalKind::gamma) {
    out.kind = ArrivalKind::gamma;
    out.cv /= std::sqrt(replicas);
  }
  return out;
}

void Lengths::validate() const {
  for (const TokenLength* one : {&prompt, &output}) {
    require_traffic(one->mean >= 1 && one->mean <= kMostTokens, "a mean length must be at least one token");
    require_traffic(one->cv >= 0 && one->cv <= 100, "the variation of lengths must be from 0 to 100");
  }
  require_traffic(cached_share >= 0 && cached_share < 1, "the cached share must be at least 0 and below 1");
  require_traffic(most_tokens == 0 || most_tokens >= 2, "a request needs room for two tokens");
}

void TrafficPlan::validate() const {
  lengths.validate();
  const bool closed = arrivals.kind == ArrivalKind::closed;
  require_traffic(closed || arrivals.rate_rps > 0, "the rate must be above 0");
  require_traffic(!closed || arrivals.clients >= 1, "a closed loop needs at least one client");
  require_traffic(arrivals.cv > 0, "the variation of gaps must be above 0");
  require_traffic(!known(duration_quantile) || (duration_quantile > 0 && duration_quantile < 1),
                  "the quantile of the duration must be between 0 and 1");
}

std::unique_ptr<Traffic> synthetic_traffic(const TrafficPlan& plan) {
  plan.validate();
  return std::make_unique<SyntheticTraffic>(plan);
}

}  // namespace energylens::serving
