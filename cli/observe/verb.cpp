// SPDX-License-Identifier: Apache-2.0
#include "energylens/observe/observe.hpp"

#include <chrono>
#include <cstdlib>
#include <memory>

#include "cli/console.hpp"
#include "cli/observe/durations.hpp"
#include "cli/verb.hpp"
#include "core/file.hpp"
#include "core/named_table.hpp"
#include "core/rounded_text.hpp"
#include "core/text.hpp"

namespace energylens::cli {
namespace {

constexpr const char* kTokenVariable = "ENERGYLENS_PROMETHEUS_TOKEN";

struct ObserveOptions {
  observe::Options observe;
  std::string prometheus, metrics, range = "24h", every = "60s", step = "15s", token_file,
                                   token_variable = kTokenVariable;
  std::vector<std::string> selector, set;
  std::string format = "csv", output = "-";
};

std::pair<std::string, std::string> named_value(const char* flag, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos)
    throw Error::usage(std::string(flag) + ": expected NAME=VALUE, not " + quote(text));
  return {text.substr(0, equals), text.substr(equals + 1)};
}

/// From a file, else from the environment; never from the command line, which other users can read.
std::string token_of(const ObserveOptions& options) {
  std::string token;
  if (!options.token_file.empty()) {
    token = read_file(options.token_file);
  } else if (const char* const value = std::getenv(options.token_variable.c_str())) {
    token = value;
  }
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r' || token.back() == ' '))
    token.pop_back();
  if (token.find_first_of("\r\n") != std::string::npos) throw Error::usage("the token has several lines");
  return token;
}

observe::Options ready(const ObserveOptions& options) {
  if (options.prometheus.empty() == options.metrics.empty())
    throw Error::usage("give either --prometheus URL or --metrics URL");
  observe::Options ready = options.observe;
  ready.url = options.prometheus.empty() ? options.metrics : options.prometheus;
  ready.every_s = duration_s("--every", options.every);
  ready.step_s = duration_s("--step", options.step);
  if (!known(ready.end_s)) {
    ready.end_s = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  }
  ready.begin_s = ready.end_s - duration_s("--range", options.range);
  if (ready.end_s - ready.begin_s < ready.every_s)
    throw Error::usage("--range is shorter than one window of --every");
  for (const std::string& text : options.selector) ready.selector.push_back(named_value("--selector", text));
  for (const auto& [label, value] : ready.selector) {
    if (label.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") !=
        std::string::npos)
      throw Error::usage("--selector: " + quote(label) + " is not a label");
  }
  for (const std::string& text : options.set) {
    const auto [column, value] = named_value("--set", text);
    find_named(table::columns(), column, "column");
    ready.set[column] = value;
  }
  ready.token = token_of(options);
  ready.cancel = &interrupted();
  return ready;
}

int observe_server(const ObserveOptions& options) {
  const observe::Options ready_options = ready(options);
  check_writable(options.output);
  const observe::Observed observed = options.prometheus.empty() ? observe::observe_page(ready_options)
                                                                : observe::observe_prometheus(ready_options);
  for (const std::string& deployment : observed.deployments) note(deployment);
  for (const auto& [reason, count] : observed.left_out)
    note(plural(count, "window") + " left out: " + reason);
  note(plural(observed.rows, "steady row") + " from " + plural(observed.windows, "window"));
  warn(observed.warnings);
  write_file(options.output,
             options.format == "json" ? table::to_json(observed.table) : table::to_csv(observed.table));
  return kOk;
}

}  // namespace

Run observe_verb(Arguments& args) {
  const auto options = std::make_shared<ObserveOptions>();
  args.text("--prometheus", options->prometheus, "URL",
            "Prometheus server to read; nothing is ever written to it");
  args.text("--metrics", options->metrics, "URL",
            "page of metrics to sample from now on, instead of a server");
  args.text("--range", options->range, "TIME", "time to read, as in 24h, 30m or 7d");
  args.number("--end", options->observe.end_s, {}, "end of that time (s since 1970 UTC) [now]");
  args.text("--every", options->every, "TIME", "length of a window, which becomes a row if it was steady");
  args.text("--step", options->step, "TIME", "time between samples; at most a quarter of a window");
  args.repeated("--selector", options->selector, "LABEL=VALUE",
                "label that the series of the engine have; may be repeated");
  args.repeated("--set", options->set, "COLUMN=VALUE", "set a column of all rows; may be repeated");
  args.number("--max-spread", options->observe.max_spread, kPositive,
              "standard deviation over mean of the requests in flight in a steady window");
  args.number("--min-requests", options->observe.min_requests, kNotNegative,
              "requests completed in a steady window");
  args.text("--token-file", options->token_file, "FILE", "file with a bearer token for the server");
  args.reads();
  args.text("--token-env", options->token_variable, "NAME",
            "environment variable with the token, used without --token-file");
  args.choice("--format", options->format, {"csv", "json"}, "output format");
  args.text("-o,--output", options->output, "FILE", "output file; - writes to standard output");
  args.writes();
  args.example(
      "energylens observe --prometheus http://prometheus:9090 --range 24h --set tp=2 --set quant=fp8 -o rows.csv");
  args.example(
      "energylens observe --metrics http://localhost:8000/metrics --range 10m --every 60s -o rows.csv");
  return [options] { return observe_server(*options); };
}

}  // namespace energylens::cli
