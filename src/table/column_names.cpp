// SPDX-License-Identifier: Apache-2.0
// A name is taken apart into words and a unit at its end. The words without separators are looked up; the unit must be of
// the dimension of the column that is found. Held by column_names_test.cpp and header_test.cpp.
#include "table/column_names.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace energylens::table {
namespace {

enum class Dimension { none, energy, power, time, frequency, rate };

struct UnitWord {
  std::string_view word;
  Dimension dimension;
  bool ours;
  bool alone;  ///< also the whole of a name: "joules"
};
constexpr std::array kUnitWords = std::to_array<UnitWord>({
    {"j", Dimension::energy, true, false},
    {"joule", Dimension::energy, true, true},
    {"joules", Dimension::energy, true, true},
    {"kj", Dimension::energy, false, true},
    {"mj", Dimension::energy, false, false},
    {"uj", Dimension::energy, false, false},
    {"wh", Dimension::energy, false, true},
    {"mwh", Dimension::energy, false, true},
    {"kwh", Dimension::energy, false, true},
    {"kilojoules", Dimension::energy, false, true},
    {"millijoules", Dimension::energy, false, true},
    {"watthours", Dimension::energy, false, true},
    {"w", Dimension::power, true, false},
    {"watt", Dimension::power, true, true},
    {"watts", Dimension::power, true, true},
    {"kw", Dimension::power, false, false},
    {"mw", Dimension::power, false, false},
    {"milliwatts", Dimension::power, false, true},
    {"kilowatts", Dimension::power, false, true},
    {"s", Dimension::time, true, false},
    {"sec", Dimension::time, true, false},
    {"secs", Dimension::time, true, false},
    {"second", Dimension::time, true, false},
    {"seconds", Dimension::time, true, true},
    {"ms", Dimension::time, false, false},
    {"msec", Dimension::time, false, false},
    {"millis", Dimension::time, false, false},
    {"milliseconds", Dimension::time, false, true},
    {"us", Dimension::time, false, false},
    {"usec", Dimension::time, false, false},
    {"microseconds", Dimension::time, false, false},
    {"ns", Dimension::time, false, false},
    {"nanoseconds", Dimension::time, false, false},
    {"min", Dimension::time, false, false},
    {"minutes", Dimension::time, false, true},
    {"h", Dimension::time, false, false},
    {"hr", Dimension::time, false, false},
    {"hours", Dimension::time, false, true},
    {"mhz", Dimension::frequency, true, false},
    {"ghz", Dimension::frequency, false, false},
    {"khz", Dimension::frequency, false, false},
    {"hz", Dimension::frequency, false, false},
    {"rps", Dimension::rate, true, false},
    {"rpm", Dimension::rate, false, false},
});

struct OtherName {
  std::string_view words;  ///< without separators and without a unit
  Column column;
};
constexpr std::array kOtherNames = std::to_array<OtherName>({
    {"modelname", Column::model},
    {"modelid", Column::model},
    {"llm", Column::model},
    {"gpuname", Column::gpu},
    {"gputype", Column::gpu},
    {"gpumodel", Column::gpu},
    {"hardware", Column::gpu},
    {"accelerator", Column::gpu},
    {"devicename", Column::gpu},
    {"backend", Column::engine},
    {"framework", Column::engine},
    {"servingengine", Column::engine},
    {"inferenceengine", Column::engine},
    {"backendversion", Column::engine_version},
    {"frameworkversion", Column::engine_version},
    {"vllmversion", Column::engine_version},
    {"quantization", Column::quant},
    {"quantisation", Column::quant},
    {"precision", Column::quant},
    {"dtype", Column::quant},
    {"datatype", Column::quant},
    {"weightdtype", Column::quant},
    {"weightsdtype", Column::quant},
    {"numberformat", Column::quant},
    {"kvcachedtype", Column::kv_dtype},
    {"kvprecision", Column::kv_dtype},
    {"parallelism", Column::layout},
    {"parallellayout", Column::layout},
    {"gpus", Column::num_gpus},
    {"ngpus", Column::num_gpus},
    {"ngpu", Column::num_gpus},
    {"numgpu", Column::num_gpus},
    {"gpucount", Column::num_gpus},
    {"worldsize", Column::num_gpus},
    {"tpsize", Column::tp},
    {"tpdegree", Column::tp},
    {"tensorparallel", Column::tp},
    {"tensorparallelsize", Column::tp},
    {"tensorparallelism", Column::tp},
    {"ppsize", Column::pp},
    {"ppdegree", Column::pp},
    {"pipelineparallel", Column::pp},
    {"pipelineparallelsize", Column::pp},
    {"pipelineparallelism", Column::pp},
    {"dpsize", Column::dp},
    {"dataparallel", Column::dp},
    {"dataparallelsize", Column::dp},
    {"dataparallelism", Column::dp},
    {"replicas", Column::dp},
    {"epsize", Column::ep},
    {"expertparallel", Column::ep},
    {"expertparallelsize", Column::ep},
    {"expertparallelism", Column::ep},
    {"numhosts", Column::num_nodes},
    {"nnodes", Column::num_nodes},
    {"nodes", Column::num_nodes},
    {"powercap", Column::power_limit_w},
    {"gpupowerlimit", Column::power_limit_w},
    {"smclock", Column::gpu_clock_mhz},
    {"gpufrequency", Column::gpu_clock_mhz},
    {"clockfrequency", Column::gpu_clock_mhz},
    {"batchsize", Column::batch},
    {"bs", Column::batch},
    {"numrequests", Column::batch},
    {"nrequests", Column::batch},
    {"numprompts", Column::batch},
    {"numclients", Column::concurrency},
    {"maxconcurrency", Column::concurrency},
    {"qps", Column::request_rate_rps},
    {"rps", Column::request_rate_rps},
    {"maxnumseqs", Column::max_batch},
    {"maxbatchsize", Column::max_batch},
    {"inputlen", Column::isl},
    {"inputlength", Column::isl},
    {"inputtokens", Column::isl},
    {"inputseqlen", Column::isl},
    {"intokens", Column::isl},
    {"promptlen", Column::isl},
    {"promptlength", Column::isl},
    {"prompttokens", Column::isl},
    {"prefilllen", Column::isl},
    {"outputlen", Column::osl},
    {"outputlength", Column::osl},
    {"outputtokens", Column::osl},
    {"outputseqlen", Column::osl},
    {"outtokens", Column::osl},
    {"completiontokens", Column::osl},
    {"generatedtokens", Column::osl},
    {"generationlen", Column::osl},
    {"genlen", Column::osl},
    {"newtokens", Column::osl},
    {"maxnewtokens", Column::osl},
    {"decodelen", Column::osl},
    {"energy", Column::total_energy_j},
    {"gpuenergy", Column::total_energy_j},
    {"energytotal", Column::total_energy_j},
    {"energyconsumed", Column::total_energy_j},
    {"energyconsumption", Column::total_energy_j},
    {"consumedenergy", Column::total_energy_j},
    {"energyused", Column::total_energy_j},
    {"batchenergy", Column::total_energy_j},
    {"jobenergy", Column::total_energy_j},
    {"energyprefill", Column::prefill_energy_j},
    {"promptenergy", Column::prefill_energy_j},
    {"energydecode", Column::decode_energy_j},
    {"generationenergy", Column::decode_energy_j},
    {"energypertoken", Column::energy_per_out_token_j},
    {"energyperoutputtoken", Column::energy_per_out_token_j},
    {"energypergeneratedtoken", Column::energy_per_out_token_j},
    {"jpertoken", Column::energy_per_out_token_j},
    {"joulespertoken", Column::energy_per_out_token_j},
    {"joulepertoken", Column::energy_per_out_token_j},
    {"jtok", Column::energy_per_out_token_j},
    {"energyperprompt", Column::energy_per_request_j},
    {"energyperquery", Column::energy_per_request_j},
    {"joulesperrequest", Column::energy_per_request_j},
    {"jperrequest", Column::energy_per_request_j},
    {"duration", Column::total_time_s},
    {"totalduration", Column::total_time_s},
    {"elapsed", Column::total_time_s},
    {"elapsedtime", Column::total_time_s},
    {"walltime", Column::total_time_s},
    {"wallclock", Column::total_time_s},
    {"wallclocktime", Column::total_time_s},
    {"runtime", Column::total_time_s},
    {"executiontime", Column::total_time_s},
    {"jobtime", Column::total_time_s},
    {"benchmarkduration", Column::total_time_s},
    {"latency", Column::total_time_s},
    {"totallatency", Column::total_time_s},
    {"e2e", Column::total_time_s},
    {"e2el", Column::total_time_s},
    {"e2elatency", Column::total_time_s},
    {"endtoendlatency", Column::total_time_s},
    {"prefilllatency", Column::prefill_time_s},
    {"prefillduration", Column::prefill_time_s},
    {"decodelatency", Column::decode_time_s},
    {"decodeduration", Column::decode_time_s},
    {"generationtime", Column::decode_time_s},
    {"power", Column::avg_power_w},
    {"averagepower", Column::avg_power_w},
    {"meanpower", Column::avg_power_w},
    {"poweravg", Column::avg_power_w},
    {"powermean", Column::avg_power_w},
    {"powerdraw", Column::avg_power_w},
    {"gpupower", Column::avg_power_w},
    {"powerusage", Column::avg_power_w},
    {"poweridle", Column::idle_power_w},
    {"meanttft", Column::ttft_s},
    {"avgttft", Column::ttft_s},
    {"timetofirsttoken", Column::ttft_s},
    {"firsttokenlatency", Column::ttft_s},
    {"meantpot", Column::tpot_s},
    {"avgtpot", Column::tpot_s},
    {"timeperoutputtoken", Column::tpot_s},
    {"itl", Column::tpot_s},
    {"meanitl", Column::tpot_s},
    {"intertokenlatency", Column::tpot_s},
    {"throughput", Column::throughput_tok_s},
    {"outputthroughput", Column::throughput_tok_s},
    {"throughputtoks", Column::throughput_tok_s},
    {"tokenspersecond", Column::throughput_tok_s},
    {"tokenspersec", Column::throughput_tok_s},
    {"outputtokenspersecond", Column::throughput_tok_s},
    {"tokpers", Column::throughput_tok_s},
    {"toks", Column::throughput_tok_s},
    {"kvcapacity", Column::kv_capacity_tokens},
    {"kvcachetokens", Column::kv_capacity_tokens},
    {"kvcachecapacity", Column::kv_capacity_tokens},
});

bool has_letter_case(char c, bool upper) {
  return upper ? std::isupper(static_cast<unsigned char>(c)) != 0
               : std::islower(static_cast<unsigned char>(c)) != 0;
}

/// Words in lower case with one '_' between them. "totalEnergyJ", "Total energy (J)" and "total-energy/j" are one name.
std::string words_of(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) {
      if (!out.empty() && out.back() != '_') out += '_';
      continue;
    }
    // "kWh" and "mW" are one word.
    const bool prefix = i > 0 && (name[i - 1] == 'k' || name[i - 1] == 'm') &&
                        (i < 2 || std::isalnum(static_cast<unsigned char>(name[i - 2])) == 0);
    if (i > 0 && has_letter_case(c, true) && has_letter_case(name[i - 1], false) && !prefix) out += '_';
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

std::string squashed(std::string_view words) {
  std::string out(words);
  std::erase(out, '_');
  return out;
}

Dimension dimension_of(const ColumnInfo& column) {
  if (column.unit == "J") return Dimension::energy;
  if (column.unit == "W") return Dimension::power;
  if (column.unit == "s") return Dimension::time;
  if (column.unit == "MHz") return Dimension::frequency;
  return column.unit == "rps" ? Dimension::rate : Dimension::none;
}

/// The name of a column without the unit that ends it: "total_energy"; the whole name of other columns.
std::string_view quantity_name(const ColumnInfo& column) {
  return dimension_of(column) == Dimension::none ? column.name
                                                 : column.name.substr(0, column.name.rfind('_'));
}

std::optional<Column> column_of_words(const std::string& words) {
  for (const ColumnInfo& column : columns()) {
    if (dimension_of(column) != Dimension::none && squashed(quantity_name(column)) == words)
      return column.column;
  }
  const auto found = std::ranges::find(kOtherNames, words, &OtherName::words);
  return found == kOtherNames.end() ? std::nullopt : std::optional(found->column);
}

Column column_of_unit(Dimension dimension) {
  if (dimension == Dimension::energy) return Column::total_energy_j;
  return dimension == Dimension::power ? Column::avg_power_w : Column::total_time_s;
}

}  // namespace

std::optional<NameMeant> column_meant(std::string_view name) {
  if (find_column(name)) return std::nullopt;
  const std::string words = words_of(name);
  const std::size_t end = words.rfind('_');
  const std::string last = end == std::string::npos ? words : words.substr(end + 1);
  const auto unit = std::ranges::find(kUnitWords, last, &UnitWord::word);
  if (unit != kUnitWords.end() && end == std::string::npos && unit->alone)
    return NameMeant{column_of_unit(unit->dimension), !unit->ours};
  if (unit != kUnitWords.end() && end != std::string::npos) {
    const std::optional<Column> column = column_of_words(squashed(words.substr(0, end)));
    if (column && dimension_of(info(*column)) == unit->dimension) return NameMeant{*column, !unit->ours};
  }
  if (const std::optional<Column> column = column_of_words(squashed(words))) return NameMeant{*column, false};
  return std::nullopt;
}

}  // namespace energylens::table
