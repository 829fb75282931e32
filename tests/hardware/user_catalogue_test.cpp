// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/file.hpp"
#include "energylens/core/error.hpp"
#include "energylens/hardware/catalogue.hpp"
#include "hardware/read_catalogue.hpp"
#include "temporary_folder.hpp"

namespace energylens::hardware {
namespace {

std::string with_gpu(const std::string& members) {
  return R"({"schema": "energylens-catalogue-1",
 "gpus": [{"name": "X1", "vendor": "AMD", )" +
         members + "}]}";
}

std::string with_model(const std::string& members) {
  return R"({"schema": "energylens-catalogue-1",
 "models": [{"name": "M", "arch": "moe", )" +
         members + "}]}";
}

std::string refusal(const std::string& text) {
  try {
    read_entries(text, "my.json", "user file my.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_input);
    EXPECT_EQ(error.place().file, "my.json");
    EXPECT_GT(error.place().line, 0);
    return error.message();
  }
  return "accepted";
}

TEST(UserCatalogue, AddsAndReplaces) {
  const TemporaryFolder folder;
  const std::string path = folder / "catalogue.json";
  write_file(path, R"({"schema": "energylens-catalogue-1",
    "gpus": [{"name": "rtx4090", "vendor": "NVIDIA", "memory_gib": 48, "tdp_w": null},
             {"name": "X1", "aliases": ["A40"], "vendor": "AMD", "source": "X1 sheet", "memory_gib": 32,
              "idle_w": {"value": 20, "source": "own meter"}, "peak_tflops": {"fp16": 100}}]})");
  const Catalogue catalogue = Catalogue::with_user_file(path);
  const Gpu* replaced = catalogue.find_gpu("RTX4090");
  ASSERT_NE(replaced, nullptr);
  EXPECT_EQ(replaced->memory_bytes.value, 48.0 * (1u << 30));
  EXPECT_EQ(replaced->memory_bytes.source, "user file " + path);
  EXPECT_FALSE(known(replaced->bandwidth_bytes_s.value));  // replaced whole
  EXPECT_FALSE(known(replaced->tdp_w.value));              // null is unknown
  const Gpu* added = catalogue.find_gpu("X1");
  ASSERT_NE(added, nullptr);
  EXPECT_EQ(added->memory_bytes.source, "X1 sheet");
  EXPECT_EQ(added->idle_w.source, "own meter");
  EXPECT_EQ(added->peak("fp16").value, 1e14);
  EXPECT_EQ(catalogue.find_gpu("A40"), added);  // the user's alias wins
  EXPECT_EQ(catalogue.gpus().size(), Catalogue::builtin().gpus().size() + 1);
  EXPECT_EQ(catalogue.models().size(), Catalogue::builtin().models().size());
}

TEST(UserCatalogue, NamesTheMemberThatWasProbablyMeant) {
  EXPECT_THAT(refusal(with_gpu(R"("memory_gb": 80)")), testing::HasSubstr("memory_gib"));
  EXPECT_THAT(refusal(with_gpu(R"("peak_tflops": {"fp166": 80})")), testing::HasSubstr("fp16"));
  EXPECT_THAT(refusal(with_model(R"("layer": 80)")), testing::HasSubstr("layers"));
}

TEST(UserCatalogue, RefusesValuesOutsideTheirRange) {
  EXPECT_EQ(refusal(with_gpu(R"("memory_gib": -80)")), "\"memory_gib\" is -80, not a positive number");
  EXPECT_EQ(refusal(with_gpu(R"("tdp_w": {"value": 0})")), "\"tdp_w\" is 0, not a positive number");
  EXPECT_EQ(refusal(with_model(R"("layers": 3.5)")), "\"layers\" is 3.5, not a whole number of at least 1");
  EXPECT_EQ(refusal(with_model(R"("attention_layers": -1)")),
            "\"attention_layers\" is -1, not a whole number of at least 0");
  EXPECT_EQ(refusal(with_model(R"("always_read_share": 1.5)")),
            "\"always_read_share\" is 1.5, not a share between 0 and 1");
  EXPECT_THAT(refusal(with_model(R"("arch2": 1)")), testing::HasSubstr("arch"));
}

TEST(UserCatalogue, RefusesWrongTypesAndContradictions) {
  EXPECT_THAT(refusal(with_gpu(R"("memory_gib": "80")")), testing::HasSubstr("\"memory_gib\" is a string"));
  EXPECT_THAT(refusal(with_gpu(R"("peak_tflops": [1])")), testing::HasSubstr("object"));
  EXPECT_THAT(refusal(with_model(R"("params_b": 1, "active_params_b": 2)")), testing::HasSubstr("larger"));
  EXPECT_THAT(refusal(with_model(R"("layers": 2, "attention_layers": 3)")), testing::HasSubstr("larger"));
  EXPECT_THAT(refusal(with_model(R"("experts": 2)")), testing::HasSubstr("together"));
  EXPECT_THAT(refusal(with_model(R"("experts": 2, "experts_per_token": 3)")), testing::HasSubstr("larger"));
  EXPECT_THAT(refusal(with_model(R"("aliases": ["m"], "layers": 2)")), "accepted");
  EXPECT_THAT(refusal(with_model(R"("aliases": ["n", "N"])")), testing::HasSubstr("already taken"));
  EXPECT_THAT(refusal(R"({"schema": "energylens-catalogue-2"})"),
              testing::HasSubstr("energylens-catalogue-1"));
  EXPECT_THAT(refusal(R"({"schema": "energylens-catalogue-1", "gpus": [{"name": "", "vendor": "AMD"}]})"),
              testing::HasSubstr("blank"));
  EXPECT_THAT(refusal(R"({"schema": "energylens-catalogue-1", "gpus": [{"name": "a", "vendor": "amd"}]})"),
              testing::HasSubstr("not one of NVIDIA, AMD, Intel"));
}

TEST(UserCatalogue, MissingFileIsNamed) {
  try {
    Catalogue::with_user_file("no/such/file.json");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.place().file, "no/such/file.json");
  }
}

}  // namespace
}  // namespace energylens::hardware
