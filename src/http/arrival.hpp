// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <httplib.h>

#include <array>
#include <functional>
#include <string>

#include "energylens/core/clock.hpp"

namespace energylens::http {

/// A connected socket that knows when the bytes it returned last had arrived, by the kernel's stamp (Linux,
/// SO_TIMESTAMPING): a thread that had to wait for a core does not make them late. Where the kernel gives no
/// stamp, the moment at which they were read.
class ArrivalStream final : public httplib::Stream {
 public:
  struct Patience {
    double read_s = 0, write_s = 0;
    std::function<bool()> stopped;  ///< ends a wait for something to read; may be empty
  };
  /// The arrival times, of the steady clock, are written to `arrived_s`.
  ArrivalStream(socket_t socket, const Patience& patience, const Clock& clock, double& arrived_s);

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* bytes, std::size_t size) override;
  ssize_t write(const char* bytes, std::size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override { ip.clear(), port = 0; }
  void get_local_ip_and_port(std::string& ip, int& port) const override { ip.clear(), port = 0; }
  socket_t socket() const override { return socket_; }

 private:
  ssize_t receive();

  socket_t socket_;
  Patience patience_;
  const Clock& clock_;
  double& arrived_s_;
  std::array<char, 16384> buffer_;  // the library reads heads byte by byte
  std::size_t begin_ = 0, end_ = 0;
};

/// The library's client without TLS, over an `ArrivalStream`.
class ArrivalClient final : public httplib::ClientImpl {
 public:
  ArrivalClient(const std::string& host, int port, std::function<bool()> stopped, const Clock& clock)
      : ClientImpl(host, port), stopped_(std::move(stopped)), clock_(clock) {}
  /// When the latest bytes of the answer arrived, s of the steady clock.
  double arrived_s() const { return arrived_s_; }

 private:
  bool process_socket(const Socket& socket, std::function<bool(httplib::Stream&)> callback) override;
  std::function<bool()> stopped_;
  const Clock& clock_;
  double arrived_s_ = 0;
};

}  // namespace energylens::http
