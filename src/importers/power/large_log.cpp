// SPDX-License-Identifier: Apache-2.0
// Reads blocks of some megabytes; a line is a time, which changes little from line to line, a GPU, which is one of a few, and
// a power. The first megabyte goes through the reader for small logs, which checks the form and tells GPUs apart. Time
// O(bytes), memory O(GPUs + block). Held by large_log_test.cpp against the reader for small logs; docs/evidence/performance.md
// has its speed.
#include "importers/power/large_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "core/calendar_text.hpp"
#include "core/rounded_text.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "importers/readers/times.hpp"

namespace energylens::importers {
namespace {

constexpr std::size_t kBlock = 4u << 20, kSample = 1u << 20;
/// Readings around a window that place its ends, s.
constexpr double kAround_s = 10;

class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (descriptor_ < 0) throw Error::cannot_read(path, std::strerror(errno));
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() { ::close(descriptor_); }
  std::size_t read(char* to, std::size_t most, const std::string& path) const {
    for (;;) {
      const ssize_t n = ::read(descriptor_, to, most);
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno != EINTR) throw Error::cannot_read(path, std::strerror(errno));
    }
  }

 private:
  int descriptor_;
};

/// Calls `take(line)` with every whole line of a file.
template <class Take>
void each_line_of(const std::string& path, const Take& take) {
  const OpenFile file(path);
  std::string buffer(kBlock, '\0');
  std::size_t held = 0;
  for (;;) {
    if (held == buffer.size())
      throw Error::bad_input({path, 0, {}}, "a line of several megabytes: this is not a log");
    const std::size_t n = file.read(buffer.data() + held, buffer.size() - held, path);
    const char* at = buffer.data();
    const char* const end = at + held + n;
    while (const char* line_end =
               static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)))) {
      take(std::string_view(at, static_cast<std::size_t>(line_end - at)));
      at = line_end + 1;
    }
    held = static_cast<std::size_t>(end - at);
    std::memmove(buffer.data(), at, held);
    if (n == 0) return;  // what is left has no line end: it may be cut off
  }
}

std::string first_bytes(const std::string& path, std::size_t most) {
  const OpenFile file(path);
  std::string text(most, '\0');
  std::size_t held = 0;
  while (held < most) {
    const std::size_t n = file.read(text.data() + held, most - held, path);
    if (n == 0) break;
    held += n;
  }
  text.resize(held);
  if (held == most) text.resize(text.rfind('\n') + 1);
  return text;
}

/// Seconds of "2024/03/31 16:48:55.963", whose date is mostly that of the line before.
class LogClock {
 public:
  double seconds(std::string_view text) {
    if (text.size() < 19 || text[10] != ' ' || text[13] != ':' || text[16] != ':') return kUnknown;
    if (std::memcmp(text.data(), date_, 10) != 0) {
      const auto midnight = parse_time(std::string(text.substr(0, 10)) + " 00:00:00");
      if (!midnight) return kUnknown;
      day_s_ = midnight->time_s;
      std::memcpy(date_, text.data(), 10);
    }
    const auto two = [&](std::size_t at) { return 10 * (text[at] - '0') + (text[at + 1] - '0'); };
    double second = two(17);
    if (text.size() > 20) {
      double unit = 0.1;
      for (std::size_t at = 20; at < text.size(); ++at, unit *= 0.1) second += unit * (text[at] - '0');
    }
    return day_s_ + 3600.0 * two(11) + 60.0 * two(14) + second;
  }

 private:
  char date_[10] = {};
  double day_s_ = 0;
};

struct Columns {
  std::size_t time = 0, power = 0, id = 0, most = 0;
  bool has_id = false;
  double watts = 1;
};

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find(',', begin), line.size());
    std::string_view cell = line.substr(begin, end - begin);
    while (cell.starts_with(' ')) cell.remove_prefix(1);
    while (cell.ends_with(' ') || cell.ends_with('\r')) cell.remove_suffix(1);
    cells.push_back(cell);
    begin = end + 1;
  }
  return cells;
}

