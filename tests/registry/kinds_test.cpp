// SPDX-License-Identifier: Apache-2.0
#include "energylens/registry/kinds.hpp"

#include <gtest/gtest.h>

#include "core/file.hpp"
#include "energylens/core/error.hpp"
#include "energylens/parametric/law_model.hpp"
#include "synthetic_group.hpp"
#include "temporary_folder.hpp"

namespace energylens::registry {
namespace {

std::string message_of(const auto& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Kinds, EveryNameFindsItself) {
  for (const Kind& kind : kinds()) EXPECT_EQ(find_kind(kind.name).name, kind.name);
}

TEST(Kinds, AMisspeltNameIsToldTheNearOne) {
  EXPECT_EQ(message_of([] { find_kind("xgbost"); }),
            "unknown predictor \"xgbost\"; did you mean \"xgboost\"?");
  const std::string far = message_of([] { find_kind("oracle of delphi"); });
  EXPECT_EQ(far.find("unknown predictor \"oracle of delphi\"; available: law, "), 0u) << far;
}

TEST(Load, ReadsBackAFittedLaw) {
  const TemporaryFolder folder;
  const table::Group group = synthetic::smooth_group();
  const auto fitted = find_kind("law").fit(predictor::all_rows(std::span(&group, 1)), {});
  write_file(folder / "model.json", dynamic_cast<const parametric::LawModel&>(*fitted).to_json());
  const auto loaded = load(folder / "model.json");
  EXPECT_EQ(loaded->kind(), "law");
  const table::Configuration& config = group.rows[30].config;
  EXPECT_DOUBLE_EQ(loaded->predict(0, config).total_energy_j.value,
                   fitted->predict(0, config).total_energy_j.value);
}

TEST(Load, RefusesWhatIsNoModel) {
  const TemporaryFolder folder;
  const std::string path = folder / "model.json";
  EXPECT_THROW(load(path), Error) << "absent";
  for (const char* text : {"", "{", "[]", "{\"kind\": \"horoscope\"}"}) {
    write_file(path, text);
    EXPECT_THROW(load(path), Error) << text;
  }
}

}  // namespace
}  // namespace energylens::registry
