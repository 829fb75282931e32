// SPDX-License-Identifier: Apache-2.0
// Outputs of llama-bench: JSON, JSON lines, CSV, Markdown and SQL. A line is one test: n_prompt tokens of prefill, n_gen
// tokens of decode, or both, of one request. Speeds are in tokens per second. Held by llama_bench_test.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "importers/content.hpp"
#include "importers/foreign.hpp"
#include "importers/formats.hpp"
#include "importers/readers/csv_rows.hpp"
#include "importers/readers/json_path.hpp"
#include "importers/readers/json_texts.hpp"
#include "importers/results/load_rows.hpp"

namespace energylens::importers {
namespace {

constexpr std::array kLlamaBenchFields = {
    read_field("model_type", "model, quant", "its last word is the quantisation"),
    text_field("gpu_info", &LoadResult::gpu),
    number_field("model_n_params", &LoadResult::params_b, 1e-9),
    read_field("build_commit", "engine_version", "with build_number"),
    text_field("type_k", &LoadResult::kv_dtype),
    read_field("n_prompt", "isl", "plus n_depth; a test without n_gen is of prefill alone"),
    read_field("n_gen", "osl"),
    read_field("n_depth", "isl", "tokens that are in the cache before the test"),
    read_field("avg_ts", "prefill_time_s, decode_time_s", "tokens of the test over their speed"),
    read_field("test_time", "begin", "of the first repetition"),
    refused_field("stddev_ts", "spread of the repetitions"),
    refused_field("samples_ts", "per repetition"),
    refused_field("avg_ns", "follows from avg_ts"),
    refused_field("*", "settings of the test"),
};

void finish_llama_bench(const io::Json& run, LoadResult& r) {
  const double prompt = number_at(run, "n_prompt"), generated = number_at(run, "n_gen"),
               depth = number_at(run, "n_depth");
  const double speed = number_at(run, "avg_ts");
  if (!(speed > 0)) throw run.error("\"avg_ts\" is missing or not above 0");
  const std::string type = text_at(run, "model_type");
  const std::size_t blank = type.find_last_of(' ');
  r.model = type.substr(0, blank);
  if (blank != std::string::npos) r.quant = type.substr(blank + 1);
  r.engine_version = text_at(run, "build_number");
  if (r.engine_version.empty()) r.engine_version = text_at(run, "build_commit");
  r.row_kind = "job";
  r.in_flight = r.completed = 1;
  r.in_flight_source = "one request";
  const double before = depth > 0 ? depth : 0,
               tokens = (prompt > 0 ? prompt : 0) + (generated > 0 ? generated : 0);
  r.duration_s = tokens / speed;
  r.isl = before + (prompt > 0 ? prompt : 0);
  if (generated > 0) {
    r.osl = generated;
    if (!(prompt > 0)) {
      r.decode_time_s = r.duration_s;
      r.tpot_s = 1 / speed;
      r.output_tok_s = speed;
    }
  } else {
    r.prefill_time_s = r.duration_s;
    r.ttft_s = r.duration_s;
    r.output_tok_s = kUnknown;
  }
  r.notes.emplace_back(generated > 0 ? prompt > 0 ? "prefill and decode together" : "decode alone"
                                     : "prefill alone");
}

/// The text as the JSON objects of its lines, by the names that llama-bench itself writes.
io::Json llama_bench_row(const std::vector<std::string>& names, const std::vector<std::string>& cells) {
  io::Json run = io::Json::object();
  for (std::size_t i = 0; i < names.size() && i < cells.size(); ++i) {
    if (run.find(names[i])) continue;
    const auto number = parse_number(cells[i]);
    run[names[i]] = number ? io::Json(*number) : io::Json(cells[i]);
  }
  return run;
}

/// Cells of a Markdown line without blanks; empty for another line.
std::vector<std::string> markdown_cells(std::string_view line) {
  std::vector<std::string> cells;
  if (!line.starts_with('|')) return cells;
  line.remove_prefix(1);
  while (!line.empty()) {
    const std::size_t end = std::min(line.find('|'), line.size());
    std::string_view cell = line.substr(0, end);
    while (cell.starts_with(' ')) cell.remove_prefix(1);
    while (cell.ends_with(' ') || cell.ends_with('\r')) cell.remove_suffix(1);
    if (end < line.size() || !cell.empty()) cells.emplace_back(cell);
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return cells;
}

/// "pp512", "tg128 @ d4096" and "pp512+tg128" as counts of tokens.
void set_test(const std::string& test, io::Json& run) {
  const auto after = [&](const char* word) -> double {
    const std::size_t at = test.find(word);
    if (at == std::string::npos) return 0;
    std::size_t end = at + std::string_view(word).size();
    const std::size_t begin = end;
    while (end < test.size() && test[end] >= '0' && test[end] <= '9') ++end;
    return parse_number(std::string_view(test).substr(begin, end - begin)).value_or(0);
  };
  run["n_prompt"] = after("pp");
  run["n_gen"] = after("tg");
  run["n_depth"] = after("@ d");
}

std::vector<io::Json> markdown_runs(const std::string& text, const std::string& file) {
  std::vector<io::Json> runs;
  std::vector<std::string> names;
  std::size_t at = 0;
  long number = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::vector<std::string> cells = markdown_cells(std::string_view(text).substr(at, end - at));
    at = end + 1;
    ++number;
    if (cells.empty() || cells.front().find("--") == 0) continue;
    if (names.empty() || cells.front() == "model") {
      names = cells;
      continue;
    }
    io::Json row = llama_bench_row(names, cells), run = io::Json::object();
    run["model_type"] = text_at(row, "model");
    const std::string parameters = text_at(row, "params");
    const auto billions = parse_number(parameters.substr(0, parameters.find(' ')));
    if (billions && parameters.ends_with('B')) run["model_n_params"] = *billions * 1e9;
    if (billions && parameters.ends_with('M')) run["model_n_params"] = *billions * 1e6;
    set_test(text_at(row, "test"), run);
    const std::string speed = text_at(row, "t/s");
    const auto value = parse_number(speed.substr(0, speed.find_first_of(" \xC2")));
    if (!value) throw Error::bad_cell({file, number, "t/s"}, shown(speed), "a number of tokens per second");
    run["avg_ts"] = *value;
    runs.push_back(std::move(run));
  }
  return runs;
}

/// The values of the INSERT statements.
std::vector<io::Json> sql_runs(const std::string& text) {
  std::vector<io::Json> runs;
  const auto list = [&](std::size_t open, std::vector<std::string>& items) {
    std::string item;
    bool quoted = false;
    for (std::size_t at = open + 1; at < text.size(); ++at) {
      const char c = text[at];
      if (c == '\'') {
        if (quoted && at + 1 < text.size() && text[at + 1] == '\'') {
          item += text[at++];
        } else {
          quoted = !quoted;
        }
      } else if (!quoted && (c == ',' || c == ')')) {
        items.push_back(item);
        item.clear();
        if (c == ')') return at;
      } else if (quoted || (c != ' ' && c != '\n' && c != '\r' && c != '\t')) {
        item += c;
      }
    }
    return text.size();
  };
  for (std::size_t at = text.find("INSERT INTO"); at != std::string::npos;
       at = text.find("INSERT INTO", at)) {
    const std::size_t open = text.find('(', at), values = text.find("VALUES", at);
    if (open == std::string::npos || values == std::string::npos || open > values) break;
    std::vector<std::string> names, cells;
    list(open, names);
    const std::size_t second = text.find('(', values);
    if (second == std::string::npos) break;
    at = list(second, cells);
    runs.push_back(llama_bench_row(names, cells));
  }
  return runs;
}

std::vector<io::Json> llama_bench_runs(const std::string& text, const std::string& file,
                                       std::vector<std::string>& warnings) {
  const std::string_view beginning = beginning_of_text(text);
  if (beginning.starts_with('[') || beginning.starts_with('{')) return runs_in(text, file, warnings);
  if (beginning.starts_with('|')) return markdown_runs(text, file);
  if (text.find("INSERT INTO") != std::string::npos) return sql_runs(text);
  return csv_rows(text, file);
}

}  // namespace

Imported import_llama_bench(const Request& request) {
  std::vector<std::string> warnings;
  LoadRows rows(request, warnings);
  LoadResult defaults;
  defaults.tool = "llama-bench";
  defaults.engine = "llama.cpp";
  for (const std::string& file : request.files) {
    const std::string text = text_of(file, request);
    explained(text, file, "llama-bench", [&] {
      for (const io::Json& run : llama_bench_runs(text, file, warnings))
        add_run(run, kLlamaBenchFields, file, rows, defaults, finish_llama_bench);
    });
  }
  return rows.finish();
}
std::vector<FieldInfo> llama_bench_fields() {
  return field_infos(kLlamaBenchFields);
}

}  // namespace energylens::importers
