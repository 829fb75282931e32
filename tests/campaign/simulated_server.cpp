// SPDX-License-Identifier: Apache-2.0
// A server that speaks OpenAI's protocol and computes nothing: how long a job takes, and what it draws, comes
// from the physical model of `simulate`, with time compressed by --speed. Requests of one shape that come
// while the first of them is in prefill are one job. It says that it is simulated in /v1/models.
//
//   simulated_server --port N --state FILE [--tp N] [--pp N] [--model NAME] [--speed X] [--start-s S]
//                    [--crash-after N] [--drop-each N] [--fail-start 1] [--kv-log LINE] [--most-tokens N]
//                    [--refuse 1]
// --kv-log: written to the log at the start, as engines tell the size of their cache;
// --crash-after: ends in the middle of that request; --drop-each: cuts every Nth connection in mid-stream;
// --most-tokens: of an answer, whatever is asked for; --refuse: every request with status 401, repeating its
// key.
#include <csignal>

#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>

#include "campaign/simulated_state.hpp"
#include "energylens/io/json.hpp"
#include "load/token_server.hpp"
#include "simulate/serve.hpp"

namespace {

using namespace energylens;
using Client = load::TokenServer::Client;

struct Flags {
  std::map<std::string, std::string> values;
  double number(const std::string& name, double fallback) const {
    const auto found = values.find(name);
    return found == values.end() ? fallback : std::atof(found->second.c_str());
  }
  std::string text(const std::string& name, const std::string& fallback) const {
    const auto found = values.find(name);
    return found == values.end() ? fallback : found->second;
  }
};

struct Job {
  int isl = 0, osl = 0, image_tokens = 0, requests = 0, stretch = 0;
  double begin_s = 0, first_s = 0, end_s = 0;
};

class Engine {
 public:
  explicit Engine(const Flags& flags)
      : state_(flags.text("state", "")),
        speed_(flags.number("speed", 1)),
        layout_{static_cast<int>(flags.number("tp", 1)), static_cast<int>(flags.number("pp", 1)), 1, 1} {
    simulate::Options options;
    options.model = flags.text("model", "Llama-3.1-70B");
    system_ = simulate::find_system(options, hardware::Catalogue::builtin());
    state_.with([&](campaign::SimulatedState& state) { return state.idle_w = system_.idle_w; });
  }

  /// Takes a request into the job of its shape that is in prefill, or into a new one once the last has ended.
  std::shared_ptr<Job> enter(int isl, int osl, int image_tokens) {
    std::unique_lock lock(mutex_);
    for (;;) {
      const double now_s = campaign::steady_s();
      const bool joins = job_ && now_s < job_->first_s && job_->isl == isl && job_->osl == osl &&
                         job_->image_tokens == image_tokens;
      if (!joins && job_ && now_s < job_->end_s) {
        changed_.wait_for(lock, std::chrono::duration<double>(job_->end_s - now_s));
        continue;
      }
      if (!joins) {
        job_ = std::make_shared<Job>();
        job_->isl = isl, job_->osl = osl, job_->image_tokens = image_tokens, job_->begin_s = now_s;
        job_->stretch = state_.with([](campaign::SimulatedState& state) { return fold(state), state.count; });
      }
      ++job_->requests;
      plan(*job_);
      return job_;
    }
  }

  /// Until the first tokens are there: later arrivals put that off.
  void await_first(const Job& job) {
    std::unique_lock lock(mutex_);
    while (campaign::steady_s() < job.first_s)
      changed_.wait_for(lock, std::chrono::duration<double>(job.first_s - campaign::steady_s()));
  }
  Job copy(const Job& job) {
    const std::lock_guard lock(mutex_);
    return job;
  }

 private:
  /// What ended long ago becomes one stretch for each number of GPUs, so that the list does not end and the
  /// counter of no GPU jumps.
  static void fold(campaign::SimulatedState& state) {
    if (state.count < campaign::SimulatedState::kStretches - 16) return;
    std::map<int, double> extra_j;  // of each GPU, by how many were used
    for (int i = 0; i < state.count; ++i) {
      const auto& one = state.stretches[i];
      extra_j[one.used] += one.extra_w * (one.end_s - one.begin_s);
    }
    state.count = 0;
    for (const auto& [used, joules] : extra_j)
      state.stretches[state.count++] = {state.since_s, state.since_s + 1, joules, used};
  }

  void plan(Job& job) {
    const simulate::JobOutcome outcome =
        simulate::run_job(system_, layout_,
                          {static_cast<double>(job.requests), static_cast<double>(job.isl),
                           static_cast<double>(job.osl), static_cast<double>(job.image_tokens), 0});
    job.first_s = job.begin_s + outcome.prefill.seconds / speed_;
    job.end_s = job.first_s + outcome.decode.seconds / speed_;
    const int gpus = layout_.gpus();
    state_.with([&](campaign::SimulatedState& state) {
      const auto stretch = [&](double begin_s, double end_s, const simulate::Phase& phase) {
        const double watts = phase.seconds > 0 ? phase.joules / phase.seconds / gpus : 0;
        return campaign::SimulatedState::Stretch{begin_s, end_s, watts - system_.idle_w, gpus};
      };
      state.stretches[job.stretch] = stretch(job.begin_s, job.first_s, outcome.prefill);
      state.stretches[job.stretch + 1] = stretch(job.first_s, job.end_s, outcome.decode);
      return state.count = job.stretch + 2;
    });
    changed_.notify_all();
  }

