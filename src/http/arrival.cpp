// SPDX-License-Identifier: Apache-2.0
// The kernel stamps received bytes by the wall clock; their age at the moment of reading converts that to the
// steady clock. Held by arrival_test.cpp with a reader that sleeps.
#include "http/arrival.hpp"

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "http/arrival_time.hpp"

namespace energylens::http {
namespace {

/// Whether the socket is ready for `events` within that time.
bool ready(int socket, short events, double timeout_s) {
  pollfd waiting{socket, events, 0};
  int result = 0;
  do {
    result = ::poll(&waiting, 1, static_cast<int>(std::ceil(timeout_s * 1e3)));
  } while (result < 0 && errno == EINTR);
  return result > 0;
}

/// When the bytes of `message` were received, s since 1970; unknown if the kernel did not stamp them.
double stamp_of(msghdr& message) {
  for (cmsghdr* head = CMSG_FIRSTHDR(&message); head != nullptr; head = CMSG_NXTHDR(&message, head)) {
    if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_TIMESTAMPING) continue;
    scm_timestamping stamps{};
    std::memcpy(&stamps, CMSG_DATA(head), sizeof stamps);
    const timespec& software = stamps.ts[0];
    if (software.tv_sec == 0) return kUnknown;
    return static_cast<double>(software.tv_sec) + 1e-9 * static_cast<double>(software.tv_nsec);
  }
  return kUnknown;
}

}  // namespace

ArrivalStream::ArrivalStream(socket_t socket, const Patience& patience, const Clock& clock, double& arrived_s)
    : socket_(socket), patience_(patience), clock_(clock), arrived_s_(arrived_s) {
  const int wanted = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
  ::setsockopt(socket_, SOL_SOCKET, SO_TIMESTAMPING, &wanted, sizeof wanted);
  arrived_s_ = clock_.steady_now_s();
}

bool ArrivalStream::is_readable() const {
  constexpr double kLook_s = 0.1;  // between looks at whether to stop
  const double end_s = clock_.steady_now_s() + patience_.read_s;
  for (double left_s = patience_.read_s; left_s > 0; left_s = end_s - clock_.steady_now_s()) {
    if (ready(socket_, POLLIN, std::min(left_s, kLook_s))) return true;
    if (patience_.stopped && patience_.stopped()) return false;
  }
  return false;
}

bool ArrivalStream::is_writable() const {
  return ready(socket_, POLLOUT, patience_.write_s);
}

ssize_t ArrivalStream::receive() {
  iovec place{buffer_.data(), buffer_.size()};
  alignas(cmsghdr) std::array<char, 256> control;
  msghdr message{};
  message.msg_iov = &place;
  message.msg_iovlen = 1;
  ssize_t size = 0;
  do {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    size = ::recvmsg(socket_, &message, 0);
  } while (size < 0 && errno == EINTR);
  if (size <= 0) return size;
  arrived_s_ = arrival_s(clock_, stamp_of(message), arrived_s_);
  return size;
}

ssize_t ArrivalStream::read(char* bytes, std::size_t size) {
  if (begin_ == end_) {
    if (!is_readable()) return -1;
    const ssize_t received = receive();
    if (received <= 0) return received;
    begin_ = 0;
    end_ = static_cast<std::size_t>(received);
  }
  const std::size_t given = std::min(size, end_ - begin_);
  std::memcpy(bytes, buffer_.data() + begin_, given);
  begin_ += given;
  return static_cast<ssize_t>(given);
}

ssize_t ArrivalStream::write(const char* bytes, std::size_t size) {
  if (!is_writable()) return -1;
  ssize_t sent = 0;
  do {
    sent = ::send(socket_, bytes, size, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent;
}

bool ArrivalClient::process_socket(const Socket& socket, std::function<bool(httplib::Stream&)> callback) {
  const auto seconds = [](time_t whole, time_t micro) {
    return static_cast<double>(whole) + 1e-6 * static_cast<double>(micro);
  };
  const ArrivalStream::Patience patience{seconds(read_timeout_sec_, read_timeout_usec_),
                                         seconds(write_timeout_sec_, write_timeout_usec_), stopped_};
  ArrivalStream stream(socket.sock, patience, clock_, arrived_s_);
  return callback(stream);
}

}  // namespace energylens::http
