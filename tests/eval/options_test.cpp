// SPDX-License-Identifier: Apache-2.0
#include "energylens/eval/options.hpp"

#include <gtest/gtest.h>

#include "energylens/core/error.hpp"

namespace energylens::eval {
namespace {

std::string refusal(const EvaluationOptions& options) {
  try {
    options.validate();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    return error.message();
  }
  return "";
}

TEST(EvaluationOptions, EveryBadFieldIsNamed) {
  EvaluationOptions options;
  EXPECT_EQ(refusal(options), "");
  options.protocol = SelectionOptions{.train = 0, .seeds = 0, .blocked = Axis::isl};
  options.min_layouts = 0;
  EXPECT_EQ(
      refusal(options),
      "train must be at least 1; seeds must be at least 1; blocked must be batch or osl; min_layouts must "
      "be at least 1");
}

std::string refusal(const ProtocolOptions& protocol) {
  EvaluationOptions options;
  options.protocol = protocol;
  return refusal(options);
}

TEST(EvaluationOptions, SettingsOfProtocolsAreChecked) {
  EXPECT_EQ(refusal(ExtrapolateOptions{.axis = Axis::layout, .cut = 3}), "a cut is for batch, osl and isl");
  EXPECT_EQ(refusal(LimitedOptions{.tpot_limits_s = {0.1, 0}, .breach_risk = 1.5}),
            "limits of TPOT must be above 0; breach_risk must be from 0 to 1");
  EXPECT_EQ(refusal(LimitedOptions{.tpot_limits_s = {}}), "limits of TPOT must be above 0");
  EXPECT_EQ(refusal(LearningCurveOptions{.train_sizes = {0, 10}}), "train sizes must be at least 1");
  EXPECT_EQ(refusal(LearningCurveOptions{.train_sizes = {}}), "there must be a train size");
}

TEST(EvaluationOptions, TransferMayHaveNoRowOfTheTarget) {
  EXPECT_EQ(refusal(TransferOptions{.train_sizes = {0, 10}}), "");
}

TEST(Protocols, AreKnownByTheirNames) {
  for (const ProtocolInfo& one : protocol_infos()) {
    EXPECT_EQ(parse_protocol(one.name), one.protocol);
    EXPECT_EQ(info(one.protocol).name, one.name);
    EvaluationOptions options;
    options.protocol = default_options(one.protocol);
    EXPECT_EQ(options.kind(), one.protocol);
    EXPECT_FALSE(one.sentence.empty());
  }
  for (const char* name : {"batch", "osl", "isl", "layout"}) EXPECT_EQ(axis_name(parse_axis(name)), name);
  EXPECT_THROW(parse_axis("batches of"), Error);
  try {
    parse_protocol("learning-curv");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "unknown protocol \"learning-curv\"; did you mean \"learning-curve\"?");
  }
}

}  // namespace
}  // namespace energylens::eval
