// SPDX-License-Identifier: Apache-2.0
// A log of each tool with a power that is constant or linear, so that its energy is known.
#include <gmock/gmock.h>

#include "importers/files.hpp"

namespace energylens::importers {
namespace {

using table::Column;
using testing::Contains;
using testing::HasSubstr;

struct PowerCase {
  const char* name;
  std::string text;
  double energy_j, time_s;
  const char* scope = "gpu";
  double gpus = 1;
  double period_s = kUnknown;
  std::vector<std::string> columns = {};
};

std::string repeated(const char* before, std::initializer_list<const char*> lines) {
  std::string text = before;
  for (const char* line : lines) text += line;
  return text;
}

/// Lines for 0, 1, ...
template <class Line>
std::string numbered(int count, const Line& line) {
  std::string text;
  for (int i = 0; i < count; ++i) text += line(i);
  return text;
}

/// Of tools for accelerators.
std::vector<PowerCase> accelerator_cases() {
  return {
      {"amd-smi.csv", "timestamp,gpu,socket_power\n1785881113,0,240\n1785881114,0,240\n1785881115,0,240\n",
       480, 2},
      {"amd-smi.json",
       R"([{"gpu": 0, "power": {"socket_power": {"value": 240, "unit": "W"}}}, {"gpu": 1, "power": {"socket_power": {"value": 200}}}]
[{"gpu": 0, "power": {"socket_power": {"value": 240, "unit": "W"}}}, {"gpu": 1, "power": {"socket_power": {"value": 200}}}]
[{"gpu": 0, "power": {"socket_power": {"value": 240, "unit": "W"}}}, {"gpu": 1, "power": {"socket_power": {"value": 200}}}])",
       880, 2, "gpu", 2, 1},
      {"rocm-smi.json",
       R"x({"card0": {"Average Graphics Package Power (W)": "250.0"}, "card1": {"Current Socket Graphics Package Power (W)": "251.0"}}
{"card0": {"Average Graphics Package Power (W)": "250.0"}, "card1": {"Current Socket Graphics Package Power (W)": "251.0"}}
{"card0": {"Average Graphics Package Power (W)": "250.0"}, "card1": {"Current Socket Graphics Package Power (W)": "251.0"}})x",
       1002, 2, "gpu", 2, 1},
      {"rocm-smi.csv",
       "device,Average Graphics Package Power (W)\ncard0,250.0\n\ndevice,Average Graphics Package Power (W)\ncard0,250.0\n\n"
       "device,Average Graphics Package Power (W)\ncard0,250.0\n",
       500, 2, "gpu", 1, 1},
      {"xpu-smi.csv",
       "Timestamp, DeviceId, GPU Utilization (%), GPU Power (W)\n23:59:59.000,    0, 99.00, 150.00\n00:00:00.000,    0, 99.00, "
       "150.00\n00:00:01.000,    0, 99.00, 150.00\n",
       300, 2},
      {"hl-smi.csv",
       "timestamp, index (AIP id), name, power.draw [W]\nMon May  5 20:58:44 UTC 2025, 0, HL-225, 400 W\nMon May  5 20:58:45 UTC "
       "2025, 0, HL-225, 400 W\nMon May  5 20:58:46 UTC 2025, 0, HL-225, 400 W\n",
       800, 2},
      {"dmon-times.txt",
       "#Date       Time        gpu    pwr  gtemp\n#YYYYMMDD   HH:MM:SS    Idx      W      C\n 20250505   20:58:44      0     70     "
       "40\n 20250505   20:58:44      1     50     40\n 20250505   20:58:45      0     70     40\n 20250505   20:58:45      1     50  "
       "   40\n 20250505   20:58:46      0     70     40\n 20250505   20:58:46      1     50     40\n",
       240, 2, "gpu", 2},
      {"dmon.txt",
       "# gpu    pwr  gtemp\n# Idx      W      C\n    0     70     40\n    0     70     40\n    0     70     40\n",
       140, 2, "gpu", 1, 1},
      {"dcgmi.txt",
       "#Entity   POWER     TOTEC\nID        W         mJ\n" +
           numbered(
               40,
               [](int i) { return "GPU 0     100       " + std::to_string(1000000 + 100000 * i) + "\n"; }),
       3800, 38, "gpu", 1, 1},
      {"gpustat.json",
       R"({"hostname": "n", "query_time": "2025-05-05T20:58:44.000", "gpus": [{"index": 0, "uuid": "GPU-a", "name": "Toy", "power.draw": 310}]}
{"hostname": "n", "query_time": "2025-05-05T20:58:45.000", "gpus": [{"index": 0, "uuid": "GPU-a", "name": "Toy", "power.draw": 310}]}
{"hostname": "n", "query_time": "2025-05-05T20:58:46.000", "gpus": [{"index": 0, "uuid": "GPU-a", "name": "Toy", "power.draw": 310}]})",
       620, 2},
  };
}

