// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <httplib.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <thread>

#include "energylens/core/clock.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::http {

/// What bounds an exchange. A server can send a byte now and then, or headers without end.
struct ExchangeLimits {
  double read_s = 0, write_s = 0;       ///< longest silence
  double until_s = kUnknown;            ///< end of the whole exchange, by the steady clock; unknown: none
  std::size_t head_bytes = 256u << 10;  ///< of status lines and headers
  std::function<bool()>
      stopped;  ///< asked ten times a second, and whenever something is received; may be empty
};

/// The limit that ended an exchange.
enum class Limit { none, silence, duration, head, stopped };

/// A connected socket that knows when the bytes it returned last had arrived, by the kernel's stamp (Linux,
/// SO_TIMESTAMPING): a thread that had to wait for a core does not make them late. Where the kernel gives no
/// stamp, the moment at which they were read.
class ArrivalStream final : public httplib::Stream {
 public:
  /// What a stream and its client share.
  struct State {
    double arrived_s = 0;  ///< when the latest bytes arrived, by the steady clock
    bool in_body = false;  ///< the client has seen the end of the headers
    Limit reached = Limit::none;
  };
  ArrivalStream(socket_t socket, const ExchangeLimits& limits, const Clock& clock, State& state);

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* bytes, std::size_t size) override;
  ssize_t write(const char* bytes, std::size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override { ip.clear(), port = 0; }
  void get_local_ip_and_port(std::string& ip, int& port) const override { ip.clear(), port = 0; }
  socket_t socket() const override { return socket_; }

 private:
  ssize_t receive();
  bool wait_for(short events, double longest_s) const;
  /// False, and noted in the state, if the exchange has to end now.
  bool may_go_on() const;
  bool end_by(Limit limit) const {
    state_.reached = limit;
    return false;
  }

  socket_t socket_;
  const ExchangeLimits& limits_;
  const Clock& clock_;
  State& state_;
  std::size_t head_bytes_ = 0;
  std::array<char, 16384> buffer_;  // the library reads heads byte by byte
  std::size_t begin_ = 0, end_ = 0;
};

/// The library's client without TLS, over an `ArrivalStream`.
class ArrivalClient final : public httplib::ClientImpl {
 public:
  ArrivalClient(const std::string& host, int port, ExchangeLimits limits, const Clock& clock)
      : ClientImpl(host, port), limits_(std::move(limits)), clock_(clock) {}
  /// When the latest bytes of the answer arrived, s of the steady clock.
  double arrived_s() const { return state_.arrived_s; }
  /// To be called when the headers have been read.
  void begin_body() { state_.in_body = true; }
  Limit reached() const { return state_.reached; }

 private:
  bool create_and_connect_socket(Socket& socket, httplib::Error& error) override;
  bool process_socket(const Socket& socket, std::function<bool(httplib::Stream&)> callback) override;

  ExchangeLimits limits_;
  const Clock& clock_;
  ArrivalStream::State state_;
};

/// Keeps the same limits, but for that of headers, over TLS, where the library owns the socket: a thread closes it.
/// Without a thread, where none can be made, only the library's own limits hold.
class TlsGuard {
 public:
  TlsGuard(httplib::ClientImpl& client, const ExchangeLimits& limits, const Clock& clock);
  TlsGuard(const TlsGuard&) = delete;
  TlsGuard& operator=(const TlsGuard&) = delete;
  ~TlsGuard();
  Limit reached() const { return reached_; }

 private:
  void watch(httplib::ClientImpl& client);

  const ExchangeLimits& limits_;
  const Clock& clock_;
  std::atomic<bool> done_{false};
  std::atomic<Limit> reached_{Limit::none};
  std::thread thread_;
};

}  // namespace energylens::http
