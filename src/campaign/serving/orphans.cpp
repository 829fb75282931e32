// SPDX-License-Identifier: Apache-2.0
// Orphaned processes of a campaign that was killed, last lines of logs, and free ports. A process is ours if
// its environment carries our mark: the kernel reuses process ids, but nobody reuses a mark. Held by
// process_test.cpp.
#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "campaign/serving/process.hpp"
#include "energylens/core/clock.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::campaign {
namespace {

/// The whole of a file of /proc; empty if it cannot be read.
std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

bool is_orphan(const std::filesystem::path& process, const std::string& mark, const std::string& folder) {
  const std::string environment = '\0' + content_of(process / "environ") + '\0';
  const auto has = [&](const std::string& entry) {
    return environment.find('\0' + entry) != environment.npos;
  };
  const std::string of_folder = std::string(kFolderVariable) + '=';
  return has(std::string(kMarkVariable) + '=' + mark + '\0') &&
         (!has(of_folder) || has(of_folder + folder + '\0'));
}

}  // namespace

std::size_t kill_orphans_of(const std::string& mark, const std::string& folder) {
  if (mark.empty()) return 0;
  std::size_t killed = 0;
  std::error_code ignored;
  for (const auto& process : std::filesystem::directory_iterator("/proc", ignored)) {
    const auto pid = parse_number(process.path().filename().string());
    if (!pid || *pid == ::getpid()) continue;
    if (!is_orphan(process.path(), mark, folder)) continue;
    if (::kill(static_cast<pid_t>(*pid), SIGKILL) == 0) ++killed;
  }
  return killed;
}

std::string last_line_of(const std::string& log) {
  std::ifstream file(log, std::ios::binary | std::ios::ate);
  const auto size = static_cast<long>(file.tellg());
  if (!file || size <= 0) return {};
  file.seekg(std::max(0L, size - 4096));
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  text.erase(text.find_last_not_of(" \r\n\t") + 1);
  text.erase(0, text.rfind('\n') + 1);
  for (char& c : text) c = static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  return text.size() > 300 ? text.substr(0, 300) + "..." : text;
}

ProgramOutput output_of(const std::vector<std::string>& words, double timeout_s, const std::string& log) {
  try {
    ProcessOptions options;
    options.words = words;
    options.talk = true;
    options.log = log;
    Process process(options);
    ProgramOutput output;
    while (const auto line = process.receive_line(timeout_s)) output.text += *line + '\n';
    for (int i = 0; i < 100 && process.running(); ++i) real_clock().sleep(0.005);
    output.succeeded = !process.running() && process.succeeded();
    return output;
  } catch (const Error&) {
    return {};
  }
}

int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  const bool got =
      socket >= 0 && ::bind(socket, plain, size) == 0 && ::getsockname(socket, plain, &size) == 0;
  if (socket >= 0) ::close(socket);
  if (!got) throw Error(ErrorCode::io, {}, std::string("cannot find a free port: ") + std::strerror(errno));
  return ntohs(address.sin_port);
}

}  // namespace energylens::campaign
