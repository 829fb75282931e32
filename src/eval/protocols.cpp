// SPDX-License-Identifier: Apache-2.0
// protocols.cpp: the table of protocols. To add one, write a struct of its options, a plan and a row here;
// leak_test.cpp then runs for it.
#include <algorithm>
#include <array>

#include "core/named_table.hpp"
#include "energylens/core/error.hpp"
#include "eval/plan.hpp"

namespace energylens::eval {
namespace {

constexpr std::array kProtocols = {
    ProtocolInfo{Protocol::selection, "selection", "random scenarios are held out"},
    ProtocolInfo{Protocol::loo, "loo", "each row or scenario is left out once"},
    ProtocolInfo{Protocol::learning_curve, "learning-curve",
                 "selection at increasing numbers of training rows"},
    ProtocolInfo{Protocol::extrapolate, "extrapolate", "rows beyond a cut are held out"},
    ProtocolInfo{Protocol::limited, "limited", "layout and batch are picked under latency limits"},
    ProtocolInfo{Protocol::transfer, "transfer", "training rows of other groups are available"},
};

using MakePlan = std::unique_ptr<Plan> (*)(std::span<const table::Group>, const Setting&);
/// By Protocol. A learning curve is made of selections: see settings().
constexpr std::array<MakePlan, kProtocols.size()> kPlans = {selection_plan,   loo_plan,     selection_plan,
                                                            extrapolate_plan, limited_plan, transfer_plan};

constexpr std::array<std::string_view, 4> kAxes = {"batch", "osl", "isl", "layout"};

}  // namespace

std::span<const ProtocolInfo> protocol_infos() {
  return kProtocols;
}

const ProtocolInfo& info(Protocol protocol) {
  return kProtocols[static_cast<std::size_t>(protocol)];
}

Protocol parse_protocol(std::string_view name) {
  return find_named(kProtocols, name, "protocol").protocol;
}

ProtocolOptions default_options(Protocol protocol) {
  switch (protocol) {
    case Protocol::selection:
      return SelectionOptions{};
    case Protocol::loo:
      return LooOptions{};
    case Protocol::learning_curve:
      return LearningCurveOptions{};
    case Protocol::extrapolate:
      return ExtrapolateOptions{};
    case Protocol::limited:
      return LimitedOptions{};
    case Protocol::transfer:
      return TransferOptions{};
  }
  return SelectionOptions{};
}

std::string_view axis_name(Axis axis) {
  return kAxes[static_cast<std::size_t>(axis)];
}

Axis parse_axis(std::string_view name) {
  return static_cast<Axis>(choose_named(kAxes, name, "axis"));
}

std::unique_ptr<Plan> make_plan(std::span<const table::Group> groups, const Setting& setting) {
  return kPlans[setting.options.protocol.index()](groups, setting);
}

}  // namespace energylens::eval