Columns columns_of(std::string_view header, const std::string& file) {
  const std::vector<std::string_view> names = cells_of(header);
  const auto find = [&](std::initializer_list<std::string_view> wanted) {
    for (const std::string_view name : wanted) {
      for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i].substr(0, names[i].find(" [")) == name) return i;
      }
    }
    return names.size();
  };
  Columns columns;
  columns.time = find({"timestamp"});
  columns.power = find({"power.draw.instant", "power.draw", "power.draw.average"});
  columns.id = find({"uuid", "gpu_uuid", "serial", "pci.bus_id", "index", "name"});
  columns.has_id = columns.id < names.size();
  if (columns.time == names.size() || columns.power == names.size())
    throw Error::bad_input({file, 1, {}}, "no column \"timestamp\" or \"power.draw\"");
  columns.watts = names[columns.power].find("[mW]") != std::string_view::npos ? 1e-3 : 1;
  columns.most = std::max({columns.time, columns.power, columns.has_id ? columns.id : 0});
  return columns;
}

/// The integral of one GPU.
struct Sum {
  std::string id;
  double first_s = kUnknown, last_s = kUnknown, last_w = 0, energy_j = 0, largest_gap_s = 0;
  std::size_t readings = 0;
};

class Integrator {
 public:
  Integrator(std::string file, const Columns& columns, const Request& request)
      : file_(std::move(file)), columns_(columns), request_(request) {}

  void take(std::string_view line) {
    ++line_;
    std::string_view cells[64];
    std::size_t count = 0;
    const char* at = line.data();
    const char* const end = at + line.size();
    while (count <= columns_.most && count < 64) {
      const char* comma = static_cast<const char*>(std::memchr(at, ',', static_cast<std::size_t>(end - at)));
      const char* last = comma ? comma : end;
      while (at < last && *at == ' ') ++at;
      const char* stop = last;
      while (stop > at && (stop[-1] == ' ' || stop[-1] == '\r')) --stop;
      cells[count++] = {at, static_cast<std::size_t>(stop - at)};
      if (!comma) break;
      at = comma + 1;
    }
    if (count <= columns_.most) return refuse_unless_blank(line);
    const double time_s = clock_.seconds(cells[columns_.time]);
    if (!known(time_s)) {
      if (cells[columns_.time] == "timestamp") return;  // the header again
      throw Error::bad_cell({file_, line_, "timestamp"}, shown(cells[columns_.time]),
                            "a time such as 2024/03/31 16:48:55.963");
    }
    double power_w = 0;
    const std::string_view cell = cells[columns_.power];
    const auto [rest, error] = std::from_chars(cell.data(), cell.data() + cell.size(), power_w);
    if (error != std::errc() || !(power_w >= 0)) return;  // not readable: a gap
    add(columns_.has_id ? cells[columns_.id] : std::string_view(), time_s, power_w * columns_.watts);
  }

  GpuEnergy finish(const meter::Trace& sample) const {
    GpuEnergy total;
    total.energy_j = 0;
    double begin_s = kUnknown, end_s = kUnknown;
    for (const Sum& sum : sums_) {
      if (!counts(sum, sample)) continue;
      if (!(begin_s >= sum.first_s)) begin_s = sum.first_s;
      if (!(end_s <= sum.last_s)) end_s = sum.last_s;
    }
    for (const Sum& sum : sums_) {
      if (!counts(sum, sample)) continue;
      refuse_gaps(sum, begin_s, end_s);
      total.energy_j += sum.energy_j * (end_s - begin_s) / (sum.last_s - sum.first_s);
      ++total.gpus;
    }
    if (total.gpus == 0) throw Error::bad_input({file_, 0, {}}, "no GPU in this file");
    total.duration_s = end_s - begin_s;
    total.begin_s = begin_s;
    total.gpu_name = sample.tracks.front().device.name;
    return total;
  }

 private:
  void refuse_unless_blank(std::string_view line) const {
    if (line.find_first_not_of(" \r\t") == line.npos) return;
    throw Error::bad_input({file_, line_, {}}, "the line is shorter than the header");
  }

  void add(std::string_view id, double time_s, double power_w) {
    if (guess_ >= sums_.size() || sums_[guess_].id != id) {
      const auto found = std::ranges::find(sums_, id, &Sum::id);
      guess_ = static_cast<std::size_t>(found - sums_.begin());
      if (found == sums_.end()) {
        if (sums_.size() > 4096) throw Error::bad_input({file_, line_, {}}, "too many GPUs for a log");
        sums_.push_back(
            {.id = std::string(id), .first_s = time_s, .last_s = time_s, .last_w = power_w, .readings = 1});
        ++guess_;
        return;
      }
    }
    Sum& sum = sums_[guess_++];
    if (guess_ == sums_.size()) guess_ = 0;
    const double step_s = time_s - sum.last_s;
    if (step_s < 0)
      throw Error::bad_input({file_, line_, "timestamp"},
                             "the time goes back: the clock was set, or two logs were joined");
    sum.energy_j += 0.5 * (power_w + sum.last_w) * step_s;
    if (step_s > sum.largest_gap_s) sum.largest_gap_s = step_s;
    sum.last_s = time_s;
    sum.last_w = power_w;
    ++sum.readings;
  }

