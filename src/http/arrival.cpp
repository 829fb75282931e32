// SPDX-License-Identifier: Apache-2.0
// The kernel stamps received bytes by the wall clock; their age at the moment of reading converts that to the
// steady clock. Held by arrival_test.cpp with a reader that sleeps.
#include "http/arrival.hpp"

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <system_error>

#include "http/arrival_time.hpp"

namespace energylens::http {
namespace {

constexpr double kLook_s = 0.1;  // between looks at whether to stop

/// Whether the socket is ready for `events` within that time.
bool ready(int socket, short events, double timeout_s) {
  pollfd waiting{socket, events, 0};
  int result = 0;
  do {
    result = ::poll(&waiting, 1, static_cast<int>(std::ceil(timeout_s * 1e3)));
  } while (result < 0 && errno == EINTR);
  return result > 0;
}

/// Why an exchange has to end now.
Limit limit_reached(const ExchangeLimits& limits, const Clock& clock) {
  if (limits.stopped && limits.stopped()) return Limit::stopped;
  return clock.steady_now_s() >= limits.until_s ? Limit::duration : Limit::none;
}

/// Waits like `ready`, within the limits of the exchange. Limit::silence if that took longer than `longest_s`.
Limit wait_within(int socket, short events, double longest_s, const ExchangeLimits& limits,
                  const Clock& clock) {
  const double end_s = clock.steady_now_s() + longest_s;
  for (double left_s = longest_s; left_s > 0; left_s = end_s - clock.steady_now_s()) {
    if (ready(socket, events, std::min(left_s, kLook_s))) return Limit::none;
    if (const Limit limit = limit_reached(limits, clock); limit != Limit::none) return limit;
  }
  return Limit::silence;
}

/// The addresses of a host, freed with it.
class Addresses {
 public:
  Addresses(const std::string& host, int port) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &first_) != 0) first_ = nullptr;
  }
  Addresses(const Addresses&) = delete;
  Addresses& operator=(const Addresses&) = delete;
  ~Addresses() {
    if (first_ != nullptr) ::freeaddrinfo(first_);
  }
  const addrinfo* first() const { return first_; }

 private:
  addrinfo* first_ = nullptr;
};

/// A connected socket that does not block; -1 if the address does not take it.
int connected(const addrinfo& address, double longest_s, const ExchangeLimits& limits, const Clock& clock,
              Limit& limit) {
  const int socket =
      ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol);
  if (socket < 0) return -1;
  bool done = ::connect(socket, address.ai_addr, address.ai_addrlen) == 0;
  if (!done && errno == EINPROGRESS) {
    limit = wait_within(socket, POLLOUT, longest_s, limits, clock);
    int problem = 0;
    socklen_t size = sizeof problem;
    done = limit == Limit::none && ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &problem, &size) == 0 &&
           problem == 0;
  }
  const int yes = 1;
  if (done) ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (!done) ::close(socket);
  return done ? socket : -1;
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

ArrivalStream::ArrivalStream(socket_t socket, const ExchangeLimits& limits, const Clock& clock, State& state)
    : socket_(socket), limits_(limits), clock_(clock), state_(state) {
  const int wanted = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
  ::setsockopt(socket_, SOL_SOCKET, SO_TIMESTAMPING, &wanted, sizeof wanted);
  state_.arrived_s = clock_.steady_now_s();
}

bool ArrivalStream::wait_for(short events, double longest_s) const {
  const Limit limit = wait_within(socket_, events, longest_s, limits_, clock_);
  return limit == Limit::none || end_by(limit);
}

bool ArrivalStream::may_go_on() const {
  const Limit limit = limit_reached(limits_, clock_);
  return limit == Limit::none || end_by(limit);
}

bool ArrivalStream::is_readable() const {
  return wait_for(POLLIN, limits_.read_s);
}

bool ArrivalStream::is_writable() const {
  return wait_for(POLLOUT, limits_.write_s);
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
  state_.arrived_s = arrival_s(clock_, stamp_of(message), state_.arrived_s);
  return size;
}

ssize_t ArrivalStream::read(char* bytes, std::size_t size) {
  if (begin_ == end_) {
    if (!may_go_on() || !is_readable()) return -1;
    const ssize_t received = receive();
    if (received <= 0) return received;
    begin_ = 0;
    end_ = static_cast<std::size_t>(received);
  }
  const std::size_t given = std::min(size, end_ - begin_);
  if (!state_.in_body && (head_bytes_ += given) > limits_.head_bytes) {
    end_by(Limit::head);
    return -1;
  }
  std::memcpy(bytes, buffer_.data() + begin_, given);
  begin_ += given;
  return static_cast<ssize_t>(given);
}

ssize_t ArrivalStream::write(const char* bytes, std::size_t size) {
  ssize_t sent = 0;
  do {
    if (!is_writable()) return -1;
    sent = ::send(socket_, bytes, size, MSG_NOSIGNAL);
  } while (sent < 0 && (errno == EINTR || errno == EAGAIN));
  return sent;
}

bool ArrivalClient::create_and_connect_socket(Socket& socket, httplib::Error& error) {
  constexpr double kLongest_s = 30;
  const Addresses addresses(host_, port_);
  for (const addrinfo* one = addresses.first(); one != nullptr && state_.reached == Limit::none;
       one = one->ai_next) {
    Limit limit = Limit::none;
    socket.sock = connected(*one, std::min(limits_.read_s, kLongest_s), limits_, clock_, limit);
    if (socket.sock >= 0) return true;
    if (limit != Limit::silence) state_.reached = limit;
  }
  socket.sock = INVALID_SOCKET;
  error = httplib::Error::Connection;
  return false;
}

bool ArrivalClient::process_socket(const Socket& socket, std::function<bool(httplib::Stream&)> callback) {
  ArrivalStream stream(socket.sock, limits_, clock_, state_);
  return callback(stream);
}

TlsGuard::TlsGuard(httplib::ClientImpl& client, const ExchangeLimits& limits, const Clock& clock)
    : limits_(limits), clock_(clock) {
  try {
    thread_ = std::thread([this, &client] { watch(client); });
  } catch (const std::system_error&) {
  }
}

TlsGuard::~TlsGuard() {
  done_ = true;
  if (thread_.joinable()) thread_.join();
}

void TlsGuard::watch(httplib::ClientImpl& client) {
  while (!done_) {
    if (const Limit limit = limit_reached(limits_, clock_); limit != Limit::none) {
      reached_ = limit;
      client.stop();  // again, should the library only connect now
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

}  // namespace energylens::http
