// SPDX-License-Identifier: Apache-2.0
// A library with ROCm SMI's functions for the tests: two GPUs of 250 W, or FAKE_ROCM_GPUS; FAKE_ROCM_RADEON:
// no accumulator and mean power only; FAKE_ROCM_DIES=N: N dies on each board, of which the first reports and the others
// are silent, or report the same with FAKE_ROCM_ALL, with one id if FAKE_ROCM_ID; FAKE_ROCM_NAME; FAKE_ROCM_LOST: every reading fails; FAKE_ROCM_INIT: result of
// rsmi_init.
#include <time.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

constexpr double kPower_w = 250;

long setting(const char* name, long otherwise) {
  const char* const text = std::getenv((std::string("FAKE_ROCM_") + name).c_str());
  return text ? std::atol(text) : otherwise;
}

std::uint32_t dies() {
  return static_cast<std::uint32_t>(setting("DIES", 1));
}
bool silent(std::uint32_t index) {
  return index % dies() != 0 && !setting("ALL", 0);
}

}  // namespace

extern "C" {

int rsmi_init(std::uint64_t) {
  return static_cast<int>(setting("INIT", 0));
}
int rsmi_shut_down() {
  return 0;
}
int rsmi_status_string(int, const char** text) {
  *text = "RSMI_STATUS_FAKE: it does not answer";
  return 0;
}
int rsmi_num_monitor_devices(std::uint32_t* count) {
  *count = static_cast<std::uint32_t>(setting("GPUS", 2));
  return 0;
}
int rsmi_dev_name_get(std::uint32_t, char* name, std::size_t size) {
  const char* const stated = std::getenv("FAKE_ROCM_NAME");
  std::strncpy(name, stated ? stated : "Fake Instinct", size);
  return 0;
}
int rsmi_dev_unique_id_get(std::uint32_t index, std::uint64_t* id) {
  *id = 0xabc0 + (setting("ID", 0) ? index - index % dies() : index);
  return 0;
}
int rsmi_dev_energy_count_get(std::uint32_t index, std::uint64_t* ticks, float* tick_uj,
                              std::uint64_t* time_ns) {
  if (setting("LOST", 0) || silent(index)) return 1;
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const double now_s = static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
  *tick_uj = setting("RADEON", 0) ? 0.0f : 15.3f;
  *ticks = static_cast<std::uint64_t>(kPower_w * now_s / 15.3e-6);
  *time_ns = 0;
  return 0;
}
int rsmi_dev_current_socket_power_get(std::uint32_t index, std::uint64_t* power_uw) {
  if (setting("LOST", 0) || silent(index) || setting("RADEON", 0)) return 2;
  *power_uw = static_cast<std::uint64_t>(kPower_w * 1e6);
  return 0;
}
int rsmi_dev_power_ave_get(std::uint32_t index, std::uint32_t, std::uint64_t* power_uw) {
  if (setting("LOST", 0)) return 1;
  *power_uw = silent(index) ? 0 : static_cast<std::uint64_t>(kPower_w * 1e6);
  return 0;
}

}  // extern "C"
