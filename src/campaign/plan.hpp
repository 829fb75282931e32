// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "energylens/core/error.hpp"
#include "energylens/io/json.hpp"
#include "energylens/table/row.hpp"

namespace energylens::campaign {

/// What one server runs: a model in a number format, distributed over GPUs.
struct Deployment {
  std::string model, quant;
  table::Layout layout;
  friend auto operator<=>(const Deployment&, const Deployment&) = default;
};

/// One configuration to measure. `load.batch` is the number of requests of a job, or of requests in flight.
struct Target {
  Deployment deployment;
  table::Load load;
  double expected_s = kUnknown;  ///< of one job, predicted
};

/// "Llama-3.1-8B bf16 tp2 batch 8 isl 512 osl 64" for messages, unique within a plan.
std::string target_text(const Target& target);

/// How measurements are made. All members change the answer; a member is the plan file's entry of its name.
struct Settings {
  int repeats = 3, max_repeats = 10;
  double width = 0.02;
  int warmup = 1;
  double settle_s = 10, settle_slope = 6, settle_over_s = 10, settle_limit_s = 60;
  double idle_s = 5, window_s = 2;
  int rounds = 1, max_failures = 3;
  double ready_timeout_s = 900, request_timeout_s = 1800, stop_timeout_s = 20;
  int vocabulary = 30000;
};

/// How a setting may change when a campaign is resumed.
enum class WhenResumed { same, anything, not_less };

/// One row of the table behind plan files, flags and documents.
struct SettingInfo {
  std::string_view name;
  std::variant<int Settings::*, double Settings::*> member;
  double min, max;
  std::string_view meaning;  ///< one sentence
  WhenResumed when_resumed = WhenResumed::same;
};
std::span<const SettingInfo> setting_infos();

/// Images that are generated for every request, all different.
struct MadeImages {
  int count = 0;  ///< in each request; 0: none
  int width = 0, height = 0;
};
inline constexpr int kMostImagesOfARequest = 64;

/// A campaign: what is measured, where, and how.
struct Plan {
  /// Columns of the table with one value for all rows (except model and quant), as text.
  std::vector<std::pair<std::string, std::string>> identity;
  std::vector<Target> targets;  ///< at least one, all different

  std::string driver =
      "http";  ///< "http" (a server of OpenAI's protocol) or "exec" (a child process with JSON lines)
  std::string serve_cmd;  ///< starts the server, or the child; empty: the server at `url` is running
  std::string url;        ///< of the server; may hold {port}
  Place serve_cmd_place, url_place;  ///< where the file states them; empty if a flag does
  std::string served_model;          ///< its name on the server; empty: the first one that the server lists
  std::string api = "completions";   ///< or "chat"
  std::string prompt = "tokens";     ///< or "text": what is sent
  std::string prefill = "osl1";     ///< "osl1": by requests of one token; "split": at the first token; "none"
  std::vector<std::string> images;  ///< files sent with every request
  MadeImages made_images;           ///< in place of files
  Settings settings;
  std::uint64_t seed = 0;  ///< of the order and the prompts
  std::string id;          ///< marks the processes that it starts; empty until it begins

  bool has_images() const { return !images.empty() || made_images.count > 0; }
  /// Position of a target's deployment among all different ones, in the order of their first targets.
  std::vector<std::size_t> deployment_of_target() const;
  std::vector<Deployment> deployments() const;
};

/// Lengths as pairs of input and output tokens: "128:64".
std::pair<double, double> parse_length_pair(std::string_view text);  ///< throws Error (usage)

/// What flags replace in the file; empty members replace nothing.
struct PlanChanges {
  std::string serve_cmd, url;
  std::vector<std::pair<double, double>> isl_osl_pairs;  ///< in place of the grid's isl and osl
};

/// Reads a plan: JSON with a `grid` or a list of `configurations` (docs/reference/plan.md), or a table as
/// `energylens design --format csv` writes it, whose rows are the configurations. Throws Error (bad input,
/// file:line:column).
Plan parse_plan(std::string_view text, const std::string& file, const PlanChanges& changes = {});
inline constexpr std::size_t kMostTargets = 100000;

/// The plan with its configurations one by one; parse_plan reads it back equal.
io::Json plan_json(const Plan& plan);

/// Throws Error for a plan that cannot run: one running server for several deployments, a server command that
/// cannot be split into words or has an unknown placeholder. Bad input with the place in the file, or usage if
/// a flag states it.
void check_consistent(const Plan& plan);
/// The same, and Error (usage) if it specifies no server.
void check_runnable(const Plan& plan);
/// A warning if rows do not identify what was measured, because neither model nor GPU is named; else empty.
std::string anonymity(const Plan& plan);
/// Throws Error (usage) for a name of the plan that is more than text to a shell: with `--shell`, a plan of somebody else
/// could run commands of theirs.
void check_shell_names(const Plan& plan);

}  // namespace energylens::campaign
