// SPDX-License-Identifier: Apache-2.0
// Held by report_test.cpp against sorted numbers.
#include "energylens/serving/report.hpp"

#include <algorithm>
#include <cmath>

namespace energylens::serving {
namespace {

constexpr double kLeast = 1e-9, kGrowth = 1.01;
const double kPerLog = 1 / std::log(kGrowth);

std::size_t class_of(double value) {
  if (!(value >= kLeast)) return 0;
  return 1 + static_cast<std::size_t>(std::log(value / kLeast) * kPerLog);
}

/// The number that stands for a class: the one whose distance to both bounds is the same share.
double middle_of(std::size_t index) {
  return index == 0 ? 0 : kLeast * std::pow(kGrowth, static_cast<double>(index) - 0.5);
}

}  // namespace

void Histogram::add(double value, std::uint64_t times) {
  const std::size_t index = class_of(value);
  if (index >= classes_.size()) classes_.resize(index + 1);
  classes_[index] += times;
  count_ += times;
  sum_ += value * static_cast<double>(times);
  largest_ = std::max(largest_, value);
}

void Histogram::merge(const Histogram& other) {
  if (other.classes_.size() > classes_.size()) classes_.resize(other.classes_.size());
  for (std::size_t i = 0; i < other.classes_.size(); ++i) classes_[i] += other.classes_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  largest_ = std::max(largest_, other.largest_);
}

double Histogram::quantile(double p) const {
  if (count_ == 0) return kUnknown;
  const auto wanted =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(p * static_cast<double>(count_))));
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < classes_.size(); ++i) {
    below += classes_[i];
    if (below >= wanted) return std::min(middle_of(i), largest_);
  }
  return largest_;
}

void Report::merge(const Report& other) {
  ttft_s.merge(other.ttft_s);
  e2e_s.merge(other.e2e_s);
  tpot_s.merge(other.tpot_s);
  power_w.merge(other.power_w);
  requests += other.requests;
  refused += other.refused;
  within += other.within;
  preemptions += other.preemptions;
  steps += other.steps;
  for (double Report::*const sum :
       {&Report::prompt_tokens, &Report::cached_tokens, &Report::output_tokens, &Report::computed_tokens,
        &Report::decoded_tokens, &Report::recomputed_tokens, &Report::busy_j, &Report::idle_j,
        &Report::busy_s, &Report::idle_s, &Report::duration_s, &Report::requests_s})
    this->*sum += other.*sum;
  most_waiting = std::max(most_waiting, other.most_waiting);
}

}  // namespace energylens::serving