/// Of exporters and of whole machines.
std::vector<PowerCase> machine_cases() {
  return {
      {"range.json",
       R"({"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {"__name__": "DCGM_FI_DEV_POWER_USAGE", "gpu": "0",
"UUID": "GPU-a", "Hostname": "n1"}, "values": [[1700000000, "400"], [1700000002, "400"], [1700000004, "400"]]}, {"metric":
{"__name__": "DCGM_FI_DEV_POWER_USAGE", "gpu": "0", "UUID": "GPU-b", "Hostname": "n2"}, "values": [[1700000000, "100"],
[1700000002, "100"], [1700000004, "100"]]}]}})",
       2000, 4, "gpu", 2},
      {"kepler.json",
       R"({"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {"__name__":
"kepler_node_platform_joules_total", "instance": "n1"}, "values": [[1700000000, "100"])" +
           numbered(40,
                    [](int i) {
                      return ", [" + std::to_string(1700000002 + 2 * i) + ", \"" +
                             std::to_string(1100 + 1000 * i) + "\"]";
                    }) +
           "]}]}}",
       39000, 78, "node", kUnknown},
      {"page.prom",
       repeated("# TYPE DCGM_FI_DEV_POWER_USAGE gauge\n",
                {"DCGM_FI_DEV_POWER_USAGE{gpu=\"0\",UUID=\"GPU-a\"} 300\n",
                 "DCGM_FI_DEV_POWER_USAGE{gpu=\"0\",UUID=\"GPU-a\"} 300\n",
                 "DCGM_FI_DEV_POWER_USAGE{gpu=\"0\",UUID=\"GPU-a\"} 300\n"}),
       600, 2, "gpu", 1, 1},
      {"ipmi.txt",
       "    Instantaneous power reading:                   412 Watts\n    IPMI timestamp:                           Mon May  5 20:58:44 "
       "2025\n    Instantaneous power reading:                   412 Watts\n    IPMI timestamp:                           Mon May  5 "
       "20:58:46 2025\n    Instantaneous power reading:                   412 Watts\n    IPMI timestamp:                           Mon "
       "May  5 20:58:48 2025\n",
       1648, 4, "node", kUnknown},
      {"redfish.json",
       R"({"timestamp": 1700000000, "PowerControl": [{"PowerConsumedWatts": 500}]}
{"timestamp": 1700000001, "PowerControl": [{"PowerConsumedWatts": 500}]}
{"timestamp": 1700000002, "PowerControl": [{"PowerConsumedWatts": 500}]})",
       1000, 2, "node", kUnknown},
      {"spl.txt",
       "Time,05-05-2025 20:58:44.0,Watts,412.0,Volts,228,Amps,1.8,PF,0.99,Mark,x\nTime,05-05-2025 20:58:45.0,Watts,412.0,Volts,228,Amps,"
       "1.8,PF,0.99,Mark,x\nTime,05-05-2025 20:58:46.0,Watts,412.0,Volts,228,Amps,1.8,PF,0.99,Mark,x\n",
       824, 2, "wall", kUnknown},
      {"powermetrics.txt",
       "*** Sampled system activity (Mon May  5 20:58:44 2025 +0200) (1003.21ms elapsed) ***\nGPU Power: 22000 mW\nCombined Power (CPU "
       "+ GPU + ANE): 25500 mW\n*** Sampled system activity (Mon May  5 20:58:45 2025 +0200) (1003.21ms elapsed) ***\nGPU Power: 22000 "
       "mW\nCombined Power (CPU + GPU + ANE): 25500 mW\n*** Sampled system activity (Mon May  5 20:58:46 2025 +0200) (1003.21ms "
       "elapsed) ***\nGPU Power: 22000 mW\nCombined Power (CPU + GPU + ANE): 25500 mW\n",
       44, 2},
      {"scaphandre.json",
       R"([{"host": {"consumption": 90000000.0, "timestamp": 1700000000.0}}]
[{"host": {"consumption": 90000000.0, "timestamp": 1700000001.0}}]
[{"host": {"consumption": 90000000.0, "timestamp": 1700000002.0}}])",
       180, 2, "node", kUnknown},
  };
}