  campaign::SharedState state_;
  double speed_;
  table::Layout layout_;
  simulate::System system_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<Job> job_;
};

void send_page(const Client& client, const std::string& body) {
  client.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\n\r\n" + body);
}

int tokens_of(const io::Json& prompt) {
  if (prompt.is_array()) return static_cast<int>(prompt.items().size());
  return 1 + static_cast<int>(std::ranges::count(prompt.as_text(), ' '));
}

/// A token for every 28 x 28 pixels that were begun, of a PNG in a data URL: its size stands in its bytes 16
/// to 23.
int tokens_of_image(const std::string& url) {
  const std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::string_view text = std::string_view(url).substr(url.find(',') + 1);
  const auto number = [&](std::size_t at) {
    unsigned value = 0;
    for (std::size_t bit = 8 * at; bit < 8 * (at + 4); ++bit)
      value = value << 1 | (digits.find(text[bit / 6]) >> (5 - bit % 6) & 1);
    return static_cast<int>(value);
  };
  return ((number(16) + 27) / 28) * ((number(20) + 27) / 28);
}

struct Asked {
  int isl = 0, image_tokens = 0;
  bool chat = false;
};

/// What a completion or a chat asks for. A chat has four tokens of its own.
Asked asked_by(const io::Json& json) {
  if (json.find("prompt")) return {tokens_of(json.at("prompt")), 0, false};
  Asked asked{4, 0, true};
  const io::Json& content = json.array_at("messages")[0].at("content");
  if (content.is_text()) asked.isl += tokens_of(content);
  for (std::size_t i = 0; content.is_array() && i < content.items().size(); ++i) {
    const io::Json& part = content.items()[i];
    if (part.text("type") == "text") asked.isl += tokens_of(part.at("text"));
    if (part.text("type") == "image_url")
      asked.image_tokens += tokens_of_image(part.at("image_url").text("url"));
  }
  asked.isl += asked.image_tokens;
  return asked;
}

/// Streams a job's tokens in a few pieces; with `cut`, ends after the first.
void stream(const Client& client, Engine& engine, const Asked& asked, int osl, bool cut) {
  const std::shared_ptr<Job> job = engine.enter(asked.isl, osl, asked.image_tokens);
  const auto send_token = [&] { return asked.chat ? client.send_delta() : client.send_token(); };
  client.begin_stream();
  engine.await_first(*job);
  send_token();
  if (cut) return;
  const Job planned = engine.copy(*job);
  constexpr int kPieces = 4;
  for (int piece = 1; piece <= (osl > 1 ? kPieces : 0); ++piece) {
    const double moment_s = planned.first_s + (planned.end_s - planned.first_s) * piece / kPieces;
    load::sleep_s(std::max(0.0, moment_s - campaign::steady_s()));
    send_token();
  }
  client.end_stream(asked.isl, osl);
}

void refuse(const Client& client, const std::string& request) {
  const std::size_t key = request.find("Bearer ");
  const std::string body = key == request.npos
                               ? "no access"
                               : "no access by " + request.substr(key, request.find("\r\n", key) - key);
  client.send("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n" + body);
}

void serve(const Flags& flags, Engine& engine, const std::string& request, const Client& client) {
  static std::atomic<int> asked{0};
  if (request.starts_with("GET /health")) return send_page(client, "");
  if (request.starts_with("GET /v1/models"))
    return send_page(client, R"({"data": [{"id": "simulated", "owned_by": "energylens-simulate"}]})");
  if (request.starts_with("GET")) {
    client.send("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  if (flags.number("refuse", 0) > 0) return refuse(client, request);
  const io::Json json = io::parse_json(request.substr(request.find("\r\n\r\n") + 4), "request");
  const int number = ++asked;
  if (number == static_cast<int>(flags.number("crash-after", 0))) {
    std::cerr << "CUDA error: an illegal memory access was encountered" << std::endl;
    std::_Exit(3);
  }
  const int each = static_cast<int>(flags.number("drop-each", 0));
  const double osl =
      std::min(static_cast<double>(json.integer("max_tokens")), flags.number("most-tokens", 1e9));
  stream(client, engine, asked_by(json), static_cast<int>(osl), each > 0 && number % each == 0);
}

std::atomic<bool> told_to_end{false};

}  // namespace

int main(int argc, char** argv) {
  Flags flags;
  for (int i = 1; i + 1 < argc; i += 2) flags.values[std::string(argv[i]).substr(2)] = argv[i + 1];
  if (flags.number("fail-start", 0) > 0) {
    std::cerr << "ValueError: no room for the KV cache" << std::endl;
    return 1;
  }
  load::sleep_s(flags.number("start-s", 0));
  if (const std::string line = flags.text("kv-log", ""); !line.empty()) std::cerr << line << std::endl;
  std::signal(SIGTERM, [](int) { told_to_end = true; });
  Engine engine(flags);
  const load::TokenServer server(
      [&](const std::string& request, const Client& client) { serve(flags, engine, request, client); },
      static_cast<int>(flags.number("port", 0)));
  std::cerr << "ready at " << server.url() << std::endl;
  while (!told_to_end) load::sleep_s(0.01);
  std::_Exit(0);
}
