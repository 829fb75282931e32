// SPDX-License-Identifier: Apache-2.0
// checkpoint.cpp: the state of a search as JSON. The file is replaced as a whole by a rename, so that a
// search that is killed at any moment can be resumed from its last state. In the file a cycle is called a
// chapter. Files without "generation" were taken at the beginning of a cycle. Tested by tests/search/evolve/resume_test.cpp
// and tests/search/evolve/damaged_checkpoint_test.cpp.
#include "search/evolve/checkpoint.hpp"

#include <filesystem>
#include <system_error>

#include "core/file.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"
#include "energylens/io/json.hpp"
#include "search/generate/seeds.hpp"
#include "search/tree/tree_text.hpp"

namespace energylens::search {
namespace {

using io::Json;

constexpr std::string_view kFormat = "energylens-search";
constexpr int kVersion = 1;
constexpr double kMostEvaluations = 1e18;

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

Tree tree_at(const Json& json) {
  try {
    return parse_tree(json.as_text());
  } catch (const Error& error) {
    throw json.error(error.message());
  }
}

/// A whole number from 0 to `most`.
std::uint64_t count_at(const Json& json, std::string_view name, double most = kMostEvaluations) {
  const std::uint64_t count = json.unsigned_integer(name);
  if (static_cast<double>(count) > most)
    throw json.at(name).error('"' + std::string(name) + "\" is too large");
  return count;
}

std::vector<Member> members_from(const Json& json) {
  std::vector<Member> out;
  for (const Json& m : json.items()) {
    Member member{tree_at(m.at("tree")), {}, m.number("complexity")};
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

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::size_t kDigitsOfHash = 16;

std::string hexadecimal(std::uint64_t value) {
  std::string out;
  for (int shift = 60; shift >= 0; shift -= 4) out += kDigits[value >> shift & 15];
  return out;
}

std::string hashes_text(const std::vector<std::uint64_t>& hashes) {
  std::string out;
  for (const std::uint64_t hash : hashes) out += hexadecimal(hash);
  return out;
}

std::vector<std::uint64_t> hashes_from(const Json& json) {
  const std::string& text = json.as_text();
  if (text.size() % kDigitsOfHash != 0 || text.find_first_not_of(kDigits) != text.npos)
    throw json.error("not a list of hashes");
  std::vector<std::uint64_t> out(text.size() / kDigitsOfHash);
  for (std::size_t i = 0; i < text.size(); ++i)
    out[i / kDigitsOfHash] = out[i / kDigitsOfHash] << 4 | kDigits.find(text[i]);
  return out;
}

Island::State island_from(const Json& json) {
  Island::State out;
  out.random = json.unsigned_integer("random");
  out.idle_cycles = static_cast<int>(count_at(json, "idle_chapters", 1000));
  out.members = members_from(json.at("members"));
  if (json.find("visited") == nullptr) return out;  // of an older program
  out.improved = json.boolean("improved");
  out.visited = hashes_from(json.at("visited"));
  return out;
}

SearchPosition position_from(const Json& json) {
  SearchPosition out;
  out.cycles = count_at(json, "chapters");
  if (json.find("generation") == nullptr) {  // of an older program: the islands have begun a cycle
    out.seed_stage = kSeedStages + 1;
    out.in_cycle = true;
    out.cycle_began = count_at(json, "evaluations");
    return out;
  }
  out.seed_stage = static_cast<int>(count_at(json, "seed_stage", kSeedStages + 1));
  out.in_cycle = json.boolean("in_chapter");
  out.generation = static_cast<int>(count_at(json, "generation", 1000));
  out.cycle_began = count_at(json, "chapter_began");
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
                                    {"improved", island.improved},
                                    {"members", members_json(island.members)},
                                    {"visited", hashes_text(island.visited)}}));
  }
  const Json json = Json::object({{"format", kFormat},
                                  {"version", kVersion},
                                  {"problem", key.problem},
                                  {"options", key.options},
                                  {"evaluations", state.evaluations},
                                  {"duplicates", state.duplicates},
                                  {"chapters", state.position.cycles},
                                  {"seed_stage", state.position.seed_stage},
                                  {"in_chapter", state.position.in_cycle},
                                  {"generation", state.position.generation},
                                  {"chapter_began", state.position.cycle_began},
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
  Checkpoint out{count_at(json, "evaluations"), count_at(json, "duplicates"),     position_from(json),
                 json.number("seconds"),        members_from(json.at("archive")), {}};
  if (!(out.seconds >= 0)) throw json.at("seconds").error("a search takes at least 0 s");
  for (const Json& island : json.array_at("islands")) out.islands.push_back(island_from(island));
  return out;
}

std::string checkpoint_file(const std::string& folder) {
  return folder + '/' + kCheckpointFile;
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