/// Of CSV in other dialects.
std::vector<PowerCase> dialect_cases() {
  return {
      {"wide.csv",
       "timestamp,gpu0,gpu1\n2026-01-01T12:00:00Z,100,50\n2026-01-01T12:00:01Z,100,50\n2026-01-01T12:00:02Z,100,50\n",
       300, 2, "gpu", 2},
      {"tabs.tsv",
       "timestamp\tindex\tpower.draw [W]\n2026/01/01 12:00:00.0\t0\t100,5 W\n2026/01/01 12:00:01.0\t0\t100,5 W\n2026/01/01 "
       "12:00:02.0\t0\t100,5 W\n",
       201, 2},
      {"semicolons.csv",
       "timestamp;index;power.draw [W]\n2026/01/01 12:00:00,000;0;100,50\n2026/01/01 12:00:01,000;0;100,50\n2026/01/01 "
       "12:00:02,000;0;100,50\n",
       201, 2},
      {"iso.csv",
       "timestamp, index, power.draw [mW]\n2026-01-01T12:00:00+02:00, 0, 100000\n2026-01-01T12:00:01+02:00, 0, "
       "100000\n2026-01-01T12:00:02+02:00, 0, 100000\n",
       200, 2},
      {"noheader.csv",
       "2026/01/01 12:00:00.000, 0, 100.00 W\n2026/01/01 12:00:01.000, 0, 100.00 W\n2026/01/01 12:00:02.000, 0, 100.00 W\n",
       200,
       2,
       "gpu",
       1,
       kUnknown,
       {"timestamp", "index", "power.draw"}},
      {"epoch_ms.csv", "timestamp,gpu,power\n1785881113000,0,240\n1785881114000,0,240\n1785881115000,0,240\n",
       480, 2},
  };
}

