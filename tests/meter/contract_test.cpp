// SPDX-License-Identifier: Apache-2.0
// What every backend must do, on a source made for it: a backend without one fails here.
#include <gmock/gmock.h>

#include <functional>
#include <map>

#include "energylens/meter/window.hpp"
#include "fake_clock.hpp"
#include "meter/environment.hpp"
#include "meter/made_sources.hpp"
#include "meter/tracks.hpp"

namespace energylens::meter {
namespace {

using testing::IsEmpty;
using testing::Not;

/// A source of devices of constant power.
struct Source {
  std::string path;
  std::function<void()> renew = [] {};  ///< called before each reading
  std::function<void()> lose = [] {};   ///< from then on the devices are gone
  bool has_real_time = false;           ///< it is a library with a clock of its own
};

std::string nvidia_smi_log() {
  std::string log = "timestamp, uuid, power.draw [W]\n";
  for (int i = 0; i < 50; ++i) {
    log += "2024/03/31 16:48:" + std::to_string(10 + i) + ".000, GPU-a, " +
           (i < 45 ? "250.00 W" : "[GPU is lost]") + "\n";
  }
  return log;
}

std::string recording() {
  Trace trace;
  TrackMaker maker;
  trace.tracks = {maker.make()};
  for (Reading& reading : trace.tracks[0].readings) {
    if (reading.time_s > 1018) reading.problem = "lost";
  }
  return trace_csv(trace);
}

using Maker = std::function<Source(const TemporaryFolder&, const Clock&)>;

Source kernel_source(const TemporaryFolder& folder, const Clock& clock,
                     void (*make)(const std::filesystem::path&, double)) {
  Source source{folder.path().string()};
  source.renew = [root = folder.path(), &clock, make] {
    if (!std::filesystem::exists(root / "gone")) make(root, 100 * clock.steady_now_s());
  };
  source.lose = [root = folder.path()] {
    put(root / "gone", "");
    std::filesystem::remove_all(root / "class");
  };
  return source;
}

Source file_source(const TemporaryFolder& folder, const std::string& content) {
  put(folder.path() / "source", content);
  return {folder / "source"};
}

const std::map<std::string, Maker, std::less<>> kMakers = {
    {"nvml",
     [](const TemporaryFolder&, const Clock&) {
       Source source{ENERGYLENS_FAKE_NVML};
       source.has_real_time = true;
       source.lose = [] { ::setenv("FAKE_NVML_LOST", "1", 1); };
       return source;
     }},
    {"rocm",
     [](const TemporaryFolder&, const Clock&) {
       Source source{ENERGYLENS_FAKE_ROCM};
       source.has_real_time = true;
       source.lose = [] { ::setenv("FAKE_ROCM_LOST", "1", 1); };
       return source;
     }},
    {"intel", [](const TemporaryFolder& folder,
                 const Clock& clock) { return kernel_source(folder, clock, make_hwmon); }},
    {"rapl", [](const TemporaryFolder& folder,
                const Clock& clock) { return kernel_source(folder, clock, make_powercap); }},
    {"dcgm",
     [](const TemporaryFolder& folder, const Clock& clock) {
       Source source{folder / "page"};
       source.renew = [root = folder.path(), &clock] {
         if (!std::filesystem::exists(root / "gone"))
           put(root / "page", dcgm_page(250 * clock.steady_now_s(), 250));
       };
       source.lose = [root = folder.path()] {
         put(root / "gone", "");
         put(root / "page", "up 1\n");
       };
       return source;
     }},
    {"nvidia-smi",
     [](const TemporaryFolder& folder, const Clock&) { return file_source(folder, nvidia_smi_log()); }},
    {"replay", [](const TemporaryFolder& folder, const Clock&) { return file_source(folder, recording()); }},
};

class Contract : public testing::TestWithParam<const Backend*> {
 protected:
  void SetUp() override {
    const auto maker = kMakers.find(GetParam()->name);
    ASSERT_NE(maker, kMakers.end()) << "a backend needs a source in kMakers";
    source_ = maker->second(folder_, fake_clock_);
    if (source_.has_real_time) clock_ = &real_clock();
    source_.renew();
    OpenOptions options;
    options.source = source_.path;
    options.clock = clock_;
    Opened opened = GetParam()->open(options);
    ASSERT_TRUE(opened.meter) << opened.missing;
    meter_ = std::move(opened.meter);
  }
  void TearDown() override {
    ::unsetenv("FAKE_NVML_LOST");
    ::unsetenv("FAKE_ROCM_LOST");
  }

