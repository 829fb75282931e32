// SPDX-License-Identifier: Apache-2.0
// Real measurements that stand in the repository (data/h200_pytorch): the law on them, and what it must know for it.
// Bounds leave room above the figures of docs/evidence/measuring.md.
#include <gmock/gmock.h>

#include "cli/program.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {
namespace {

class MeasuredH200 : public ProgramTest {
 protected:
  /// Mean error of the law for the energy of jobs that it has not seen, as a share.
  double error_of(const std::string& question) const {
    const Outcome outcome =
        run("evaluate '" ENERGYLENS_MEASURED "' --quiet --predictors law --format json " + question);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    const io::Json answer = io::parse_json(outcome.out, "answer");
    const std::vector<io::Json>& groups = answer.array_at("groups");
    EXPECT_EQ(groups.size(), 1u);
    return groups.front().at("predictors").at("law").at("mape").as_number();
  }
};

TEST_F(MeasuredH200, TheLawTellsJobsItHasNotSeen) {
  EXPECT_LT(error_of("--where model=dense-8b --where quant=bf16 --protocol loo"), 0.015);
  EXPECT_LT(error_of("--where model=vlm-8b --protocol loo"), 0.04) << "six rows";
}

TEST_F(MeasuredH200, AndJobsBeyondWhatItHasSeen) {
  const std::string dense = "--where model=dense-8b --where quant=bf16 --protocol extrapolate --axis ";
  EXPECT_LT(error_of(dense + "batch --cut 16"), 0.02) << "16 -> 64";
  EXPECT_LT(error_of(dense + "osl --cut 128"), 0.02) << "128 -> 256";
  EXPECT_LT(error_of(dense + "isl --cut 512"), 0.02) << "512 -> 2048";
}

TEST_F(MeasuredH200, AMixtureOfExpertsNeedsItsExperts) {
  const std::string mixture = "--where model=moe-8x1b --protocol loo";
  EXPECT_LT(error_of(mixture), 0.12) << "the catalogue knows the shape";
  write("unknown.json",
        R"({"schema": "energylens-catalogue-1", "models": [{"name": "moe-8x1b", "arch": "dense"}]})");
  EXPECT_GT(error_of(mixture + " --catalogue unknown.json"), 0.3) << "as if it were dense";
}

}  // namespace
}  // namespace energylens::cli
