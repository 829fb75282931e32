// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <future>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "energylens/core/clock.hpp"

namespace energylens::load {

/// A server of streams on 127.0.0.1 with a thread per connection: each request is handed to `serve`, which
/// writes what it likes through `Client`.
class TokenServer {
 public:
  class Client {
   public:
    explicit Client(int socket) : socket_(socket) {}
    bool send(const std::string& bytes) const {
      for (std::size_t sent = 0; sent < bytes.size();) {
        const ssize_t n = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) return false;
        sent += static_cast<std::size_t>(n);
      }
      return true;
    }
    bool begin_stream() const {
      return send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
    }
    bool send_token() const {
      return send("data: {\"choices\": [{\"index\": 0, \"text\": \" token\"}]}\n\n");
    }
    bool send_delta() const {
      return send("data: {\"choices\": [{\"index\": 0, \"delta\": {\"content\": \" token\"}}]}\n\n");
    }
    bool end_stream(int prompt_tokens, int output_tokens) const {
      return send("data: {\"choices\": [], \"usage\": {\"prompt_tokens\": " + std::to_string(prompt_tokens) +
                  ", \"completion_tokens\": " + std::to_string(output_tokens) + "}}\n\ndata: [DONE]\n\n");
    }

   private:
    int socket_;
  };
  using Serve = std::function<void(const std::string& request, const Client&)>;

  /// At any free port, or at the given one.
  explicit TokenServer(Serve serve, int port = 0)
      : serve_(std::move(serve)), socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const int yes = 1;
    ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_, plain, size) != 0 || ::listen(socket_, 512) != 0 ||
        ::getsockname(socket_, plain, &size) != 0) {
      throw std::runtime_error("no loopback server");
    }
    port_ = ntohs(address.sin_port);
    accepting_ = std::thread([this] { accept_all(); });
  }
  TokenServer(const TokenServer&) = delete;
  TokenServer& operator=(const TokenServer&) = delete;
  ~TokenServer() {
    stop_ = true;
    accepting_.join();
    for (std::thread& thread : threads_) thread.join();
    ::close(socket_);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  void accept_all() {
    while (!stop_) {
      pollfd waiting{socket_, POLLIN, 0};
      if (::poll(&waiting, 1, 20) <= 0) continue;
      const int client = ::accept(socket_, nullptr, nullptr);
      if (client < 0) continue;
      try {
        threads_.emplace_back([this, client] { answer(client); });
      } catch (
          const std::system_error&) {  // a test took the memory away: the client sees a closed connection
        ::close(client);
      }
    }
  }

  void answer(int socket) const {
    std::string request;
    char piece[4096];
    const auto whole = [&] {
      const std::size_t head = request.find("\r\n\r\n"), length = request.find("Content-Length: ");
      if (request.starts_with("GET")) return head != std::string::npos;
      return head != std::string::npos && length != std::string::npos &&
             request.size() >= head + 4 + std::stoul(request.substr(length + 16));
    };
    while (!whole()) {
      const ssize_t n = ::recv(socket, piece, sizeof piece, 0);
      if (n <= 0) break;
      request.append(piece, static_cast<std::size_t>(n));
    }
    serve_(request, Client(socket));
    ::shutdown(socket, SHUT_WR);
    ::close(socket);
  }

  Serve serve_;
  int socket_;
  int port_ = 0;
  std::atomic<bool> stop_{false};
  std::thread accepting_;
  std::vector<std::thread> threads_;
};

inline double now_s() {
  return real_clock().steady_now_s();
}
inline void sleep_s(double seconds) {
  real_clock().sleep(seconds);
}

/// Something that one thread does and another waits for.
class Event {
 public:
  void happen() { promise_.set_value(); }
  /// False if it did not happen within a minute, which only guards against waiting for ever.
  bool await() const { return future_.wait_for(std::chrono::minutes(1)) == std::future_status::ready; }
  bool happened() const { return future_.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }

 private:
  std::promise<void> promise_;
  std::shared_future<void> future_ = promise_.get_future().share();
};

}  // namespace energylens::load