std::vector<PowerCase> power_cases() {
  std::vector<PowerCase> all = accelerator_cases();
  for (const std::vector<PowerCase>& more : {machine_cases(), dialect_cases()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

class PowerTools : public Files, public testing::WithParamInterface<std::size_t> {};

TEST_P(PowerTools, EnergyIsThatOfTheLog) {
  const PowerCase one = power_cases()[GetParam()];
  SCOPED_TRACE(one.name);
  Request request = of(put(one.name, one.text));
  request.log_period_s = one.period_s;
  request.log_columns = one.columns;
  request.set = {{"batch", "8"}, {"osl", "16"}};
  const Imported imported = import_files(request);
  ASSERT_EQ(imported.table.rows(), 1u);
  EXPECT_NEAR(number(imported, Column::total_energy_j), one.energy_j, 1e-6 * one.energy_j);
  EXPECT_NEAR(number(imported, Column::total_time_s), one.time_s, 1e-6);
  EXPECT_NEAR(number(imported, Column::avg_power_w), one.energy_j / one.time_s, 1e-6 * one.energy_j);
  EXPECT_EQ(imported.table.text(Column::energy_scope, 0), one.scope);
  if (known(one.gpus)) {
    EXPECT_EQ(number(imported, Column::num_gpus), one.gpus);
  } else {
    EXPECT_FALSE(known(number(imported, Column::num_gpus)));
    EXPECT_THAT(imported.warnings, Contains(HasSubstr("more than that of the GPUs")));
  }
  if (known(one.period_s)) {
    request.log_period_s = kUnknown;
    EXPECT_THAT(table::error_of([&] { import_files(request); }), HasSubstr("--log-period-s"));
  }
}

INSTANTIATE_TEST_SUITE_P(Each, PowerTools, testing::Range<std::size_t>(0, power_cases().size()));

class PowerWindows : public Files {
 protected:
  Imported read(const char* name, const std::string& text) const {
    Request request = of(put(name, text));
    request.set = {{"batch", "8"}, {"osl", "16"}};
    return import_files(request);
  }
};

TEST_F(PowerWindows, ZeusHasARowPerWindow) {
  const Imported imported = read(
      "z.csv",
      "start_time,window_name,elapsed_time,gpu0_energy,gpu1_energy\n100.5,one,10,3000,2000\n120,two,5,1000,"
      "500\n");
  ASSERT_EQ(imported.table.rows(), 2u);
  EXPECT_EQ(number(imported, Column::total_energy_j), 5000);
  EXPECT_EQ(number(imported, Column::avg_power_w, 1), 300);
  EXPECT_EQ(number(imported, Column::num_gpus), 2);
}

TEST_F(PowerWindows, CodecarbonLinesOfOneRunAreCumulative) {
  const Imported imported = read(
      "emissions.csv",
      "timestamp,project_name,run_id,duration,emissions,emissions_rate,cpu_energy,gpu_energy,ram_energy,gpu_count,gpu_model\n"
      "2024-05-31T10:39:13,p,a,10,0,0,0.0001,0.001,0.0001,2,2 x Toy\n2024-05-31T10:39:23,p,a,20,0,0,0.0002,0.002,0.0002,2,2 x "
      "Toy\n");
  ASSERT_EQ(imported.table.rows(), 1u);
  EXPECT_NEAR(number(imported, Column::total_energy_j), 7200, 1e-9);
  EXPECT_EQ(number(imported, Column::total_time_s), 20);
  EXPECT_NEAR(number(imported, Column::host_energy_j), 1440, 1e-9);
}

TEST_F(PowerWindows, SacctJobsAreOfWholeNodes) {
  const Imported imported = read(
      "sacct.txt",
      "JobID|JobName|ConsumedEnergyRaw|Elapsed\n1|vllm|603000|00:10:03\n1.batch|batch|603000|00:10:03\n");
  ASSERT_EQ(imported.table.rows(), 1u);
  EXPECT_EQ(number(imported, Column::total_time_s), 603);
  EXPECT_EQ(number(imported, Column::avg_power_w), 1000);
  EXPECT_EQ(imported.table.text(Column::energy_scope, 0), "node");
}

TEST_F(PowerWindows, OneMomentHasNoEnergy) {
  Request request = of(
      put("g.json", R"({"query_time": "2025-05-05T20:58:44.8", "gpus": [{"index": 0, "power.draw": 310}]})"));
  request.set = {{"batch", "1"}};
  EXPECT_THAT(table::error_of([&] { import_files(request); }), HasSubstr("invalid measurement of GPU 0"));
}

}  // namespace
}  // namespace energylens::importers
