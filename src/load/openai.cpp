// SPDX-License-Identifier: Apache-2.0
// Chunks differ by their content: choices with text (or a chat's delta), a usage count, an error. The first
// chunk of a chat may contain only the role, and no text: that is not the first token. Which pieces are tokens is decided
// at the end, by the count of the server. Held by
// openai_test.cpp.
#include "load/openai.hpp"

#include <algorithm>
#include <array>

#include "energylens/core/error.hpp"

namespace energylens::load {
namespace {

io::Json image_part(const std::string& image) {
  if (!image.starts_with("data:image/") || image.find(";base64,") == std::string::npos) {
    throw Error::bad_input({}, "an image must be a data URL such as data:image/png;base64,...");
  }
  return io::Json::object({{"type", "image_url"}, {"image_url", io::Json::object({{"url", image}})}});
}

io::Json chat_messages(const Prompt& prompt) {
  io::Json content;
  if (prompt.images.empty()) {
    content = prompt.text;
  } else {
    content = io::Json::array({io::Json::object({{"type", "text"}, {"text", prompt.text}})});
    for (const std::string& image : prompt.images) content.push_back(image_part(image));
  }
  return io::Json::array({io::Json::object({{"role", "user"}, {"content", std::move(content)}})});
}

bool is_chat(const Prompt& prompt) {
  return prompt.chat || !prompt.images.empty();
}

/// Whether a member is there and is a text that is not empty.
bool has_text(const io::Json& object, std::string_view name) {
  const io::Json* const value = object.is_object() ? object.find(name) : nullptr;
  return value && value->is_text() && !value->as_text().empty();
}

/// Whether a member is there and is an array or an object that is not empty.
bool has_parts(const io::Json& object, std::string_view name) {
  const io::Json* const value = object.is_object() ? object.find(name) : nullptr;
  return value && ((value->is_array() && !value->items().empty()) ||
                   (value->is_object() && !value->members().empty()));
}

/// A completion's text, or what a chat's delta adds: answer, reasoning, refusal or tool calls.
bool holds_text(const io::Json& choice) {
  if (has_text(choice, "text")) return true;
  const io::Json* const delta = choice.is_object() ? choice.find("delta") : nullptr;
  if (!delta) return false;
  constexpr std::array kTexts = {"content", "reasoning_content", "reasoning", "refusal"};
  constexpr std::array kParts = {"tool_calls", "function_call", "content", "audio"};
  return std::ranges::any_of(kTexts, [&](const char* name) { return has_text(*delta, name); }) ||
         std::ranges::any_of(kParts, [&](const char* name) { return has_parts(*delta, name); });
}

/// Whether a choice without text may be a token that is no text yet, as a part of a character: not the role that begins a
/// chat, nor the reason that ends an answer.
bool may_be_token(const io::Json& choice) {
  if (!choice.is_object() || !choice.text_or("finish_reason", "").empty()) return false;
  const io::Json* const delta = choice.find("delta");
  if (!delta) return choice.find("text") != nullptr;
  return delta->is_object() && !delta->find("role") && !delta->members().empty();
}

/// Whether pieces came faster than any model makes tokens: something on the way, such as a proxy that buffers, held them
/// back and sent them at once.
bool is_held_back(std::size_t pieces, double span_s) {
  constexpr std::size_t kEnough = 8;  // few pieces may share a packet
  constexpr double kFastest_s = 1e-5;
  return pieces >= kEnough && span_s < kFastest_s * static_cast<double>(pieces - 1);
}

/// Unknown for an invalid number of tokens.
double token_count(const io::Json& usage, const char* name) {
  constexpr double kMost = 1e9;
  const double count = usage.number_or_unknown(name);
  return count >= 0 && count <= kMost ? count : kUnknown;
}

std::string one_line(std::string text) {
  if (text.size() > 200) text = text.substr(0, 200) + "...";
  for (char& c : text) c = static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  return text;
}

}  // namespace

io::Json request_json(const Prompt& prompt, const std::string& model) {
  io::Json json = io::Json::object({{"model", model}});
  if (is_chat(prompt)) {
    json["messages"] = chat_messages(prompt);
  } else if (!prompt.tokens.empty()) {
    json["prompt"] = io::Json::array();
    for (const int token : prompt.tokens) json["prompt"].push_back(token);
  } else {
    json["prompt"] = prompt.text;
  }
  json["max_tokens"] = prompt.max_tokens;
  json["temperature"] = 0;
  if (prompt.exact) {
    json["min_tokens"] = prompt.max_tokens;
    json["ignore_eos"] = true;
  }
  json["stream"] = true;
  json["stream_options"] = io::Json::object({{"include_usage", true}});
  return json;
}

std::string request_path(const Prompt& prompt) {
  return is_chat(prompt) ? "/v1/chat/completions" : "/v1/completions";
}

double Completion::tpot_s() const {
  return output_tokens >= 2 ? (e2e_s() - ttft_s()) / (output_tokens - 1) : kUnknown;
}

AnswerReader::AnswerReader(Completion& completion)
    : completion_(completion), events_([this](std::string_view data) { take_event(data); }) {}

bool AnswerReader::feed(std::string_view piece, double now_s) {
  now_s_ = now_s;
  bytes_ += piece.size();
  if (first_character_ == 0) {
    const std::size_t first = piece.find_first_not_of(" \t\r\n");
    if (first != piece.npos) first_character_ = piece[first];
  }
  if (bytes_ > kMostAnswerBytes && completion_.problem.empty())
    completion_.problem = "the response is too long";
  if (!events_.feed(piece)) completion_.problem = "an event of the stream is too long";
  return completion_.problem.empty();
}

void AnswerReader::end(double now_s) {
  if (!known(completion_.end_s)) completion_.end_s = now_s;
  if (!completion_.problem.empty()) return;
  if (!done_) {
    completion_.problem = why_unfinished();
  } else if (!time_tokens()) {
    completion_.problem = "the response contains no text";
  }
}

std::string AnswerReader::why_unfinished() const {
  if (!has_event_ && first_character_ == '{')
    return "the server did not stream: it sent the response as one JSON document, so the times of its tokens are unknown";
  return "the stream ended without [DONE]";
}

/// False if no token arrived.
bool AnswerReader::time_tokens() {
  const double tokens = completion_.output_tokens;
  completion_.pieces = static_cast<int>(arrivals_.size());
  // Where there is a piece for every token, also those without text are tokens.
  const bool all_count = static_cast<double>(arrivals_.size()) == tokens;
  std::size_t counted = 0;
  for (const Arrival& one : arrivals_) {
    if (!one.has_text && !all_count) continue;
    ++counted;
    if (known(completion_.last_s)) completion_.gaps_s.push_back(one.time_s - completion_.last_s);
    if (!known(completion_.first_s)) completion_.first_s = one.time_s;
    completion_.last_s = one.time_s;
  }
  // A token may have no text: the end of a sequence, a part of a character. Then its piece is the only sign of it.
  if (counted == 0) {
    if (!(tokens >= 1) || !known(last_choice_s_)) return false;
    completion_.first_s = completion_.last_s = last_choice_s_;
  }
  const double most = known(tokens) ? tokens : completion_.asked_tokens;
  const bool at_once =
      (counted <= 1 && most > 1) || is_held_back(counted, completion_.last_s - completion_.first_s);
  if (at_once) completion_.first_s = kUnknown;
  return true;
}

void AnswerReader::take_event(std::string_view data) {
  if (!completion_.problem.empty() || done_) return;
  has_event_ = true;
  if (data == "[DONE]") {
    done_ = true;
    completion_.end_s = now_s_;
    return;
  }
  try {
    take_chunk(io::parse_json(data, "stream"));
  } catch (const Error& error) {
    completion_.problem = one_line(error.what());
  }
}

void AnswerReader::take_chunk(const io::Json& chunk) {
  if (const io::Json* const error = chunk.find("error"); error && !error->is_null()) {
    completion_.problem = "the server reports: " + one_line(io::print_json(*error, 0));
    return;
  }
  if (const io::Json* const usage = chunk.find("usage"); usage && !usage->is_null()) {
    completion_.prompt_tokens = token_count(*usage, "prompt_tokens");
    completion_.output_tokens = token_count(*usage, "completion_tokens");
    if (const io::Json* const details = usage->find("prompt_tokens_details"); details && details->is_object())
      completion_.cached_tokens = token_count(*details, "cached_tokens");
  }
  const io::Json* const choices = chunk.find("choices");
  if (!choices || choices->is_null()) return;
  for (const io::Json& choice : choices->items()) take_choice(choice);
}

void AnswerReader::take_choice(const io::Json& choice) {
  if (const std::string reason = choice.text_or("finish_reason", ""); !reason.empty())
    completion_.finish_reason = reason;
  last_choice_s_ = now_s_;
  const bool has_text = holds_text(choice);
  if (has_text || may_be_token(choice)) arrivals_.push_back({now_s_, has_text});
}

}  // namespace energylens::load