  /// Reads for `count` times, renewing the source; a recording is read to its end.
  Trace record(int count) {
    Trace trace;
    for (const Device& device : meter_->devices()) trace.tracks.push_back({device, {}, {}});
    std::vector<Reading> readings(trace.tracks.size());
    for (int i = 0; GetParam()->recorded() || i < count; ++i) {
      source_.renew();
      if (!meter_->read(readings)) break;
      for (std::size_t d = 0; d < readings.size(); ++d) trace.tracks[d].readings.push_back(readings[d]);
      if (!GetParam()->recorded()) clock_->sleep(2e-3);
    }
    return trace;
  }

  FakeClock fake_clock_;
  Clock* clock_ = &fake_clock_;
  TemporaryFolder folder_;
  Source source_;
  std::unique_ptr<Meter> meter_;
};

TEST_P(Contract, DevicesAreNamedAndCanBeMeasured) {
  ASSERT_THAT(meter_->devices(), Not(IsEmpty()));
  for (const Device& device : meter_->devices()) {
    EXPECT_TRUE(device.has_counter || device.has_power);
    EXPECT_GE(device.index, 0);
    EXPECT_FALSE(device.name.empty() && device.uuid.empty());
  }
}

TEST_P(Contract, ReadingsHaveTheirTimeAndWhatTheDeviceSaysItHas) {
  const Trace trace = record(5);
  for (const Track& track : trace.tracks) {
    double time_s = 0, energy_j = 0;
    for (const Reading& reading : track.readings) {
      EXPECT_GE(reading.time_s, time_s);
      time_s = reading.time_s;
      if (!reading.problem.empty()) continue;
      EXPECT_EQ(known(reading.energy_j), track.device.has_counter);
      EXPECT_EQ(known(reading.power_w), track.device.has_power);
      if (track.device.has_counter) {
        EXPECT_GE(reading.energy_j, energy_j);
      }
      energy_j = reading.energy_j;
    }
  }
}

TEST_P(Contract, AWindowIsMeasuredValid) {
  const Trace trace = record(60);
  Limits limits;
  limits.max_uncertainty = 1;  // the window is short, and on a busy machine readings are late
  for (const Track& track : trace.tracks) {
    const double begin_s = track.readings.front().time_s, end_s = track.readings.back().time_s;
    const Measurement m =
        measure(track, {begin_s + 0.2 * (end_s - begin_s), begin_s + 0.8 * (end_s - begin_s)}, limits);
    EXPECT_THAT(m.reasons, IsEmpty());
    EXPECT_GT(m.mean_power_w, 50);
    EXPECT_LT(m.mean_power_w, 1000);
    EXPECT_EQ(m.source, track.device.has_counter ? EnergySource::counter : EnergySource::integral);
  }
}

TEST_P(Contract, ALostDeviceMakesTheWindowInvalidAndNothingThrows) {
  Trace trace = record(20);
  source_.lose();
  const Trace rest = record(5);
  for (std::size_t i = 0; i < trace.tracks.size(); ++i) {
    auto& readings = trace.tracks[i].readings;
    readings.insert(readings.end(), rest.tracks[i].readings.begin(), rest.tracks[i].readings.end());
    EXPECT_FALSE(readings.back().problem.empty());
    EXPECT_FALSE(measure(trace.tracks[i], {readings.front().time_s, readings.back().time_s}).valid());
  }
}

TEST_P(Contract, ASourceThatIsNotThereIsSaidWithARemedy) {
  OpenOptions options;
  if (!GetParam()->recorded()) options.source = folder_ / "nowhere";
  const Opened opened = GetParam()->open(options);
  EXPECT_FALSE(opened.meter);
  EXPECT_THAT(opened.missing, Not(IsEmpty()));
  EXPECT_THAT(opened.remedy, Not(IsEmpty()));
  EXPECT_EQ((opened.missing + opened.remedy).find('\n'), std::string::npos);
}

std::vector<const Backend*> all_backends() {
  std::vector<const Backend*> all;
  for (const Backend& backend : backends()) all.push_back(&backend);
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, Contract, testing::ValuesIn(all_backends()), [](const auto& test) {
  std::string name(test.param->name);
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

}  // namespace
}  // namespace energylens::meter
