// SPDX-License-Identifier: Apache-2.0
#include "recorders.hpp"

#include <unistd.h>

#include <array>

namespace energylens::cli {

Recorders::Recorders(const std::vector<TriedMeter>& tried, const meter::RecordOptions& options) {
  for (const TriedMeter& one : tried) {
    if (!one.opened.meter) continue;
    names_.emplace_back(one.backend->name);
    all_.push_back(std::make_unique<meter::Recorder>(*one.opened.meter, options));
  }
  for (const auto& recorder : all_) recorder->start();
}

void Recorders::align() {
  for (const auto& recorder : all_) recorder->align();
}

meter::Trace Recorders::stop() {
  meter::Trace trace;
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  trace.hostname = host.data();
  for (std::size_t i = 0; i < all_.size(); ++i) {
    all_[i]->stop();
    for (meter::Track track : all_[i]->trace().tracks) {
      track.meter = names_[i];
      trace.tracks.push_back(std::move(track));
    }
  }
  return trace;
}

std::vector<meter::Timing> Recorders::timings() const {
  std::vector<meter::Timing> timings;
  for (const auto& recorder : all_) timings.push_back(recorder->timing());
  return timings;
}

}  // namespace energylens::cli
