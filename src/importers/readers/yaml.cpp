// SPDX-License-Identifier: Apache-2.0
// The only file that knows the YAML library. Aliases are expanded; the size of the result is limited, since a few lines of
// them can stand for terabytes. Held by readers_test.cpp.
#include "importers/readers/yaml.hpp"

#include <yaml-cpp/yaml.h>

#include <cstdlib>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"
#include "importers/readers/json_texts.hpp"

namespace energylens::importers {
namespace {

constexpr std::size_t kMostNodes = 1'000'000;
constexpr int kDeepest = 64;

class YamlToJson {
 public:
  explicit YamlToJson(const std::string& file) : file_(file) {}

  io::Json convert(const YAML::Node& node, int depth = 0) {
    if (++nodes_ > kMostNodes || depth > kDeepest)
      throw Error::bad_input({file_, node.Mark().line + 1, {}},
                             "too large or too deeply nested for a report");
    if (node.IsMap()) return object(node, depth);
    if (node.IsSequence()) {
      io::Json array = io::Json::array();
      for (const YAML::Node& item : node) array.push_back(convert(item, depth + 1));
      return array;
    }
    return node.IsScalar() ? scalar(node) : io::Json(nullptr);
  }

 private:
  io::Json object(const YAML::Node& node, int depth) {
    io::Json result = io::Json::object();
    for (const auto& member : node) {
      if (!member.first.IsScalar()) continue;
      result[member.first.Scalar()] = convert(member.second, depth + 1);
    }
    return result;
  }

  static io::Json scalar(const YAML::Node& node) {
    const std::string& text = node.Scalar();
    if (node.Tag() == "!") return io::Json(text);  // in quotation marks
    const std::string lower = lower_case(text);
    if (lower == "null" || lower == "~" || lower.empty() || lower == ".nan") return io::Json(nullptr);
    if (lower == "true" || lower == "false") return io::Json(lower == "true");
    if (const auto number = parse_number(text)) return io::Json(*number);
    return io::Json(text);
  }

  const std::string& file_;
  std::size_t nodes_ = 0;
};

}  // namespace

io::Json parse_yaml(const std::string& text, const std::string& file) {
  try {
    return YamlToJson(file).convert(YAML::Load(text));
  } catch (const YAML::Exception& error) {
    throw Error::bad_input({file, error.mark.line + 1, std::to_string(error.mark.column + 1)},
                           "not valid YAML: " + shown(error.msg));
  }
}

io::Json parse_json_or_yaml(const std::string& text, const std::string& file,
                            std::vector<std::string>& warnings) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  const bool is_json = first != std::string::npos && (text[first] == '{' || text[first] == '[');
  return is_json ? json_in(text, file, warnings) : parse_yaml(text, file);
}

}  // namespace energylens::importers
