// SPDX-License-Identifier: Apache-2.0
// checkpoint.cpp: the state of a search as JSON. The file is replaced as a whole by a rename, so that a
// search that is killed at any moment can be resumed from its last state. The visited sets are not stored:
// islands clear them at the beginning of every cycle, which is when the state is taken. In the file a cycle
// is called a chapter. Tested by tests/search/evolve/resume_test.cpp.
#include "search/evolve/checkpoint.hpp"

#include <filesystem>
#include <system_error>

#include "core/file.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"
#include "energylens/io/json.hpp"
#include "search/tree/tree_text.hpp"

namespace energylens::search {
namespace {

using io::Json;

constexpr std::string_view kFormat = "energylens-search";
constexpr int kVersion = 1;

Json member_json(const Member& m) {
  return Json::object({{"tree", tree_text(m.tree)},
                       {"complexity", m.complexity},
                       {"loss", m.fitted.loss},
                       {"coefficients", Json::array_of(m.fitted.coefficients)},
                       {"inner", Json::array_of(m.fitted.inner)}});
}

Json members_json(const std::vector<Member>& members) {
  Json out = Json::array();
  for (const Member& m : members) out.push_back(member_json(m));
  return out;
}

std::vector<Member> members_from(const Json& json) {
  std::vector<Member> out;
  for (const Json& m : json.items()) {
    Member member{parse_tree(m.text("tree")), {}, m.number("complexity")};
    member.fitted.loss = m.number("loss");
    member.fitted.coefficients = m.at("coefficients").as_numbers();
    member.fitted.inner = m.at("inner").as_numbers();
    out.push_back(std::move(member));
  }
  return out;
}

/// All options that change what is found, except the limits.
std::string options_text(const Options& o) {
  std::string out;
  const auto add = [&out](const std::string& text) { out += std::to_string(text.size()) + ':' + text; };
  for (const OperatorCost& p : o.operators) add(p.name + '=' + number_text(p.cost));
  for (const Unit& unit : o.constant_units) add(unit_text(unit));
  for (const std::string& name : o.rising) add(name);
  for (const std::string& guess : o.guesses) add(guess);
  add(number_text(o.max_complexity));
  for (const bool flag : {o.units, o.real_exponents, o.positive_coefficients}) add(flag ? "1" : "0");
  for (const int choice : {static_cast<int>(o.loss), static_cast<int>(o.coefficients),
                           static_cast<int>(o.exponents), o.islands}) {
    add(std::to_string(choice));
  }
  add(std::to_string(o.seed));
  add(std::to_string(o.bucket));
  return out;
}

std::string hexadecimal(std::uint64_t value) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (int shift = 60; shift >= 0; shift -= 4) out += kDigits[value >> shift & 15];
  return out;
}

void require(const Json& json, std::string_view member, const std::string& wanted, const char* what) {
  if (json.text(member) != wanted)
    throw json.at(member).error(std::string("this checkpoint belongs to ") + what);
}

}  // namespace

CheckpointKey key_of(const Problem& problem, const Options& options) {
  std::uint64_t hash = 0;
  for (const char c : options_text(options)) hash = splitmix64(hash ^ static_cast<unsigned char>(c));
  return {problem.fingerprint(), hexadecimal(hash)};
}

std::string checkpoint_text(const Checkpoint& state, const CheckpointKey& key) {
  Json islands = Json::array();
  for (const Island::State& island : state.islands) {
    islands.push_back(Json::object({{"random", island.random},
                                    {"idle_chapters", island.idle_cycles},
                                    {"members", members_json(island.members)}}));
  }
  const Json json = Json::object({{"format", kFormat},
                                  {"version", kVersion},
                                  {"problem", key.problem},
                                  {"options", key.options},
                                  {"evaluations", state.evaluations},
                                  {"duplicates", state.duplicates},
                                  {"chapters", state.cycles},
                                  {"seconds", state.seconds},
                                  {"archive", members_json(state.archive)},
                                  {"islands", islands}});
  return io::print_json(json, 1) + '\n';
}

Checkpoint read_checkpoint(const std::string& text, const std::string& file, const CheckpointKey& key) {
  const Json json = io::parse_json(text, file);
  if (json.text_or("format", "") != kFormat) throw json.error("this file is not a checkpoint of a search");
  if (json.integer("version") != kVersion)
    throw json.at("version").error("this checkpoint was written by another version of energylens");
  require(json, "problem", key.problem, "other data");
  require(json, "options", key.options, "a search with other options");
  Checkpoint out{json.unsigned_integer("evaluations"), json.unsigned_integer("duplicates"),
                 json.unsigned_integer("chapters"),    json.number("seconds"),
                 members_from(json.at("archive")),     {}};
  for (const Json& island : json.array_at("islands")) {
    out.islands.push_back({island.unsigned_integer("random"),
                           static_cast<int>(island.integer("idle_chapters")),
                           members_from(island.at("members"))});
  }
  return out;
}

std::string checkpoint_file(const std::string& folder) {
  return folder + "/search.json";
}

std::optional<std::string> find_checkpoint(const std::string& folder) {
  std::error_code none;
  if (!std::filesystem::exists(checkpoint_file(folder), none)) return std::nullopt;
  return read_file(checkpoint_file(folder));
}

void make_checkpoint_folder(const std::string& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) throw Error::cannot_write(folder, failure.message());
}

void write_checkpoint(const std::string& folder, const std::string& text) {
  write_file(checkpoint_file(folder), text);
}

}  // namespace energylens::search
