// SPDX-License-Identifier: Apache-2.0
// Recordings, nvidia-smi logs and Prometheus pages from anywhere: what is accepted is measured, and a
// recording reads back from its own CSV; all else must be refused by an Error of one line.
// tests/meter/fuzz_replay_test.cpp replays the corpus without a fuzzer.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "energylens/core/error.hpp"
#include "energylens/meter/window.hpp"
#include "meter/prometheus.hpp"

namespace {

using namespace energylens;

template <class Reader>
void expect_value_or_error(const Reader& reader) {
  try {
    reader();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::bad_input) std::abort();
    if (std::string(error.what()).find_first_of("\r\n") != std::string::npos) std::abort();
  }
}

void measure_all(const meter::Trace& trace) {
  for (const meter::Track& track : trace.tracks) {
    const meter::Measurement m = meter::measure(track);
    if (m.valid() && !(m.energy_j >= 0)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  expect_value_or_error([&] { meter::parse_prometheus(text, "fuzz"); });
  expect_value_or_error([&] { measure_all(meter::parse_nvidia_smi(text, "fuzz")); });
  expect_value_or_error([&] {
    const meter::Trace trace = meter::parse_trace(text, "fuzz");
    measure_all(trace);
    const std::string written = meter::trace_csv(trace);
    meter::parse_trace(written, "written");
  });
  return 0;
}
