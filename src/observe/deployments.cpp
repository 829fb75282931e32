// SPDX-License-Identifier: Apache-2.0
// Exporters label the same machine in different ways: dcgm-exporter writes Hostname and, in Kubernetes, the pod that uses the
// GPU; engines are known by the instance that was scraped. Held by observe_test.cpp.
#include "observe/deployments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace energylens::observe {
namespace {

std::string host_of(const Labels& labels) {
  std::string host = label_of(labels, {"Hostname", "hostname", "node", "node_name", "kubernetes_node",
                                       "nodename", "exported_instance", "instance"});
  const std::size_t scheme = host.find("://");
  if (scheme != std::string::npos) host.erase(0, scheme + 3);
  return host.substr(0, host.find(':'));
}

std::string pod_of(const Labels& labels) {
  return label_of(labels, {"exported_pod", "pod", "pod_name", "kubernetes_pod_name"});
}

/// Metrics of engines give way to narrower names of the same role.
class RoleFiller {
 public:
  void add(Deployment& deployment, const EngineMetric& metric, const Series& series) {
    const auto rank = static_cast<std::size_t>(&metric - engine_metrics().data());
    auto& known = ranks_[deployment.engine + "\n" + deployment.instance + "\n" + deployment.pod + "\n" +
                         deployment.model][static_cast<std::size_t>(metric.role)];
    auto& list = deployment.roles[static_cast<std::size_t>(metric.role)];
    const std::size_t place = rank + 1;
    if (known != 0 && place > known && name_of(known) != metric.name) return;
    if (known != 0 && place < known) list.clear();
    known = place;
    list.push_back(&series);
  }

 private:
  static std::string_view name_of(std::size_t place) { return engine_metrics()[place - 1].name; }
  std::map<std::string, std::array<std::size_t, kRoles>> ranks_;
};

std::vector<PowerSeries> power_in(const std::vector<Series>& all) {
  std::vector<PowerSeries> power;
  for (const Series& series : all) {
    const importers::PowerMetric* const metric = importers::find_power_metric(series.name);
    if (!metric || series.points.empty()) continue;
    power.push_back({metric, importers::device_of(series.labels), pod_of(series.labels),
                     host_of(series.labels), &series});
  }
  return power;
}

/// One metric per device: the first of the table; and one scope: GPUs if there are any.
void keep_best(Deployment& deployment) {
  std::map<std::string, PowerSeries> best;
  bool gpus = false;
  for (const PowerSeries& one : deployment.power) gpus = gpus || one.metric->scope == meter::Scope::gpu;
  for (const PowerSeries& one : deployment.power) {
    if (gpus != (one.metric->scope == meter::Scope::gpu)) continue;
    if (!gpus && one.metric->scope != meter::Scope::node) continue;
    const std::string id = one.host + '\n' + one.device.uuid + '\n' + std::to_string(one.device.index);
    const auto [found, is_new] = best.emplace(id, one);
    if (!is_new && one.metric < found->second.metric) found->second = one;
  }
  deployment.power.clear();
  for (auto& [id, one] : best) deployment.power.push_back(one);
  if (!deployment.power.empty()) deployment.scope = deployment.power.front().metric->scope;
}

void join_power(std::vector<Deployment>& deployments, const std::vector<PowerSeries>& power,
                std::vector<std::string>& warnings) {
  std::set<std::string> hosts;
  for (const PowerSeries& one : power) hosts.insert(one.host);
  for (Deployment& deployment : deployments) {
    const auto take = [&](const char* how, const auto& belongs) {
      if (!deployment.power.empty()) return;
      std::ranges::copy_if(power, std::back_inserter(deployment.power), belongs);
      if (!deployment.power.empty()) deployment.joined_by = how;
    };
    take("pod", [&](const PowerSeries& one) { return !deployment.pod.empty() && one.pod == deployment.pod; });
    take("host",
         [&](const PowerSeries& one) { return !deployment.host.empty() && one.host == deployment.host; });
    if (deployments.size() == 1 && hosts.size() == 1)
      take("the only host", [](const PowerSeries&) { return true; });
    keep_best(deployment);
  }
  // GPUs of a host that several deployments share belong to none of them alone.
  for (Deployment& one : deployments) {
    if (one.joined_by != "host") continue;
    const auto shares = [&](const Deployment& other) {
      return &other != &one && other.host == one.host && other.joined_by == "host";
    };
    if (std::ranges::none_of(deployments, shares)) continue;
    warnings.push_back(fmt::format(
        "{}: another engine runs on {}, and no label shows whose GPUs are whose; select one with --selector "
        "and its GPUs by a label pod of the exporter",
        one.text(), one.host));
  }
}

}  // namespace

std::string Deployment::text() const {
  std::string text = engine + " " + (model.empty() ? "of an unnamed model" : model) + " on " +
                     (pod.empty() ? instance : pod);
  if (power.empty()) return text + ", without power";
  return text + fmt::format(", {} {}{} by {}", power.size(), meter::scope_text(scope),
                            power.size() == 1 ? "" : "s", joined_by);
}

std::vector<Deployment> find_deployments(const std::vector<Series>& series,
                                         std::vector<std::string>& warnings) {
  std::map<std::string, std::size_t> places;
  std::vector<Deployment> deployments;
  RoleFiller filler;
  for (const Series& one : series) {
    const EngineMetric* const metric = find_engine_metric(one.name, label_of(one.labels, {"request_type"}));
    if (!metric || one.points.empty()) continue;
    const std::string model = label_of(one.labels, {"model_name", "model", "served_model_name"});
    const std::string instance = label_of(one.labels, {"instance"}), pod = pod_of(one.labels);
    const auto [found, is_new] = places.emplace(
        std::string(metric->engine) + '\n' + model + '\n' + instance + '\n' + pod, deployments.size());
    if (is_new) {
      Deployment deployment;
      deployment.engine = metric->engine;
      deployment.model = model;
      deployment.instance = instance;
      deployment.pod = pod;
      deployment.host = host_of(one.labels);
      deployments.push_back(std::move(deployment));
    }
    filler.add(deployments[found->second], *metric, one);
  }
  join_power(deployments, power_in(series), warnings);
  return deployments;
}

}  // namespace energylens::observe