  bool counts(const Sum& sum, const meter::Trace& sample) const {
    if (request_.gpus.empty()) return true;
    return std::ranges::any_of(request_.gpus, [&](const std::string& name) {
      if (name.size() >= 4 && sum.id.starts_with(name)) return true;
      return std::ranges::any_of(sample.tracks, [&](const meter::Track& track) {
        return std::to_string(track.device.index) == name && (track.device.uuid == sum.id || sum.id == name);
      });
    });
  }

  void refuse_gaps(const Sum& sum, double begin_s, double end_s) const {
    const std::string name = sum.id.empty() ? "the GPU" : "GPU " + shown(sum.id);
    if (sum.largest_gap_s > request_.limits.max_gap_s)
      throw Error::bad_input({file_, 0, {}}, fmt::format("invalid measurement of {}: no reading for {}", name,
                                                         quantity_text(sum.largest_gap_s, "s")));
    const double apart_s = std::max(begin_s - sum.first_s, sum.last_s - end_s);
    if (apart_s > request_.limits.max_gap_s)
      throw Error::bad_input(
          {file_, 0, {}},
          fmt::format(
              "the readings of {} are {} longer than those of others; select a window with --begin and "
              "--end",
              name, quantity_text(apart_s, "s")));
    if (sum.readings < 3)
      throw Error::bad_input({file_, 0, {}}, fmt::format("{} has fewer than three readings", name));
  }

  std::string file_;
  Columns columns_;
  const Request& request_;
  LogClock clock_;
  std::vector<Sum> sums_;
  std::size_t guess_ = 0;
  long line_ = 1;
};

double offset_of(const Request& request) {
  return known(request.log_utc_offset_s) ? request.log_utc_offset_s : request.utc_offset_s;
}

}  // namespace

bool is_large_log(const std::string& file, double from_bytes) {
  struct stat status {};
  return file != "-" && ::stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         static_cast<double>(status.st_size) >= from_bytes;
}

std::string lines_within(const std::string& file, const meter::Window& window, const Request& request) {
  const std::string sample = first_bytes(file, kSample);
  std::string text = sample.substr(0, sample.find('\n') + 1);
  const Columns columns =
      columns_of(std::string_view(text).substr(0, text.find_last_not_of("\r\n") + 1), file);
  const double offset_s = offset_of(request);
  LogClock clock;
  bool first = true;
  each_line_of(file, [&](std::string_view line) {
    if (std::exchange(first, false)) return;
    std::string_view cell = line;
    for (std::size_t i = 0; i < columns.time; ++i)
      cell.remove_prefix(std::min(cell.find(',') + 1, cell.size()));
    while (cell.starts_with(' ')) cell.remove_prefix(1);
    const double time_s = clock.seconds(cell.substr(0, std::min(cell.find(','), cell.size()))) - offset_s;
    if (!(time_s >= window.begin_s - kAround_s && time_s <= window.end_s + kAround_s)) return;
    text.append(line);
    text += '\n';
  });
  return text;
}

GpuEnergy energy_of_large_log(const std::string& file, const Request& request) {
  if (known(request.window.begin_s) && known(request.window.end_s)) {
    const std::string text = lines_within(file, request.window, request);
    return energy_of(meter::parse_nvidia_smi(text, file, offset_of(request)), file, request.window, request);
  }
  if (known(request.window.begin_s) || known(request.window.end_s))
    throw Error::usage("--begin and --end are both needed for a log of this size");
  const std::string text = first_bytes(file, kSample);
  const meter::Trace sample = meter::parse_nvidia_smi(text, file, offset_of(request));
  std::string_view header = std::string_view(text).substr(0, text.find('\n'));
  while (header.ends_with('\r')) header.remove_suffix(1);
  Integrator integrator(file, columns_of(header, file), request);
  bool first = true;
  each_line_of(file, [&](std::string_view line) {
    if (!std::exchange(first, false)) integrator.take(line);
  });
  return integrator.finish(sample);
}

}  // namespace energylens::importers
