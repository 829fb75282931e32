// SPDX-License-Identifier: Apache-2.0
#include "energylens/eval/options.hpp"

#include <gtest/gtest.h>

#include "energylens/core/error.hpp"

namespace energylens::eval {
namespace {

std::string refusal(const Options& options) {
  try {
    options.validate();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    return error.message();
  }
  return "";
}

TEST(Options, EveryBadFieldIsNamed) {
  Options options;
  EXPECT_EQ(refusal(options), "");
  options.train = 0;
  options.seeds = 0;
  EXPECT_EQ(refusal(options), "train must be at least 1; seeds must be at least 1");
}

TEST(Options, SettingsOfProtocolsAreChecked) {
  Options options;
  options.blocked = Axis::isl;
  options.axis = Axis::layout;
  options.cut = 3;
  options.tpot_limits_s = {0.1, 0};
  options.breach_risk = 1.5;
  options.train_sizes = {0, 10};
  options.min_layouts = 0;
  EXPECT_EQ(
      refusal(options),
      "train sizes must be at least 1; min_layouts must be at least 1; blocked must be batch or osl; a cut "
      "is for batch, osl and isl; limits of TPOT must be above 0; breach_risk must be from 0 to 1");
}

TEST(Options, TransferMayHaveNoRowOfTheTarget) {
  Options options;
  options.protocol = Protocol::transfer;
  options.train_sizes = {0, 10};
  EXPECT_EQ(refusal(options), "");
}

TEST(Protocols, AreKnownByTheirNames) {
  for (const ProtocolInfo& one : protocol_infos()) {
    EXPECT_EQ(parse_protocol(one.name), one.protocol);
    EXPECT_EQ(info(one.protocol).name, one.name);
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
