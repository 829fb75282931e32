// SPDX-License-Identifier: Apache-2.0
// Chunks differ by their content: choices with text (or a chat's delta), a usage count, an error. The first
// chunk of a chat may contain only the role, and no text: that is not the first token. Held by
// openai_test.cpp.
#include "load/openai.hpp"

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

/// A completion's text, or what a chat's delta adds: answer or reasoning.
bool holds_text(const io::Json& choice) {
  if (has_text(choice, "text")) return true;
  const io::Json* const delta = choice.is_object() ? choice.find("delta") : nullptr;
  return delta && (has_text(*delta, "content") || has_text(*delta, "reasoning_content") ||
                   has_text(*delta, "reasoning"));
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
  if (bytes_ > kMostAnswerBytes && completion_.problem.empty())
    completion_.problem = "the answer is too long";
  if (!events_.feed(piece)) completion_.problem = "an event of the stream is too long";
  return completion_.problem.empty();
}

void AnswerReader::end(double now_s) {
  if (!known(completion_.end_s)) completion_.end_s = now_s;
  if (!completion_.problem.empty()) return;
  // A token may have no text: the end of a sequence, a part of a character. Then its piece is the only sign of
  // it.
  if (done_ && !known(completion_.first_s) && completion_.output_tokens >= 1)
    completion_.first_s = completion_.last_s = last_choice_s_;
  if (!done_) {
    completion_.problem = "the stream ended without [DONE]";
  } else if (!known(completion_.first_s)) {
    completion_.problem = "the answer contains no text";
  }
}

void AnswerReader::take_event(std::string_view data) {
  if (!completion_.problem.empty() || done_) return;
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
  for (const io::Json& choice : choices->items()) {
    if (const std::string reason = choice.text_or("finish_reason", ""); !reason.empty())
      completion_.finish_reason = reason;
    last_choice_s_ = now_s_;
    if (!holds_text(choice)) continue;
    if (known(completion_.last_s)) completion_.gaps_s.push_back(now_s_ - completion_.last_s);
    if (!known(completion_.first_s)) completion_.first_s = now_s_;
    completion_.last_s = now_s_;
  }
}

}  // namespace energylens::load
