// SPDX-License-Identifier: Apache-2.0
// The header of a GGUF file: pairs of key and value, then the name and shape of every tensor, so weights are counted exactly.
// Everything is little-endian; lengths are checked before memory is taken. Held by model_file_test.cpp.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <fstream>
#include <map>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/hardware/model_file.hpp"

namespace energylens::hardware {
namespace {

static_assert(std::endian::native == std::endian::little, "GGUF files are read as they lie in memory");

constexpr std::uint64_t kMostText = 1 << 20, kMostItems = 1 << 26, kMostEntries = 1 << 20;
constexpr std::uint32_t kGgufText = 8, kGgufArray = 9;
/// Bytes of the types of values, by their number: integers, floats and booleans.
constexpr std::array<std::size_t, 13> kGgufSizes = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

constexpr std::array<std::string_view, 9> kGgufKinds = {"llama",  "qwen2",  "qwen3", "qwen2moe", "qwen3moe",
                                                        "gemma2", "gemma3", "phi3",  "mistral"};

/// Labels of general.file_type, the quantisation of most weights.
constexpr std::array<std::pair<std::uint32_t, const char*>, 15> kFileTypes = {{{0, "fp32"},
                                                                               {1, "fp16"},
                                                                               {2, "q4_0"},
                                                                               {3, "q4_1"},
                                                                               {7, "q8_0"},
                                                                               {8, "q5_0"},
                                                                               {9, "q5_1"},
                                                                               {10, "q2_K"},
                                                                               {11, "q3_K_S"},
                                                                               {12, "q3_K_M"},
                                                                               {14, "q4_K_S"},
                                                                               {15, "q4_K_M"},
                                                                               {17, "q5_K_M"},
                                                                               {18, "q6_K"},
                                                                               {32, "bf16"}}};

class GgufReader {
 public:
  explicit GgufReader(const std::string& path) : path_(path), in_(path, std::ios::binary) {
    if (!in_) throw Error::cannot_read(path, "no such file");
  }
  template <typename T>
  T number() {
    T value{};
    take(reinterpret_cast<char*>(&value), sizeof value);
    return value;
  }
  std::string text() {
    const auto length = number<std::uint64_t>();
    if (length > kMostText) throw damaged();
    std::string out(length, '\0');
    take(out.data(), length);
    return out;
  }
  void skip(std::uint64_t bytes) {
    in_.seekg(static_cast<std::streamoff>(bytes), std::ios::cur);
    if (!in_) throw damaged();
  }
  Error damaged() const { return Error::bad_input({path_, 0, {}}, "damaged or truncated GGUF header"); }
  Error refused(const std::string& why) const { return Error::bad_input({path_, 0, {}}, why); }

