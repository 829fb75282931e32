// SPDX-License-Identifier: Apache-2.0
// Starts a server, waits until it answers, and reads what it reports about itself. Held by loop_test.cpp.
#include "campaign/serving/http_server.hpp"

#include <algorithm>
#include <filesystem>

#include "campaign/serving/kv_capacity.hpp"
#include "core/file.hpp"
#include "core/rounded_text.hpp"
#include "http/client.hpp"

namespace energylens::campaign {
namespace {

http::GetOptions get_options(const Context& context, double timeout_s) {
  http::GetOptions options;
  options.timeout_s = timeout_s;
  options.max_bytes = 1u << 20;
  options.headers = key_headers(context.sent_key());
  options.stopped = [&context] { return context.cancelled(); };
  return options;
}

/// JSON of a page; null if there is none.
io::Json page(const Context& context, const std::string& url) {
  const http::Response response = http::get(url, get_options(context, 5));
  if (!response.ok()) return {};
  try {
    return io::parse_json(response.body, url);
  } catch (const Error&) {
    return {};
  }
}

bool has_text(const io::Json& object, std::string_view name, std::string_view text) {
  const io::Json* const value = object.is_object() ? object.find(name) : nullptr;
  return value && value->is_text() && value->as_text() == text;
}

std::size_t size_of(const std::string& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  return error ? 0 : static_cast<std::size_t>(size);
}

}  // namespace

HttpServer::HttpServer(const Context& context, const Deployment& deployment)
    : context_(context), deployment_(deployment) {
  start();
  try {
    wait_until_ready();
  } catch (...) {
    if (process_) process_->stop(context.plan.settings.stop_timeout_s);
    throw;
  }
  ask_about();
}

HttpServer::~HttpServer() {
  if (process_) process_->stop(context_.plan.settings.stop_timeout_s);
}

void HttpServer::start() {
  const bool starts = !context_.plan.serve_cmd.empty();
  const int port = starts ? free_port() : 0;
  url_ = context_.plan.url.empty() ? "http://127.0.0.1:" + std::to_string(port)
                                   : fill(context_.plan.url, {{"port", std::to_string(port)}});
  while (url_.ends_with('/')) url_.pop_back();
  if (!starts) return;
  log_begin_ = size_of(context_.log_of(deployment_));
  if (answers()) throw Error(ErrorCode::io, {}, "another server already responds at " + url_);
  process_ = std::make_unique<Process>(process_of(context_, deployment_, port));
}

std::string HttpServer::end_text() {
  if (!process_) return "no server responds at " + url_ + " any more";
  const std::string end = process_->end_text();  // which waits for the log
  const std::string last = context_.clean(last_line_of(context_.log_of(deployment_)));
  return "the server " + end + (last.empty() ? "" : ": " + last);
}

double HttpServer::kv_capacity_tokens() {
  // The log may lag behind readiness; a server that does not report it by then never does.
  if (!known(kv_capacity_tokens_) && kv_tries_++ < 2) kv_capacity_tokens_ = find_kv_capacity();
  return kv_capacity_tokens_;
}

bool HttpServer::answers() const {
  return http::get(url_ + "/health", get_options(context_, 2)).ok() ||
         http::get(url_ + "/v1/models", get_options(context_, 2)).ok();
}

void HttpServer::wait_until_ready() {
  const double begin_s = context_.clock().steady_now_s(), limit_s = context_.plan.settings.ready_timeout_s;
  while (true) {
    if (context_.cancelled()) throw Error::cancelled();
    if (process_ && !process_->running()) throw Error(ErrorCode::io, {}, end_text());
    if (answers()) return;
    if (!process_) throw Error(ErrorCode::io, {}, "no server responds at " + url_);
    if (context_.clock().steady_now_s() - begin_s > limit_s)
      throw Error(ErrorCode::io, {}, "the server is not ready after " + rounded_text(limit_s) + " s");
    context_.clock().sleep(0.1);
  }
}

void HttpServer::ask_about() {
  model_ = context_.plan.served_model.empty() ? deployment_.model : context_.plan.served_model;
  about_ = io::Json::object({{"url", url_}});
  if (const io::Json version = page(context_, url_ + "/version"); version.is_object())
    about_["version"] = version.text_or("version", "");
  const io::Json models = page(context_, url_ + "/v1/models");
  const io::Json* const data = models.is_object() ? models.find("data") : nullptr;
  if (!data || !data->is_array() || data->items().empty() || !data->items()[0].is_object()) return;
  const io::Json& first = data->items()[0];
  if (context_.plan.served_model.empty()) model_ = first.text_or("id", model_);
  simulated_ = has_text(first, "owned_by", "energylens-simulate");
  about_["served_model"] = model_;
  about_["owned_by"] = first.text_or("owned_by", "");
}

/// From the server's log since it was started; else from its pages.
double HttpServer::find_kv_capacity() const {
  if (const std::string log = context_.log_of(deployment_); process_ && std::filesystem::exists(log)) {
    const std::string text = read_file(log);
    const double tokens =
        kv_capacity_in_log(std::string_view(text).substr(std::min(log_begin_, text.size())));
    if (known(tokens)) return tokens;
  }
  const http::Response metrics = http::get(url_ + "/metrics", get_options(context_, 5));
  if (const double tokens = kv_capacity_in_metrics(metrics.ok() ? metrics.body : ""); known(tokens))
    return tokens;
  const io::Json info = page(context_, url_ + "/get_server_info");  // SGLang
  const io::Json* const tokens = info.is_object() ? info.find("max_total_num_tokens") : nullptr;
  return tokens && tokens->is_number() && tokens->as_number() > 0 ? tokens->as_number() : kUnknown;
}

}  // namespace energylens::campaign
