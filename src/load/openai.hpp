// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/core/number_text.hpp"
#include "energylens/io/json.hpp"
#include "load/sse.hpp"

namespace energylens::load {

/// One request to a server of OpenAI's protocol (vLLM, SGLang, TensorRT-LLM, llama.cpp).
struct Prompt {
  std::string text;
  std::vector<std::string> images;  ///< as data URLs; then the request is a chat
  bool chat = false;                ///< /v1/chat/completions instead of /v1/completions
  int max_tokens = 128;
  bool exact = true;  ///< exactly `max_tokens`: ignore_eos and min_tokens, which most servers support
  std::vector<int> tokens = {};  ///< sent instead of the text, where not empty; not in a chat
};

/// The body of the request: streamed, with token counts at the end. Throws Error (bad input) for an image
/// that is not a data URL.
io::Json request_json(const Prompt& prompt, const std::string& model);
/// "/v1/completions" or "/v1/chat/completions"
std::string request_path(const Prompt& prompt);

/// The answer to one request. Times are of the steady clock, in seconds; unknown if the event did not occur. `first_s` is
/// also unknown for an answer of several tokens in one piece, or in pieces that came all at once: that shows only when the
/// last of them was made.
struct Completion {
  double begin_s = kUnknown, first_s = kUnknown, last_s = kUnknown, end_s = kUnknown;
  /// Pieces of the stream that may be a token each: with text or a part of a tool call, or empty before the end.
  int pieces = 0;
  std::vector<double>
      gaps_s;  ///< between consecutive pieces; of those with text, unless every token has its piece
  /// By the server's count (`usage`), never by pieces: a piece may contain several tokens. Unknown if not
  /// reported.
  double prompt_tokens = kUnknown, output_tokens = kUnknown;
  int asked_tokens = 0;             ///< the number requested
  double cached_tokens = kUnknown;  ///< of the prompt, found in the prefix cache; unknown if not reported
  std::string finish_reason;
  std::string problem;  ///< why the answer is not complete; empty if it is

  bool whole() const { return problem.empty(); }
  /// Whether several tokens came in one piece, or all at once: then the first one has no time.
  bool in_one_piece() const { return whole() && !known(first_s); }
  /// Whether some pieces contain several tokens. The last token may have no piece.
  bool has_long_pieces() const { return whole() && pieces + 1 < output_tokens; }
  double ttft_s() const { return first_s - begin_s; }
  double e2e_s() const { return end_s - begin_s; }
  /// (end-to-end latency - TTFT) / (output tokens - 1); unknown for fewer than two tokens.
  double tpot_s() const;
};

/// The longest answer that is read, bytes of its stream; a longer one is cut off.
inline constexpr std::size_t kMostAnswerBytes = 512u << 20;

/// Reads the stream of one answer. Never throws: invalid input becomes a problem of the completion.
class AnswerReader {
 public:
  /// `completion` must outlive this.
  explicit AnswerReader(Completion& completion);
  AnswerReader(const AnswerReader&) = delete;
  AnswerReader& operator=(const AnswerReader&) = delete;

  /// A piece that arrived at `now_s`. False if no more is needed.
  bool feed(std::string_view piece, double now_s);
  /// The stream ended at `now_s`.
  void end(double now_s);

 private:
  /// A choice that arrived.
  struct Arrival {
    double time_s;
    bool has_text;
  };

  void take_event(std::string_view data);
  void take_chunk(const io::Json& chunk);
  void take_choice(const io::Json& choice);
  bool time_tokens();
  std::string why_unfinished() const;

  Completion& completion_;
  double now_s_ = kUnknown, last_choice_s_ = kUnknown;
  std::size_t bytes_ = 0;
  bool done_ = false, has_event_ = false;
  char first_character_ = 0;  // of the stream, after blanks
  std::vector<Arrival> arrivals_;
  SseReader events_;
};

}  // namespace energylens::load
