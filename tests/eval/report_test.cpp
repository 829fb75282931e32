// SPDX-License-Identifier: Apache-2.0
#include "energylens/eval/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace energylens::eval {
namespace {

using testing::HasSubstr;

Report example() {
  Report report;
  report.protocol = "selection";
  report.train = 50;
  report.seeds = 20;
  GroupReport group;
  group.identity.key = {{"model", "Llama, \"the\" 70B"}, {"gpu", "RTX4090"}};
  group.n_scenarios = 195;
  group.n_rows = 789;
  group.train_used = 50;
  group.latency_energy_differ = 0.333;
  group.latency_extra_energy = 0.016;
  group.limits = {"every scenario has isl = 1: prefill is not tested"};
  Scores scores;
  scores[Metric::top1] = {0.76, 0.04};
  scores[Metric::mape] = {0.042, 0.003};
  scores.effective_parameters = 11.5;
  group.predictors = {{"law", scores}, {"oracle", {}}};
  group.predictors[1].second.note = "20 of 20 fits failed: no";
  group.predictors[0].second.by_layout = {{table::Layout{8, 1, 1, 1}, 40, scores.values}};
  report.overall = group.predictors;
  report.comparisons = {{"law", "oracle", 195, {{Metric::top1, {0.75, 0.1, 0.02, 0.2}}}}};
  report.groups = {group};
  return report;
}

TEST(ReportJson, HasTheDocumentedShape) {
  const io::Json json = io::parse_json(io::print_json(to_json(example())), "report");
  EXPECT_EQ(json.text("protocol"), "selection");
  EXPECT_EQ(json.integer("train"), 50);
  EXPECT_EQ(json.integer("seeds"), 20);
  const io::Json& group = json.array_at("groups")[0];
  EXPECT_EQ(group.at("group").text("gpu"), "RTX4090");
  EXPECT_EQ(group.integer("n_scenarios"), 195);
  EXPECT_EQ(group.integer("train_used"), 50);
  const io::Json& law = group.at("predictors").at("law");
  EXPECT_EQ(law.number("top1"), 0.76);
  EXPECT_EQ(law.number("top1_sd"), 0.04);
  EXPECT_EQ(law.number("mape"), 0.042);
  EXPECT_TRUE(law.at("breach_rate").is_null());
  EXPECT_EQ(group.at("predictors").at("oracle").text("note"), "20 of 20 fits failed: no");
  EXPECT_EQ(json.at("overall").at("law").number("mape"), 0.042);
}

TEST(ReportJson, EveryMetricAndItsSpreadAreThere) {
  const io::Json json = to_json(example());
  const io::Json& law = json.at("overall").at("law");
  for (const MetricInfo& info : metric_infos()) {
    EXPECT_NE(law.find(info.name), nullptr) << info.name;
    EXPECT_NE(law.find(std::string(info.name) + "_sd"), nullptr) << info.name;
  }
}

TEST(ReportJson, LayoutsAndComparisonsAreThere) {
  const io::Json json = io::parse_json(io::print_json(to_json(example())), "report");
  const io::Json& tp8 = json.at("overall").at("law").at("by_layout").at("tp8");
  EXPECT_EQ(tp8.integer("n_rows"), 40);
  EXPECT_EQ(tp8.number("mape"), 0.042);
  EXPECT_EQ(tp8.find("coverage_90"), nullptr) << "only figures that there are";
  const io::Json& comparison = json.array_at("comparisons")[0];
  EXPECT_EQ(comparison.text("first"), "law");
  EXPECT_EQ(comparison.text("second"), "oracle");
  EXPECT_EQ(comparison.integer("n_clusters"), 195);
  EXPECT_EQ(comparison.at("top1").number("won"), 0.75);
  EXPECT_EQ(comparison.at("top1").number("difference"), 0.1);
  EXPECT_EQ(comparison.at("top1").number("hi"), 0.2);
}

/// Two reports of transfer.
Report several() {
  Report all;
  all.protocol = "transfer";
  for (const bool with_sources : {true, false}) {
    all.reports.push_back(example());
    all.reports.back().settings = {{"with_sources", with_sources}};
  }
  return all;
}

TEST(ReportJson, SeveralReportsAreAList) {
  const io::Json json = to_json(several());
  EXPECT_EQ(json.find("groups"), nullptr);
  ASSERT_EQ(json.array_at("reports").size(), 2u);
  EXPECT_EQ(json.array_at("reports")[1].boolean("with_sources"), false);
  EXPECT_EQ(json.array_at("reports")[1].at("overall").at("law").number("top1"), 0.76);
}

TEST(ReportCsv, SeveralReportsAreToldApartByTheFirstColumns) {
  const std::string csv = to_csv(several());
  EXPECT_EQ(std::ranges::count(csv, '\n'), 9);
  EXPECT_THAT(csv, testing::StartsWith("train,with_sources,group,n_scenarios,"));
  EXPECT_THAT(csv, HasSubstr("\n50,1,\"Llama, "));
  EXPECT_THAT(csv, HasSubstr("\n50,0,overall,,,,law,0.76,"));
}

TEST(ReportText, SeveralReportsHaveHeadings) {
  const std::string text = to_table_text(several());
  EXPECT_THAT(text, HasSubstr("== 50 training rows, with the source groups ==\n"));
  EXPECT_THAT(text, HasSubstr("== 50 training rows, without the source groups ==\n"));
}

TEST(ReportText, AComparisonSaysHowSureItIs) {
  const std::string text = to_table_text(example());
  EXPECT_THAT(text, HasSubstr("law minus oracle (intervals from 195 resampled clusters)\n"));
  EXPECT_THAT(text, testing::ContainsRegex("top1 +10 +2 +20 +75\n"));
}

TEST(ReportCsv, OneLinePerGroupAndPredictor) {
  const std::string csv = to_csv(example());
  EXPECT_EQ(std::ranges::count(csv, '\n'), 5);
  EXPECT_THAT(csv, testing::StartsWith("group,n_scenarios,n_rows,train_used,predictor,top1,top1_sd,"));
  EXPECT_THAT(csv, HasSubstr("\n\"Llama, \"\"the\"\" 70B, RTX4090\",195,789,50,law,0.76,0.04,"));
  EXPECT_THAT(csv, HasSubstr("\noverall,,,,oracle,,"));
  EXPECT_THAT(csv, HasSubstr(",20 of 20 fits failed: no\n"));
}

TEST(ReportCsv, EveryLineSaysThatTheRunWasStopped) {
  Report report = example();
  report.cancelled = true;
  const std::string csv = to_csv(report);
  EXPECT_THAT(csv, HasSubstr(",11.5,stopped early\n"));
  EXPECT_THAT(csv, HasSubstr(",20 of 20 fits failed: no; stopped early\n"));
}

TEST(ReportText, SaysTheLimitsBesideTheFigures) {
  const std::string text = to_table_text(example());
  EXPECT_THAT(text, HasSubstr("195 scenarios, 789 rows, trained on 50"));
  EXPECT_THAT(text, HasSubstr("  Limitation: every scenario has isl = 1: prefill is not tested.\n"));
  EXPECT_THAT(text, HasSubstr("in 33.3 % of scenarios; choosing it costs 1.60 % more energy.\n"));
  EXPECT_THAT(text, HasSubstr("  oracle: 20 of 20 fits failed: no\n"));
  EXPECT_THAT(text, testing::Not(HasSubstr("All groups together")));
}

TEST(ReportText, ExplainsItsHeadings) {
  Report report = example();
  EXPECT_THAT(to_table_text(report), HasSubstr("\n  top1         choices of the layout with the lowest"));
  EXPECT_THAT(to_table_text(report), testing::Not(HasSubstr("breaches")));
  report.protocol = "limited";
  EXPECT_THAT(to_table_text(report), HasSubstr("\n  breaches     choices whose measured latency exceeds"));
}

}  // namespace
}  // namespace energylens::eval
