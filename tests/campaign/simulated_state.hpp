// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <string>

namespace energylens::campaign {

inline double steady_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Power of simulated GPUs over time, in a file that the simulated server writes and the simulated meter
/// reads: GPUs draw `idle_w` but for stretches of work, during which the first `used` of them draw more. It
/// outlives servers, as GPUs do.
struct SimulatedState {
  static constexpr int kStretches = 256;
  struct Stretch {
    double begin_s, end_s;
    double extra_w;  ///< above idle, of each GPU used
    int used;
  };
  int made;   ///< 1 once the rest is set
  int lost;   ///< GPUs do not answer
  int reset;  ///< the counter began again at 0
  int count;
  double idle_w, since_s;
  Stretch stretches[kStretches];

  /// Energy of a GPU from `since_s` to the moment.
  double energy_j(int gpu, double now_s) const {
    double sum_j = idle_w * (now_s - since_s);
    for (int i = 0; i < std::min(count, kStretches); ++i) {
      const Stretch& one = stretches[i];
      if (gpu < one.used) sum_j += one.extra_w * std::max(0.0, std::min(now_s, one.end_s) - one.begin_s);
    }
    return sum_j;
  }
  double power_w(int gpu, double now_s) const {
    double sum_w = idle_w;
    for (int i = 0; i < std::min(count, kStretches); ++i) {
      const Stretch& one = stretches[i];
      if (gpu < one.used && now_s >= one.begin_s && now_s < one.end_s) sum_w += one.extra_w;
    }
    return sum_w;
  }
  /// Temperature of a GPU that follows its power with one time constant, from 30 degrees without any.
  double temperature_c(int gpu, double now_s, double tau_s) const {
    constexpr double kDegreesPerWatt = 0.1;
    const auto share = [&](double begin_s,
                           double end_s) {  // of what power between these moments gives in the end
      const double end = std::min(now_s, end_s);
      return end <= begin_s ? 0 : std::exp(-(now_s - end) / tau_s) - std::exp(-(now_s - begin_s) / tau_s);
    };
    double watts = idle_w;
    for (int i = 0; i < std::min(count, kStretches); ++i) {
      const Stretch& one = stretches[i];
      if (gpu < one.used) watts += one.extra_w * share(one.begin_s, one.end_s);
    }
    return 30 + kDegreesPerWatt * watts;
  }
};

/// The state in its file, shared between processes; locked while it is read or written.
class SharedState {
 public:
  explicit SharedState(const std::string& path)
      : file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (file_ < 0 || ::ftruncate(file_, sizeof(SimulatedState)) != 0)
      throw std::runtime_error("no state " + path);
    void* const memory =
        ::mmap(nullptr, sizeof(SimulatedState), PROT_READ | PROT_WRITE, MAP_SHARED, file_, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("no memory for " + path);
    state_ = static_cast<SimulatedState*>(memory);
  }
  SharedState(const SharedState&) = delete;
  SharedState& operator=(const SharedState&) = delete;
  ~SharedState() {
    ::munmap(state_, sizeof(SimulatedState));
    ::close(file_);
  }

  template <class Work>
  auto with(const Work& work) const {
    ::flock(file_, LOCK_EX);
    if (state_->made == 0) {
      state_->since_s = steady_s();
      state_->idle_w = 100;
      state_->made = 1;
    }
    const auto answer = work(*state_);
    ::flock(file_, LOCK_UN);
    return answer;
  }

 private:
  int file_;
  SimulatedState* state_;
};

}  // namespace energylens::campaign
