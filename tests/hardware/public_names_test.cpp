// SPDX-License-Identifier: Apache-2.0
// Every model and GPU of the public measurements that evaluations use is in the catalogue.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "energylens/hardware/catalogue.hpp"

namespace energylens::hardware {
namespace {

struct Names {
  std::set<std::string> models, gpus, quants;
};

/// Cells of one line; the columns read here stand before any quoted cell.
std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> out{""};
  for (const char c : line) {
    if (c == ',') {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

Names names_in(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> header = cells(line);
  const auto column = [&](std::string_view name) {
    return static_cast<std::size_t>(std::find(header.begin(), header.end(), name) - header.begin());
  };
  const std::size_t model = column("model"), gpu = column("gpu"), quant = column("quant");
  Names names;
  while (std::getline(file, line)) {
    const std::vector<std::string> row = cells(line);
    names.models.insert(row.at(model));
    names.gpus.insert(row.at(gpu));
    names.quants.insert(row.at(quant));
  }
  return names;
}

class PublicNames : public testing::TestWithParam<const char*> {};

TEST_P(PublicNames, AreKnown) {
  const char* folder = std::getenv("ENERGYLENS_DATA");
  const auto path = std::filesystem::path(folder ? folder : "") / GetParam();
  if (!folder || !std::filesystem::exists(path)) GTEST_SKIP() << "public data absent: set ENERGYLENS_DATA";
  const Names names = names_in(path);
  EXPECT_FALSE(names.models.empty());
  const Catalogue& catalogue = Catalogue::builtin();
  for (const std::string& name : names.models) EXPECT_NE(catalogue.find_model(name), nullptr) << name;
  // Labels that fit several GPUs.
  const std::set<std::string> ambiguous = {"A100", "A100-40GB", "A100-80GB", "H100"};
  for (const std::string& name : names.gpus) {
    EXPECT_EQ(catalogue.find_gpu(name) == nullptr, ambiguous.contains(name)) << name;
  }
  for (const std::string& label : names.quants) EXPECT_TRUE(known(bytes_per_weight(label))) << label;
}

INSTANTIATE_TEST_SUITE_P(Files, PublicNames,
                         testing::Values("mlenergy_v2.csv", "mlenergy_v3.csv", "gpu_llm_profile.csv",
                                         "splitwise.csv", "argonne_power.csv", "baker_dp.csv",
                                         "tokenpowerbench.csv", "wilkins_nokv.csv", "dfki_llm_energy.csv",
                                         "inferencex_m3.csv", "inferencex_models.csv", "gb300_agentic.csv"));

}  // namespace
}  // namespace energylens::hardware
