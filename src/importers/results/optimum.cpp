// SPDX-License-Identifier: Apache-2.0
// Reports of optimum-benchmark: one object per phase (prefill, decode, forward, ...), with or without the configuration
// beside it. A call runs one batch. Energy is per call, in kWh, of CPU, memory and GPU; that of the GPU is taken. Held by
// results_test.cpp.
#include <fmt/format.h>

#include "energylens/core/error.hpp"
#include "importers/formats.hpp"
#include "importers/readers/json_path.hpp"
#include "importers/results/load_rows.hpp"

namespace energylens::importers {
namespace {

constexpr double kJoulesPerKwh = 3.6e6;

constexpr std::array kOptimumFields = {
    text_field("config.backend.model", &LoadResult::model),
    text_field("config.backend.torch_dtype", &LoadResult::quant),
    text_field("config.backend.dtype", &LoadResult::quant),
    text_field("config.backend.version", &LoadResult::engine_version),
    read_field("config.environment.gpu[0]", "gpu"),
    read_field("config.scenario.input_shapes.batch_size", "batch",
               "else throughput times latency of `forward`"),
    read_field("config.scenario.input_shapes.sequence_length", "isl"),
    read_field("config.scenario.generate_kwargs.max_new_tokens", "osl"),
    read_field("prefill.latency.mean", "prefill_time_s"),
    read_field("decode.latency.mean", "decode_time_s"),
    read_field("forward.latency.mean", "total_time_s", "of models that generate no tokens"),
    read_field("prefill.energy.gpu", "prefill_energy_j", "kWh"),
    read_field("decode.energy.gpu", "decode_energy_j", "kWh"),
    read_field("forward.energy.gpu", "total_energy_j", "kWh"),
    derived_field("total_energy_j", "prefill and decode"),
    refused_field("*.memory", "memory"),
    refused_field("*.efficiency", "follows from energy"),
    refused_field("load", "loading the model"),
    refused_field("*", "further phases and settings"),
};

double energy_kwh(const io::Json& report, const std::string& phase) {
  const std::string unit = text_at(report, phase + ".energy.unit");
  if (!unit.empty() && unit != "kWh")
    throw report.error(fmt::format("the unit of energy is \"{}\", not kWh", unit));
  return number_at(report, phase + ".energy.gpu");
}

void set_phases(const io::Json& report, LoadResult& r) {
  if (at_path(report, "decode.latency")) {
    r.prefill_time_s = number_at(report, "prefill.latency.mean");
    r.decode_time_s = number_at(report, "decode.latency.mean");
    r.ttft_s = r.prefill_time_s;
    r.duration_s = r.prefill_time_s + r.decode_time_s;
    r.prefill_energy_j = energy_kwh(report, "prefill") * kJoulesPerKwh;
    r.decode_energy_j = energy_kwh(report, "decode") * kJoulesPerKwh;
    r.total_energy_j = r.prefill_energy_j + r.decode_energy_j;
    return;
  }
  r.duration_s = number_at(report, "forward.latency.mean");
  if (!known(r.duration_s)) throw report.error("neither \"decode\" nor \"forward\" has a latency");
  r.total_energy_j = energy_kwh(report, "forward") * kJoulesPerKwh;
  if (!known(r.in_flight)) {
    r.in_flight = number_at(report, "forward.throughput.value") * r.duration_s;
    r.in_flight_source = "batch is throughput times latency";
  }
  r.warnings.emplace_back("forward passes, which generate no tokens; such rows are not of LLM inference");
}

void finish_optimum(const io::Json& run, LoadResult& r) {
  const io::Json* const inner = at_path(run, "report");
  r.row_kind = "job";
  r.in_flight = number_at(run, "config.scenario.input_shapes.batch_size");
  r.in_flight_source = "batch is that of the scenario";
  r.isl = number_at(run, "config.scenario.input_shapes.sequence_length");
  r.osl = number_at(run, "config.scenario.generate_kwargs.max_new_tokens");
  r.gpu = text_at(run, "config.environment.gpu[0]");
  set_phases(inner ? *inner : run, r);
  r.completed = r.in_flight;
  if (known(r.total_energy_j)) r.notes.emplace_back("energy of the GPU as CodeCarbon counts it");
}

void add_optimum(const io::Json& document, const std::string& file, LoadRows& rows) {
  LoadResult defaults;
  defaults.tool = "optimum-benchmark";
  defaults.engine = text_at(document, "config.backend.name");
  add_run(document, kOptimumFields, file, rows, defaults, finish_optimum);
}

}  // namespace

Imported import_optimum(const Request& request) {
  return import_documents(request, "optimum-benchmark", add_optimum);
}
std::vector<FieldInfo> optimum_fields() {
  return field_infos(kOptimumFields);
}

}  // namespace energylens::importers
