// SPDX-License-Identifier: Apache-2.0
// Counters that the kernel shows as files, in microjoules.
// Held by sysfs_test.cpp and contract_test.cpp on folders made for the tests.
#include "meter/sysfs.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "meter/reading_now.hpp"

namespace energylens::meter {
namespace {

KernelText read_from_start(int file) {
  std::array<char, 256> text;
  const ssize_t size = ::pread(file, text.data(), text.size(), 0);
  if (size < 0) return {"", errno};
  std::string result(text.data(), static_cast<std::size_t>(size));
  while (!result.empty() && (result.back() == '\n' || result.back() == ' ')) result.pop_back();
  return {std::move(result), 0};
}

class CounterFiles : public Meter {
 public:
  CounterFiles(std::vector<Device> devices, std::vector<std::filesystem::path> files, const Clock& clock)
      : devices_(std::move(devices)), files_(std::move(files)), clock_(clock) {}
  const std::vector<Device>& devices() const override { return devices_; }
  bool read(std::span<Reading> readings) override {
    for (std::size_t i = 0; i < files_.size(); ++i) {
      Reading reading = reading_now(clock_);
      const KernelText text = read_kernel_file(files_[i]);
      const std::optional<double> energy_uj = parse_number(text.text);
      if (!text.read()) {
        reading.problem = files_[i].string() + ": " + std::strerror(text.error);
      } else if (!energy_uj || *energy_uj < 0) {
        reading.problem = files_[i].string() + " does not contain an energy";
      } else {
        reading.energy_j = *energy_uj * 1e-6;
      }
      readings[i] = std::move(reading);
    }
    return true;
  }

 private:
  std::vector<Device> devices_;
  std::vector<std::filesystem::path> files_;
  const Clock& clock_;
};

}  // namespace

KernelText read_kernel_file(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {"", errno};
  KernelText text = read_from_start(file);
  ::close(file);
  return text;
}

std::optional<double> read_kernel_number(const std::filesystem::path& path) {
  const KernelText text = read_kernel_file(path);
  return text.read() ? parse_number(text.text) : std::nullopt;
}

std::vector<std::filesystem::path> kernel_folders(const std::filesystem::path& folder,
                                                  const std::string& prefix) {
  std::vector<std::filesystem::path> folders;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().filename().string().starts_with(prefix) && entry.is_directory(error))
      folders.push_back(entry.path());
  }
  std::ranges::sort(folders);
  return folders;
}

std::unique_ptr<Meter> counter_files(std::vector<Device> devices, std::vector<std::filesystem::path> files,
                                     const Clock& clock) {
  return std::make_unique<CounterFiles>(std::move(devices), std::move(files), clock);
}

}  // namespace energylens::meter
