// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <memory>
#include <string>

#include "campaign/serving/context.hpp"
#include "energylens/io/json.hpp"

namespace energylens::campaign {

/// A server that speaks OpenAI's protocol: started here, or already running.
class HttpServer {
 public:
  /// Returns when it answers. Throws Error (io) with the reason if it does not start, Error (cancelled).
  HttpServer(const Context& context, const Deployment& deployment);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();  ///< ends it if it was started here

  const std::string& url() const { return url_; }
  const std::string& model() const { return model_; }        ///< as the server names it
  const Process* process() const { return process_.get(); }  ///< null if it was not started here
  bool alive() { return process_ ? process_->running() : answers(); }
  /// How it ended, for a message. Requires: not alive.
  std::string end_text();
  bool simulated() const { return simulated_; }
  const io::Json& about() const { return about_; }
  double kv_capacity_tokens();  ///< of one replica; unknown if not reported

 private:
  void start();
  bool answers() const;
  void wait_until_ready();
  void ask_about();
  double find_kv_capacity() const;

  const Context& context_;
  Deployment deployment_;
  std::string url_, model_;
  std::unique_ptr<Process> process_;
  bool simulated_ = false;
  io::Json about_;
  std::size_t log_begin_ = 0;  // what the log held before
  double kv_capacity_tokens_ = kUnknown;
  int kv_tries_ = 0;
};

}  // namespace energylens::campaign
