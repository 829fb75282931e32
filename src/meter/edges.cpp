// SPDX-License-Identifier: Apache-2.0
// Readings show only that an edge of a counter was between two of them. Where they are in step with the
// counter, all edges are equally far from the middle, so that the middles have a bias. Two facts narrow the
// time, and neither ever moves an edge out of the time in which it was seen:
// 1. The period. Edges that were seen much more finely than they are apart bound it, from below and from
//    above; an edge known well then bounds its neighbours, by whole periods, as long as only one number of
//    periods can be meant. The bounds become wider from edge to edge, and so end by themselves.
//    A counter that moves at every reading has a period shorter than the shortest of them apart.
// 2. Steady power: the edges lie on a line. Of the lines that keep all bounds the middle one is taken; if
//    there is none, the stretch is cut where it bends most, and each part is tried alone.
// All other edges are placed in the middle. O(n log n). Held by edges_test.cpp: without bias on steady power for
// all phases, and no worse than middles where power steps.
#include "meter/edges.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "numerics/summary.hpp"

namespace energylens::meter {
namespace {

struct Bounds {
  double least_s = 0, most_s = 0;
};

double apart_s(const Edge& a, const Edge& b) {
  return b.middle_s() - a.middle_s();
}

/// Whether both were seen much more finely than they are apart.
bool seen_finely(const Edge& a, const Edge& b) {
  constexpr double kFine = 0.25;
  return std::max(a.width_s(), b.width_s()) <= kFine * apart_s(a, b);
}

/// What the update period can be; nothing if no two edges determine it.
std::optional<Bounds> seen_period(std::span<const Edge> edges) {
  constexpr double kAlike = 0.25;  // one that differs by more was late, or had one left out before it
  std::vector<double> periods;
  for (std::size_t i = 1; i < edges.size(); ++i) {
    if (seen_finely(edges[i - 1], edges[i])) periods.push_back(apart_s(edges[i - 1], edges[i]));
  }
  if (periods.empty()) return std::nullopt;
  const double median_s = numerics::median(periods);
  Bounds all{0, 2 * median_s};
  for (std::size_t i = 1; i < edges.size(); ++i) {
    const Edge &a = edges[i - 1], &b = edges[i];
    if (!seen_finely(a, b) || std::abs(apart_s(a, b) - median_s) > kAlike * median_s) continue;
    all.least_s = std::max(all.least_s, b.after_s - a.until_s);
    all.most_s = std::min(all.most_s, b.until_s - a.after_s);
  }
  // Bounds that exclude each other are a period that varies, between them.
  if (all.least_s > all.most_s) std::swap(all.least_s, all.most_s);
  const double slack_s = 1e-3 + 0.01 * median_s;  // what a timer varies by all the same
  return Bounds{all.least_s - slack_s, all.most_s + slack_s};
}

/// The longest that the update period of a counter can be: two edges at consecutive readings are more than a period
/// apart, and it is still for less than one. Short where it moved at every reading, however soon that came. Nothing if
/// hardly any two readings show edges.
std::optional<double> finest_period_s(std::span<const Edge> edges) {
  std::vector<double> bounds;
  double longest_still_s = 0;
  for (std::size_t i = 1; i < edges.size(); ++i) {
    const Edge &a = edges[i - 1], &b = edges[i];
    longest_still_s = std::max(longest_still_s, a.still_s - a.until_s);
    if (b.after_s == a.until_s) bounds.push_back(b.until_s - a.after_s);
  }
  if (bounds.size() < 2) return std::nullopt;
  std::ranges::nth_element(bounds, bounds.begin() + 1);  // the shortest may be of one late update
  return std::max(bounds[1], longest_still_s);
}

/// An edge is the last one before a reading, and the next one comes within a period.
void narrow_by_longest(std::vector<Edge>& edges, double most_s) {
  for (Edge& edge : edges) {
    const double after_s = std::max({edge.after_s, edge.until_s - most_s, edge.still_s - most_s});
    if (after_s < edge.until_s) edge.after_s = after_s;
  }
}

/// Leaves of `edge` what lies a whole number of periods from `near`, later (`sign` 1) or earlier (-1); leaves
/// it as it is where several numbers can be meant.
void narrow_from(const Edge& near, Edge& edge, const Bounds& period, int sign) {
  const double near_first = sign > 0 ? near.after_s : -near.until_s;
  const double near_last = sign > 0 ? near.until_s : -near.after_s;
  const double first = sign > 0 ? edge.after_s : -edge.until_s;
  const double last = sign > 0 ? edge.until_s : -edge.after_s;
  const double fewest = std::max(1.0, std::ceil((first - near_last) / period.most_s));
  const double most = std::floor((last - near_first) / period.least_s);
  if (fewest != most) return;
  const double from = std::max(first, near_first + fewest * period.least_s);
  const double to = std::min(last, near_last + fewest * period.most_s);
  if (from > to) return;
  edge.after_s = sign > 0 ? from : -to;
  edge.until_s = sign > 0 ? to : -from;
}

void narrow_by_neighbours(std::vector<Edge>& edges, const Bounds& period) {
  if (!(period.least_s > 0)) return;
  for (std::size_t i = 1; i < edges.size(); ++i) narrow_from(edges[i - 1], edges[i], period, 1);
  for (std::size_t i = edges.size(); i-- > 1;) narrow_from(edges[i], edges[i - 1], period, -1);
}

/// The lines of one slope that keep the bounds of all edges: their moments at value 0. If `first_s` is the
/// greater, there is none, and so much is missing.
struct Lines {
  double s_per_j = 0, first_s = 0, last_s = 0;
  double room_s() const { return last_s - first_s; }
};

Lines lines_of_slope(std::span<const Edge> edges, double s_per_j) {
  Lines lines{s_per_j, -HUGE_VAL, HUGE_VAL};
  for (const Edge& edge : edges) {
    lines.first_s = std::max(lines.first_s, edge.after_s - s_per_j * edge.value_j);
    lines.last_s = std::min(lines.last_s, edge.until_s - s_per_j * edge.value_j);
  }
  return lines;
}

constexpr int kMostRounds = 100;
/// The difference of slopes that moves the last edge of a stretch by a tenth of a microsecond.
double exact_slope(std::span<const Edge> edges) {
  return 1e-7 / (edges.back().value_j - edges.front().value_j);
}

/// The slope with the most room. Room is a concave function of it: each third of the range that cannot hold
/// the greatest is left out.
Lines roomiest(std::span<const Edge> edges, double least, double most) {
  const double exact = exact_slope(edges);
  for (int round = 0; round < kMostRounds && most - least > exact; ++round) {
    const double low = least + (most - least) / 3, high = most - (most - least) / 3;
    if (lines_of_slope(edges, low).room_s() < lines_of_slope(edges, high).room_s()) {
      least = low;
    } else {
      most = high;
    }
  }
  return lines_of_slope(edges, (least + most) / 2);
}

/// The last slope from `inside`, which has room, towards `outside` that has room.
double last_with_room(std::span<const Edge> edges, double inside, double outside) {
  const double exact = exact_slope(edges);
  for (int round = 0; round < kMostRounds && std::abs(outside - inside) > exact; ++round) {
    const double slope = (inside + outside) / 2;
    (lines_of_slope(edges, slope).room_s() >= 0 ? inside : outside) = slope;
  }
  return inside;
}

/// By how much of a width bounds may be missed: updates do not come like clockwork.
constexpr double kNear = 0.1;

/// Whether some edge is out of reach of all lines that keep the bounds of the first and the last one.
bool is_plainly_bent(std::span<const Edge> edges) {
  const Edge &first = edges.front(), &last = edges.back();
  return std::ranges::any_of(edges, [&](const Edge& edge) {
    const double share = (edge.value_j - first.value_j) / (last.value_j - first.value_j);
    const double from_s = first.after_s + share * (last.after_s - first.after_s);
    const double to_s = first.until_s + share * (last.until_s - first.until_s);
    const double allowed_s = kNear * std::max({edge.width_s(), first.width_s(), last.width_s()});
    return edge.until_s < from_s - allowed_s || edge.after_s > to_s + allowed_s;
  });
}

/// The middle one of the lines that keep all bounds, or nearly do.
std::optional<Lines> middle_line(std::span<const Edge> edges) {
  const Edge &first = edges.front(), &last = edges.back();
  const double rise_j = last.value_j - first.value_j;
  const double least = std::max(0.0, last.after_s - first.until_s) / rise_j;
  const double most = (last.until_s - first.after_s) / rise_j;
  const Lines best = roomiest(edges, least, most);
  std::vector<double> widths;
  for (const Edge& edge : edges) widths.push_back(edge.width_s());
  if (best.room_s() < -kNear * numerics::median(widths)) return std::nullopt;
  if (best.room_s() < 0) return best;
  const double flattest = last_with_room(edges, best.s_per_j, least);
  const double steepest = last_with_room(edges, best.s_per_j, most);
  return lines_of_slope(edges, (flattest + steepest) / 2);
}

bool place_on_line(std::span<Edge> edges) {
  if (is_plainly_bent(edges)) return false;
  const std::optional<Lines> line = middle_line(edges);
  if (!line) return false;
  for (Edge& edge : edges) {
    const double wanted_s = (line->first_s + line->last_s) / 2 + line->s_per_j * edge.value_j;
    edge.time_s = std::clamp(wanted_s, edge.after_s, edge.until_s);
  }
  return true;
}

/// Where a stretch bends most: the edge farthest from the line between its ends, not too near to them.
std::size_t bend_of(std::span<const Edge> edges) {
  const Edge &first = edges.front(), &last = edges.back();
  const double slope = (last.time_s - first.time_s) / (last.value_j - first.value_j);
  const std::size_t margin = std::max<std::size_t>(1, edges.size() / 10);
  std::size_t found = margin;
  double farthest_s = -1;
  for (std::size_t i = margin; i < edges.size() - margin; ++i) {
    const double off_s =
        std::abs(first.time_s + slope * (edges[i].value_j - first.value_j) - edges[i].time_s);
    if (off_s > farthest_s) farthest_s = off_s, found = i;
  }
  return found;
}

void place_on_lines(std::span<Edge> edges) {
  constexpr std::size_t kFewest = 4;  // fewer are on a line too easily
  if (edges.size() < kFewest || place_on_line(edges)) return;
  const std::size_t bend = bend_of(edges);
  place_on_lines(edges.first(bend));
  place_on_lines(edges.subspan(bend));
}

}  // namespace

void place_edges(std::vector<Edge>& edges, double stated_update_s) {
  const std::optional<Bounds> period = seen_period(edges);
  if (known(stated_update_s) || period)
    narrow_by_longest(edges, known(stated_update_s) ? stated_update_s : period->most_s);
  if (const std::optional<double> finest_s = finest_period_s(edges)) narrow_by_longest(edges, *finest_s);
  if (period) narrow_by_neighbours(edges, *period);
  for (Edge& edge : edges) edge.time_s = edge.middle_s();
  place_on_lines(edges);
}

}  // namespace energylens::meter
