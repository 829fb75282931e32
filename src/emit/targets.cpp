// SPDX-License-Identifier: Apache-2.0
// The table of targets. To add a language of functions and assignments, write its row of forms in languages.cpp and a line
// here; run_test.cpp then must run it.
#include "emit/targets.hpp"

#include <array>

#include "core/named_table.hpp"
#include "emit/languages.hpp"
#include "emit/papers.hpp"
#include "emit/promql.hpp"
#include "emit/sql.hpp"

namespace energylens::emit {
namespace {

constexpr std::array kTargets{
    Target{"c", "functions of C", c_text},
    Target{"cpp", "a header of C++", cpp_text},
    Target{"rust", "functions of Rust", rust_text},
    Target{"java", "the class EnergyLens", java_text},
    Target{"javascript", "functions for browsers and Node", javascript_text},
    Target{"python", "functions of Python", python_text},
    Target{"numpy", "functions of Python over arrays", numpy_text},
    Target{"sympy", "functions of Python that return SymPy expressions", sympy_text},
    Target{"xlsx", "a workbook with named cells", xlsx_content, false},
    Target{"latex", "a LaTeX document with every equation", latex_text},
    Target{"postgresql", "functions of PostgreSQL", postgresql_text},
    Target{"duckdb", "macros of DuckDB", duckdb_text},
    Target{"clickhouse", "functions of ClickHouse", clickhouse_text},
    Target{"sqlite", "a table of requests and a view of their energy for SQLite", sqlite_text},
    Target{"spark", "a table of requests and a view of their energy for Spark SQL", spark_text},
    Target{"promql", "recording and alerting rules of Prometheus", promql_text},
    Target{"grafana", "a Grafana dashboard over those rules", grafana_text},
};

}  // namespace

std::span<const Target> targets() {
  return kTargets;
}

const Target& find_target(std::string_view name) {
  return find_named(kTargets, name, "target");
}

}  // namespace energylens::emit
