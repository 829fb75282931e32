// SPDX-License-Identifier: Apache-2.0
// Answers of the program about systems of which nothing was measured.
#include <gmock/gmock.h>

#include <algorithm>

#include "cli/program.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {
namespace {

using io::Json;
using ::testing::HasSubstr;
using ::testing::Not;

class LibraryAnswers : public ProgramTest {
 protected:
  Json json(const std::string& arguments, int code = 0) {
    const Outcome outcome = run(arguments + " --format json");
    EXPECT_EQ(outcome.code, code) << outcome.err;
    return io::parse_json(outcome.out, arguments);
  }
};

constexpr const char* kWorkload = " --rate 2 --isl 1024 --osl 256 --total-gpus 8";

TEST_F(LibraryAnswers, ChooseSaysThatNothingWasMeasured) {
  const Outcome outcome = run(std::string("choose --model Qwen3-32B --gpu H100-80GB-SXM") + kWorkload);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("nothing measured here: prior from "));
  EXPECT_THAT(outcome.out, Not(HasSubstr("\nmeasured ")));
  EXPECT_THAT(outcome.err, HasSubstr("was measured: the answer rests on"));
  const Json answer = json(std::string("choose --model Qwen3-32B --gpu H100-80GB-SXM") + kWorkload);
  EXPECT_EQ(answer.integer("measured_rows"), 0);
  EXPECT_GT(answer.at("library").integer("groups"), 10);
  EXPECT_TRUE(answer.at("library").at("fitted_to").is_null());
  for (const Json& one : answer.array_at("configurations")) EXPECT_FALSE(one.boolean("measured"));
}

TEST_F(LibraryAnswers, AddressAndOptionsGiveTheSame) {
  const Json a = json(std::string("choose library:qwen3-32b@h100-80gb-sxm:bf16") + kWorkload);
  const Json b = json(std::string("choose --model Qwen3-32B --gpu H100-80GB-SXM --quant bf16") + kWorkload);
  EXPECT_EQ(a.array_at("configurations").front().number("energy_j"),
            b.array_at("configurations").front().number("energy_j"));
}

TEST_F(LibraryAnswers, StrictRefusesAPrior) {
  EXPECT_EQ(run(std::string("choose --model Qwen3-32B --gpu H100-80GB-SXM --strict") + kWorkload).code, 5);
}

TEST_F(LibraryAnswers, AFittedSystemAnswersItself) {
  const Json answer =
      json("predict library:llama-3.1-70b@h800-80gb:fp8 --layout tp4 --batch 32 --isl 1 --osl 512");
  EXPECT_EQ(answer.at("library").text("fitted_to"), "gpu_llm_profile");
  EXPECT_GT(answer.integer("measured_rows"), 100);
}

TEST_F(LibraryAnswers, RefusesWhatItCannotKnow) {
  EXPECT_THAT(run(std::string("choose --model Qwen9-32B --gpu H100-80GB-SXM") + kWorkload).err,
              HasSubstr("the catalogue has no model \"Qwen9-32B\""));
  EXPECT_THAT(run(std::string("choose --model Qwen3-32B --gpu H900") + kWorkload).err,
              HasSubstr("the catalogue has no GPU \"H900\""));
  EXPECT_EQ(run(std::string("choose model.json --model Qwen3-32B --gpu H100-80GB-SXM") + kWorkload).code, 2);
  EXPECT_EQ(run(std::string("choose") + kWorkload).code, 2);
  EXPECT_EQ(run("library show library:qwen3-32b@mi300x:fp8").code, 2);
}

TEST_F(LibraryAnswers, TakesTheConfigurationOfAModel) {
  write("config.json", R"({"model_type": "llama", "hidden_size": 2048, "intermediate_size": 8192,
    "num_attention_heads": 32, "num_hidden_layers": 16, "num_key_value_heads": 8, "vocab_size": 128256,
    "tie_word_embeddings": true, "_name_or_path": "me/Small-1B"})");
  const std::string load = " --gpu H100-80GB-SXM --concurrency 8 --isl 512 --osl 128 --total-gpus 1";
  const Json answer = json("choose --model config.json" + load);
  EXPECT_EQ(answer.at("model").at("group").text("model"), "Small-1B");
  EXPECT_EQ(answer.integer("measured_rows"), 0);
  write("other.json", R"({"model_type": "mamba9"})");
  EXPECT_THAT(run("choose --model other.json" + load).err, HasSubstr("unknown architecture \"mamba9\""));
}

TEST_F(LibraryAnswers, FiveRowsWithTheLibraryAreEnoughForAFit) {
  write("rows.csv", good_table());
  const Outcome outcome = run("fit rows.csv --train 5 --prior library -o mine.json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("prior from the library, weight "));
  EXPECT_EQ(run("fit rows.csv --prior library --pool").code, 2);
}

TEST_F(LibraryAnswers, DesignSelectsFirstRowsByThePrior) {
  const Outcome outcome = run(
      "design --prior library --model Llama-3.1-70B --gpu H100-80GB-SXM --quant fp8 --total-gpus 8 --batch "
      "1,16,128 --isl 512 --osl 256 -n 5 --format csv");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(std::ranges::count(outcome.out, '\n'), 6) << outcome.out;
  EXPECT_THAT(outcome.err, Not(HasSubstr("spread")));
}

TEST_F(LibraryAnswers, ListsShowsAndEvaluates) {
  EXPECT_GT(json("library list").array_at("entries").size(), 100u);
  const Json shown = json("library show library:llama-3.1-70b@h800-80gb:fp8");
  EXPECT_EQ(shown.array_at("entries").front().text("licence"), "none stated");
  EXPECT_EQ(json("library nearest library:qwen3-32b@h100-80gb-sxm:bf16 --top-n 4").array_at("nearest").size(),
            4u);
  const Json scores = json("library evaluate " ENERGYLENS_MEASURED " --train-sizes 0,5 --seeds 1");
  EXPECT_GT(scores.array_at("summaries").size(), 0u);
  for (const Json& one : scores.array_at("summaries")) EXPECT_LT(one.number("median_error"), 5);
}

}  // namespace
}  // namespace energylens::cli
