// SPDX-License-Identifier: Apache-2.0
// Reads a table and finds its groups: the first thing a program built on EnergyLens does.
#include <cstdio>
#include <energylens/io/json.hpp>
#include <energylens/table/group.hpp>
#include <energylens/table/table.hpp>

int main() {
  using namespace energylens;
  const table::Table table = table::parse_csv(
      "model,gpu,tp,row_kind,batch,isl,osl,total_energy_j\n"
      "Llama-3-70B,H100,4,job,8,128,256,5200\n"
      "Llama-3-70B,H100,8,job,8,128,256,6100\n",
      "example.csv");
  const auto groups = table::groups(table);
  if (table.rows() != 2 || groups.size() != 1 || table::scenarios(groups.front()).size() != 1) return 1;
  std::puts(io::print_json(io::Json::object({{"rows", table.rows()}, {"groups", groups.size()}}), 0).c_str());
  return 0;
}
