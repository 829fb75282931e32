// SPDX-License-Identifier: Apache-2.0
// `profile` before anything is started, and `collect` of what was left.
#include <gmock/gmock.h>

#include "cli/program.hpp"
#include "core/file.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class ProfileVerb : public ProgramTest {};

/// The indented block below the line that begins with `before`, without its indent.
std::string block_after(const std::string& document, const std::string& before) {
  std::size_t at = document.find('\n' + before);
  EXPECT_NE(at, document.npos);
  std::string block;
  at = document.find('\n', at + 1) + 2;
  while (document.compare(at, 4, "    ") == 0) {
    const std::size_t end = document.find('\n', at);
    block += document.substr(at + 4, end - at - 3);
    at = end + 1;
  }
  return block;
}

TEST_F(ProfileVerb, ThePlanOfTheDocumentRunsAsItStands) {
  const std::string document = read_file(ENERGYLENS_DOCS "/reference/plan.md");
  write("plan.json", block_after(document, "A complete plan;"));
  const Outcome outcome = run("profile plan.json --dry-run --format json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  const io::Json json = io::parse_json(outcome.out, "dry run");
  EXPECT_EQ(json.integer("configurations"), 12);
  EXPECT_EQ(json.integer("deployments"), 2);
  EXPECT_EQ(json.integer("measurements_at_least"), 36);
}

TEST_F(ProfileVerb, ADryRunRefusesWhatCannotRunWithItsPlace) {
  const std::string grid =
      R"("grid": {"model": ["m"], "layout": ["tp1", "tp2"], "batch": [1], "isl": [8], "osl": [2]}})";
  write("url.json", "{\n \"url\": \"http://h:1\",\n" + grid);
  EXPECT_THAT(
      run("profile url.json --dry-run").err,
      HasSubstr("url.json:2:9: error: a running server is one deployment, but the plan has 2 layouts"));
  EXPECT_EQ(run("profile url.json --dry-run").code, 2);
  EXPECT_EQ(run("profile url.json --dry-run --serve-cmd 'serve {port}'").code, 0) << "each is started";
  write("cmd.json", "{\n \"serve_cmd\": \"serve 'a {port}\",\n" + grid);
  EXPECT_THAT(run("profile cmd.json --dry-run").err, HasSubstr("cmd.json:2:15: error: "));
  write("plan.json", "{" + grid);
  EXPECT_EQ(run("profile plan.json --dry-run").code, 0) << "how to start it may be said later";
  EXPECT_THAT(run("profile plan.json --dry-run --serve-cmd 'serve {pot}'").err,
              HasSubstr("did you mean \"port\"?"));
  EXPECT_THAT(run("profile plan.json --dry-run --repeats 5 --max-repeats 4").err,
              HasSubstr("--max-repeats 4 is less than --repeats 5"));
  EXPECT_EQ(run("profile plan.json --dry-run --repeats 50").code, 0);
  EXPECT_THAT(run("profile plan.json").err, HasSubstr("-o FOLDER is required"));
}

TEST_F(ProfileVerb, APlanOfNobodyIsWarnedOf) {
  write("plan.csv", "tp,batch,isl,osl\n1,8,16,4\n");
  const Outcome outcome = run("profile plan.csv --dry-run");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("warning: the plan names neither a model nor a GPU"));
  write("named.csv", "gpu,tp,batch,isl,osl\nH100,1,8,16,4\n");
  EXPECT_EQ(run("profile named.csv --dry-run").err, "");
}

TEST_F(ProfileVerb, CollectKeepsWhatIsGoodAndItsExitCodeTellsOfTheRest) {
  const std::string plan =
      R"({"url": "http://h", "identity": {"model": "m"}, "configurations": [{"layout": "tp1", "batch": 1, "isl": 8, "osl": 2}], "repeats": 2})";
  const auto record = [](int attempt, const std::string& joules) {
    const std::string number = std::to_string(attempt);
    return R"({"target":0,"configuration":"m tp1 batch 1 isl 8 osl 2","attempt":)" + number +
           R"(,"valid":true,"start_failed":false,"repeat":)" + number +
           R"(,"reasons":[],"warnings":[],"begin_unix":1,"seconds":2,"samples":null,"row":{"model":"m","batch":1,"total_energy_j":)" +
           joules + R"(},"details":{}})" + '\n';
  };
  shell("mkdir out");
  write("out/plan.json", plan);
  write("out/journal.jsonl", record(0, "55") + record(1, "-66"));
  Outcome outcome = run("collect out");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(
      outcome.err,
      HasSubstr(
          "out/journal.jsonl:2: m tp1 batch 1 isl 8 osl 2: the row is not valid in a measurement table: "));
  EXPECT_THAT(read("out/rows.csv"), HasSubstr("55"));
  EXPECT_THAT(read("out/rows.csv"), Not(HasSubstr("66")));
  write("out/journal.jsonl", record(0, "55") + record(1, "66") + "{\"target\"");
  outcome = run("collect out");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("out/journal.jsonl:3: ignored the last line, which is cut off"));
  write("out/journal.jsonl", record(0, "55") + "{\"target\"\n" + record(1, "66"));
  outcome = run("collect out");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("out/journal.jsonl:2:"));
  write("out/journal.jsonl", "");
  EXPECT_EQ(run("collect out").code, 1);
  EXPECT_EQ(run("collect out --strict").code, 3);
}