 private:
  void take(char* to, std::uint64_t bytes) {
    in_.read(to, static_cast<std::streamsize>(bytes));
    if (!in_) throw damaged();
  }
  std::string path_;
  std::ifstream in_;
};

/// Values of keys: numbers, texts, and of arrays their length.
struct Metadata {
  std::map<std::string, double> numbers;
  std::map<std::string, std::string> texts;
};

double number_of(GgufReader& in, std::uint32_t type) {
  switch (type) {
    case 0:
      return in.number<std::uint8_t>();
    case 1:
      return in.number<std::int8_t>();
    case 2:
      return in.number<std::uint16_t>();
    case 3:
      return in.number<std::int16_t>();
    case 4:
      return in.number<std::uint32_t>();
    case 5:
      return in.number<std::int32_t>();
    case 6:
      return in.number<float>();
    case 7:
      return in.number<std::uint8_t>();
    case 10:
      return static_cast<double>(in.number<std::uint64_t>());
    case 11:
      return static_cast<double>(in.number<std::int64_t>());
    case 12:
      return in.number<double>();
    default:
      throw in.damaged();
  }
}

void skip_array(GgufReader& in, std::uint32_t type, std::uint64_t count) {
  if (count > kMostItems || type >= kGgufSizes.size()) throw in.damaged();
  if (type == kGgufText) {
    for (std::uint64_t i = 0; i < count; ++i) in.skip(in.number<std::uint64_t>());
  } else if (kGgufSizes[type] == 0) {
    throw in.damaged();
  } else {
    in.skip(count * kGgufSizes[type]);
  }
}

void read_entry(GgufReader& in, Metadata& out) {
  const std::string key = in.text();
  const auto type = in.number<std::uint32_t>();
  if (type == kGgufText) {
    out.texts[key] = in.text();
  } else if (type == kGgufArray) {
    const auto item = in.number<std::uint32_t>();
    const auto count = in.number<std::uint64_t>();
    skip_array(in, item, count);
    out.numbers[key + ".length"] = static_cast<double>(count);
  } else {
    out.numbers[key] = number_of(in, type);
  }
}

/// Weights of all tensors, and of those that hold routed experts.
struct Weights {
  double all = 0, experts = 0;
};

Weights read_tensors(GgufReader& in, std::uint64_t count) {
  if (count == 0 || count > kMostEntries) throw in.damaged();
  Weights out;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string name = in.text();
    const auto dimensions = in.number<std::uint32_t>();
    if (dimensions > 8) throw in.damaged();
    double elements = 1;
    for (std::uint32_t d = 0; d < dimensions; ++d)
      elements *= static_cast<double>(in.number<std::uint64_t>());
    in.number<std::uint32_t>();
    in.number<std::uint64_t>();
    out.all += elements;
    if (name.find("_exps") != std::string::npos) out.experts += elements;
  }
  return out;
}

double at_least_one(const GgufReader& in, const Metadata& data, const std::string& key) {
  const auto found = data.numbers.find(key);
  if (found == data.numbers.end() || !(found->second >= 1)) throw in.refused("the header lacks " + key);
  return found->second;
}

double number_or(const Metadata& data, const std::string& key, double otherwise) {
  const auto found = data.numbers.find(key);
  return found == data.numbers.end() ? otherwise : found->second;
}

std::string text_or(const Metadata& data, const std::string& key, const std::string& otherwise) {
  const auto found = data.texts.find(key);
  return found == data.texts.end() ? otherwise : found->second;
}

std::string stem_of(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  return name.substr(0, name.rfind('.'));
}

std::string quant_label(const Metadata& data) {
  const double type = number_or(data, "general.file_type", -1);
  const auto found = std::ranges::find_if(kFileTypes, [&](const auto& one) { return one.first == type; });
  return found == kFileTypes.end() ? "" : found->second;
}

}  // namespace

ModelFile gguf_model(const std::string& path) {
  GgufReader in(path);
  if (in.number<std::uint32_t>() != 0x46554747) throw in.refused("not a GGUF file");
  const auto version = in.number<std::uint32_t>();
  if (version < 2 || version > 3)
    throw in.refused("GGUF version " + std::to_string(version) + " is not supported");
  const auto tensors = in.number<std::uint64_t>();
  const auto entries = in.number<std::uint64_t>();
  if (entries > kMostEntries) throw in.damaged();
  Metadata data;
  for (std::uint64_t i = 0; i < entries; ++i) read_entry(in, data);
  const std::string kind = text_or(data, "general.architecture", "");
  if (std::ranges::find(kGgufKinds, kind) == kGgufKinds.end())
    throw in.refused("unknown architecture " + quote(kind) + "; known: " + join(kGgufKinds));
  const Weights weights = read_tensors(in, tensors);
  const auto of = [&](const char* key) { return kind + '.' + key; };
  const std::string source = "header of " + path;
  const auto figure = [&source](double value) { return Figure{value, known(value) ? source : ""}; };
  const double heads = at_least_one(in, data, of("attention.head_count"));
  const double hidden = at_least_one(in, data, of("embedding_length"));
  const double experts = number_or(data, of("expert_count"), 0),
               used = number_or(data, of("expert_used_count"), 0);
  ModelFile out;
  Model& model = out.model;
  const bool sparse = experts > 0 && used > 0 && used <= experts;
  model.name = text_or(data, "general.name", stem_of(path));
  model.arch = sparse ? "moe" : "dense";
  model.params = figure(weights.all);
  model.active_params = figure(sparse ? weights.all - weights.experts * (1 - used / experts) : weights.all);
  model.layers = model.attention_layers = figure(at_least_one(in, data, of("block_count")));
  model.hidden = figure(hidden);
  model.attention_heads = figure(heads);
  model.kv_heads = figure(number_or(data, of("attention.head_count_kv"), heads));
  model.head_dim = figure(number_or(data, of("attention.key_length"), hidden / heads));
  model.experts = figure(sparse ? experts : kUnknown);
  model.experts_per_token = figure(sparse ? used : kUnknown);
  if (sparse) model.always_read_share = figure(1 - weights.experts / weights.all);
  model.context_tokens = figure(number_or(data, of("context_length"), kUnknown));
  out.quant = quant_label(data);
  return out;
}

}  // namespace energylens::hardware
