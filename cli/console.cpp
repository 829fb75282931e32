// SPDX-License-Identifier: Apache-2.0
#include "cli/console.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <new>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "cli/host.hpp"
#include "core/file.hpp"
#include "core/rounded_text.hpp"
#include "core/several_errors.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"

namespace energylens::cli {
namespace {

using Clock = std::chrono::steady_clock;

CancelToken interrupt_token;

extern "C" void on_interrupt(int) {
  interrupt_token.cancel();
}

/// "1:05" from seconds.
std::string clock_text(double seconds) {
  const long whole = std::lround(seconds);
  const std::string rest = std::to_string(whole % 60);
  return std::to_string(whole / 60) + ':' + (rest.size() < 2 ? "0" : "") + rest;
}

void write_error(const std::string& text) {
  if (Host* const host = current_host()) {
    host->notes.push_back(text.substr(0, text.find_last_not_of('\n') + 1));
    return;
  }
  std::fwrite(text.data(), 1, text.size(), stderr);
}

/// A message for exceptions of libraries, whose own text means nothing to a user.
std::string foreign_text(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error)) return "not enough memory";
  if (dynamic_cast<const std::length_error*>(&error)) return "not enough memory: the input is too large";
  if (const auto* const system = dynamic_cast<const std::system_error*>(&error))
    return "the system refused: " + system->code().message();
  return "internal error; please report it with the command and its input";
}

void stop_on(int signal) {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

Host* host_now = nullptr;  // changed only with the mutex of run_for

}  // namespace

Host* current_host() {
  return host_now;
}

Host* exchange_host(Host* next) {
  return std::exchange(host_now, next);
}

void print(std::string_view data) {
  if (Host* const host = current_host()) {
    host->out += data;
    return;
  }
  write_file("-", without_controls(data));
}

void note(std::string_view line) {
  write_error(without_controls(line) + '\n');
}

void inform(std::string_view line) {
  note("energylens: note: " + std::string(line));
}

void warn(std::string_view line) {
  note("energylens: warning: " + std::string(line));
}

void warn(std::span<const std::string> lines) {
  for (const std::string& line : lines) warn(line);
}

void report_error(std::string_view line) {
  note("energylens: error: " + std::string(line));
}

namespace {

void report_one(const Error& error) {
  const Place& place = error.place();
  if (place.file.empty() || place.line == 0) {
    report_error(std::string_view(error.what()));
    return;
  }
  note(place.file + ':' + std::to_string(place.line) + ':' +
       (place.column.empty() ? "" : place.column + ':') + " error: " + error.message());
}

}  // namespace

void report_error(const std::exception& error) {
  const auto* const ours = dynamic_cast<const Error*>(&error);
  if (ours == nullptr) {
    report_error(foreign_text(error));
    return;
  }
  report_one(*ours);
  const auto* const several = dynamic_cast<const SeveralErrors*>(&error);
  if (several == nullptr) return;
  for (const Error& other : several->others()) report_one(other);
  const std::size_t listed = several->others().size() + 1;
  if (several->count() > listed)
    report_error("these are the first " + std::to_string(listed) + " of " + std::to_string(several->count()) +
                 " mistakes");
}

void stop_on_terminate() {
  if (current_host() != nullptr) return;  // signals are the host's
  stop_on(SIGTERM);
}

void open_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) >= 0) continue;
    // Open for the other direction: what is read or written is then an error, as with a closed stream.
    const int opened = ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    if (opened >= 0 && opened != stream) ::close(opened);
  }
}

void install_signal_handlers() {
  stop_on(SIGINT);
  // Writing to a closed pipe, or beyond the greatest size of files (ulimit -f), is then an error that has words.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

const CancelToken& interrupted() {
  const Host* const host = current_host();
  return host != nullptr ? host->cancel : interrupt_token;
}

Progress progress_line(std::string what, bool quiet) {
  if (Host* const host = current_host()) {
    if (quiet || !host->progress) return {};
    return [host, what = std::move(what)](std::size_t done, std::size_t total) {
      host->progress(what, done, total);
    };
  }
  if (quiet || ::isatty(STDERR_FILENO) == 0) return {};
  const auto start = Clock::now();
  return [what = std::move(what), start, last = start](std::size_t done, std::size_t total) mutable {
    const auto now = Clock::now();
    if (done < total && now - last < std::chrono::milliseconds(200)) return;
    last = now;
    const double elapsed = std::chrono::duration<double>(now - start).count();
    std::string line = "\r" + what + ": " + std::to_string(done) + " of " + std::to_string(total);
    if (done > 0 && done < total) {
      line += ", " + clock_text(elapsed / static_cast<double>(done) * static_cast<double>(total - done)) +
              " left";
    }
    write_error(line + "\x1b[K" + (done >= total ? "\r\x1b[K" : ""));
  };
}

std::function<void(const std::string&)> status_line(bool quiet) {
  if (quiet || current_host() != nullptr || ::isatty(STDERR_FILENO) == 0) return {};
  return [](const std::string& text) {
    write_error('\r' + without_controls(text) + "\x1b[K" + (text.empty() ? "\r" : ""));
  };
}

}  // namespace energylens::cli
