// SPDX-License-Identifier: Apache-2.0
// A recorder, and so a thread, per meter. Held by recorder_test.cpp.
#include "meter/recorders.hpp"

#include <unistd.h>

#include <array>

namespace energylens::meter {

Recorders::Recorders(std::span<const NamedMeter> meters, const RecordOptions& options, Clock& clock) {
  for (const NamedMeter& one : meters) {
    names_.push_back(one.name);
    all_.push_back(std::make_unique<Recorder>(*one.meter, options, clock));
  }
  for (const auto& recorder : all_) recorder->start();
}

void Recorders::align() {
  for (const auto& recorder : all_) recorder->align();
}

Trace Recorders::stop() {
  Trace trace;
  trace.hostname = host_name();
  for (std::size_t i = 0; i < all_.size(); ++i) {
    all_[i]->stop();
    for (Track track : all_[i]->trace().tracks) {
      track.meter = names_[i];
      trace.tracks.push_back(std::move(track));
    }
  }
  return trace;
}

std::vector<Timing> Recorders::timings() const {
  std::vector<Timing> timings;
  for (const auto& recorder : all_) timings.push_back(recorder->timing());
  return timings;
}

std::string host_name() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return host.data();
}

}  // namespace energylens::meter
