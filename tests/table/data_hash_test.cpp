// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "energylens/table/group.hpp"

namespace energylens::table {
namespace {

const std::string kCsv =
    "model,gpu,params_b,arch,simulated,power_limit_w,row_kind,tp,pp,batch,max_batch,isl,osl,total_energy_j,"
    "total_time_s,tpot_s,kv_capacity_tokens\n"
    "A,H100,70,dense,1,450,job,4,2,8,,512,64,3000,2,0.02,9000\n"
    "A,H100,70,dense,1,450,steady,8,1,7.5,8,512,64,3000,,0.02,\n"
    "B,MI300X,8,dense,0,,job,1,1,2,,100,50,500,2,,\n";

TEST(DataHash, TellsWhatAFitCanSee) {
  const std::string hash = data_hash(groups(parse_csv(kCsv, "t.csv")));
  const auto with = [](const std::string& from, const std::string& to) {
    std::string csv = kCsv;
    csv.replace(csv.find(from), from.size(), to);
    return data_hash(groups(parse_csv(csv, "other.csv")));
  };
  EXPECT_EQ(with("A", "A"), hash) << "not the file's name";
  EXPECT_NE(with("H100", "H200"), hash);
  EXPECT_NE(with("job,4,2", "job,2,4"), hash);
  EXPECT_NE(with("3000", "3001"), hash);
  EXPECT_NE(with("9000", "9001"), hash);
}

TEST(DataHash, IsFnv1a) {
  EXPECT_EQ(data_hash({}), "cbf29ce484222325");
}

}  // namespace
}  // namespace energylens::table
