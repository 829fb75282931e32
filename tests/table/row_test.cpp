// SPDX-License-Identifier: Apache-2.0
#include "energylens/table/row.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "table/expect_error.hpp"

namespace energylens::table {
namespace {

TEST(LayoutText, FactorsOfOneAreLeftOutExceptTp) {
  EXPECT_EQ(layout_text({1, 1, 1, 1}), "tp1");
  EXPECT_EQ(layout_text({1, 8, 1, 1}), "tp1pp8");
  EXPECT_EQ(layout_text({4, 2, 1, 1}), "tp4pp2");
  EXPECT_EQ(layout_text({8, 1, 1, 8}), "tp8ep8");
}

TEST(LayoutText, FactorsMayStandInAnyOrder) {
  EXPECT_EQ(parse_layout("pp2tp4"), (Layout{4, 2, 1, 1}));
  EXPECT_EQ(parse_layout("dp4"), (Layout{1, 1, 4, 1}));
  EXPECT_EQ(parse_layout("tp4pp1dp1ep1"), (Layout{4, 1, 1, 1}));
}

TEST(LayoutText, OtherSpellingsAreUnderstood) {
  for (const char* text : {"TP4PP2", "tp4 pp2", "tp4,pp2", "tp=4,pp=2", "tp4-pp2", "TP4/PP2", "tp:4 pp:2",
                           "tp4xpp2", "TP=4 PP=2", "tp4_pp2", "PP2 + TP4", "tp4, pp2", "Tp 4; Pp 2"})
    EXPECT_EQ(parse_layout(text), (Layout{4, 2, 1, 1})) << text;
  EXPECT_EQ(parse_layout("TP8/EP8"), (Layout{8, 1, 1, 8}));
  EXPECT_EQ(parse_layout("DP2-TP4-EP8"), (Layout{4, 1, 2, 8}));
}

TEST(LayoutText, OtherTextIsRefused) {
  for (const std::string text :
       {"", "tp", "tp0", "tp-1", "tp1.5", "tp4tp2", "xx4", "4", "tp99999999999999999999",
        "tp1000pp1000dp1000", "tp4pp", "tp4-", "/tp4", "tp4 4", "tp=", "tp4,,x", "4x2", "tp=-4"}) {
    EXPECT_EQ(error_of([&] { parse_layout(text); }), '"' + text + "\" is not a layout such as tp4pp2");
  }
}

RC_GTEST_PROP(LayoutText, PrintingAndParsingAreInverse, ()) {
  const auto degree = rc::gen::inRange(1, 32);
  const Layout layout{*degree, *degree, *degree, *degree};
  RC_ASSERT(parse_layout(layout_text(layout)) == layout);
}

TEST(Layout, CountsItsGpus) {
  EXPECT_EQ((Layout{4, 2, 3, 8}.gpus()), 24);
  EXPECT_TRUE((Layout{1, 1, 8, 8}.attention_data_parallel()));
  EXPECT_FALSE((Layout{8, 1, 1, 8}.attention_data_parallel()));
}

TEST(Load, PrefillProducesTheFirstToken) {
  Load load;
  EXPECT_FALSE(known(load.decode_steps()));
  load.osl = 257;
  EXPECT_EQ(load.decode_steps(), 256);
  load.accepted_per_step = 2;
  EXPECT_EQ(load.decode_steps(), 128);
  load.osl = 1;
  EXPECT_EQ(load.decode_steps(), 0);
}

TEST(Load, CachedTokensAreNotComputed) {
  Load load;
  load.isl = 1000;
  EXPECT_EQ(load.computed_isl(), 1000);
  load.cached_tokens = 600;
  EXPECT_EQ(load.computed_isl(), 400);
}

TEST(Row, ScenariosCompareTheJobOrTheToken) {
  Row row;
  row.results.total_energy_j = 5;
  row.results.total_time_s = 2;
  row.results.energy_per_out_token_j = 0.5;
  row.results.tpot_s = 0.1;
  EXPECT_EQ(row.scenario_energy_j(), 5);
  EXPECT_EQ(row.scenario_time_s(), 2);
  row.config.load.kind = RowKind::steady;
  EXPECT_EQ(row.scenario_energy_j(), 0.5);
  EXPECT_EQ(row.scenario_time_s(), 0.1);
}

}  // namespace
}  // namespace energylens::table