constexpr const char* kPlanOfOne =
    R"({"url": "http://127.0.0.1:1", "identity": {"model": "m"}, "configurations": [{"layout": "tp1", "batch": 1, "isl": 8, "osl": 2}]})";

TEST_F(ProfileVerb, AFolderThatNoCampaignWroteIsLeftAlone) {
  write("plan.json", kPlanOfOne);
  write("log.csv", "timestamp_unix,gpu_index,power_w\n1,0,3\n2,0,3\n");
  for (const std::string name :
       {"rows.csv", "plan.json", "environment.json", "tasks.json", "samples/x.csv", "logs/y"}) {
    shell("rm -rf own; mkdir -p own/samples own/logs");
    write("own/" + name, "mine");
    write("own/rows.part7", "mine");
    for (const std::string flags : {"", " --resume", " --slurm", " --slurm --resume"}) {
      const Outcome outcome = run("profile plan.json -o own --meter replay=log.csv" + flags);
      EXPECT_EQ(outcome.code, 2) << name << flags;
      EXPECT_EQ(read("own/" + name), "mine") << name << flags;
      EXPECT_EQ(read("own/rows.part7"), "mine") << name << flags;
      EXPECT_FALSE(exists("own/journal.jsonl")) << name << flags;
    }
  }
}

TEST_F(ProfileVerb, RowsThatTheJournalLacksAreKept) {
  write("plan.json", kPlanOfOne);
  write("log.csv", "timestamp_unix,gpu_index,power_w\n1,0,3\n2,0,3\n");
  shell("mkdir out");
  write("out/plan.json", kPlanOfOne);
  write("out/journal.jsonl", "");
  write("out/rows.csv", "model,batch,total_energy_j\nm,1,55\n");
  const std::string before = read("out/rows.csv");
  const Outcome outcome = run("profile plan.json -o out --resume --meter replay=log.csv");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("has more rows than the journal"));
  EXPECT_EQ(read("out/rows.csv"), before);
  const Outcome collected = run("collect out");
  EXPECT_EQ(collected.code, 1);
  EXPECT_THAT(collected.err, HasSubstr("has more rows than the journals and is not overwritten"));
  EXPECT_EQ(read("out/rows.csv"), before);
}

TEST_F(ProfileVerb, NamesOfAPlanAreNotCommandsOfAShell) {
  const auto plan_of = [](const std::string& model, const std::string& command) {
    return R"({"identity": {"model": ")" + model +
           R"(", "gpu": "g"}, "configurations": [{"layout": "tp1", "batch": 1, "isl": 8, "osl": 4}], "serve_cmd": )" +
           command + "}";
  };
  write("log.csv", "timestamp_unix,gpu_index,power_w\n1,0,3\n2,0,3\n");
  for (const std::string model : {"x$(touch pwned)", "x`touch pwned`", "x';touch pwned;'",
                                  "x\\\";touch pwned;\\\"", "x\\ntouch pwned"}) {
    for (const std::string command :
         {R"("./srv --port {port} --model {model}")", R"("./srv --port {port} --model '{model}'")",
          R"("./srv --port {port} --model \"{model}\"")",
          R"(["./srv", "--port", "{port}", "--model", "{model}"])",
          R"(["sh", "-c", "./srv --port {port} --model {model}"])"}) {
      write("plan.json", plan_of(model, command));
      for (const std::string flags : {" --dry-run", "", " --slurm"}) {
        const Outcome outcome = run("profile plan.json -o out --shell --meter replay=log.csv" + flags);
        EXPECT_EQ(outcome.code, 2) << model << command << flags;
        EXPECT_FALSE(exists("pwned")) << model << command << flags;
      }
    }
  }
  write("plan.csv", "model,gpu,layout,batch,isl,osl\n\"x$(touch pwned)\",g,tp1,1,8,4\n");
  EXPECT_EQ(
      run("profile plan.csv -o out --shell --meter replay=log.csv --serve-cmd './srv --model \"{model}\" {port}'")
          .code,
      2);
  EXPECT_FALSE(exists("pwned"));
}

TEST_F(ProfileVerb, ASlurmScriptHasNoLinesOfOthers) {
  write(
      "plan.json",
      R"({"identity": {"model": "m"}, "configurations": [{"layout": "tp1", "batch": 1, "isl": 8, "osl": 4}], "serve_cmd": "srv {port}"})");
  for (const std::string arguments :
       {"-o out --gres \"$(printf 'gpu:1\\ntouch pwned')\"", "-o \"$(printf 'out\\ntouch pwned')\"",
        "-o 'o\"ut'", "-o out --gres \"$(printf 'gpu:1\\r#SBATCH -x')\""}) {
    EXPECT_EQ(run("profile plan.json --slurm " + arguments).code, 2) << arguments;
  }
  EXPECT_EQ(run("profile plan.json --slurm -o out").code, 0);
}

}  // namespace
}  // namespace energylens::cli
