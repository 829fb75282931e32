// SPDX-License-Identifier: Apache-2.0
#include "emit/runners.hpp"

#include <array>
#include <cmath>

#include "calculation/calculation.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::emit {
namespace {

constexpr std::array kNames{"tp",
                            "pp",
                            "batch",
                            "isl",
                            "osl",
                            "dp",
                            "ep",
                            "kv_capacity_tokens",
                            "max_batch",
                            "cached_tokens",
                            "accepted_per_step",
                            "steady"};

constexpr const char* kC = R"x(#include <stdio.h>
#include <stdlib.h>
#include <string.h>
ENERGY_INCLUDE
int main(void) {
  char line[4096];
  if (!fgets(line, sizeof line, stdin)) return 1;
  while (fgets(line, sizeof line, stdin)) {
    double x[12];
    char* at = line;
    for (int i = 0; i < 12; ++i) {
      char* end = at + strcspn(at, ",\n");
      x[i] = end == at ? NAN : strtod(at, NULL);
      at = end + 1;
    }
    printf("%.17g,%.17g\n", ENERGY_J(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8], x[9], x[10], x[11]),
           TIME_S(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8], x[9], x[10], x[11]));
  }
  return 0;
}
)x";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::string c_driver(const std::string& include, const std::string& energy, const std::string& time) {
  return replaced(replaced(replaced(kC, "ENERGY_INCLUDE", include), "ENERGY_J", energy), "TIME_S", time);
}

constexpr const char* kRust = R"x(#![allow(dead_code)]
use std::io::BufRead;
include!("energy.rs");
fn main() {
    for line in std::io::stdin().lock().lines().skip(1) {
        let x: Vec<f64> = line.unwrap().split(',').map(|c| c.parse().unwrap_or(f64::NAN)).collect();
        println!("{:e},{:e}", energy_j_all(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8], x[9], x[10], x[11]),
                 time_s_all(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8], x[9], x[10], x[11]));
    }
}
)x";

constexpr const char* kJava = R"x(import java.io.*;
public class Main {
  public static void main(String[] args) throws IOException {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    StringBuilder out = new StringBuilder();
    in.readLine();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] c = line.split(",", -1);
      double[] x = new double[12];
      for (int i = 0; i < 12; ++i) x[i] = c[i].isEmpty() ? Double.NaN : Double.parseDouble(c[i]);
      out.append(EnergyLens.energy_j(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8], x[9], x[10], x[11])).append(',');
      out.append(EnergyLens.time_s(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8], x[9], x[10], x[11])).append('\n');
    }
    System.out.print(out);
  }
}
)x";

constexpr const char* kNode = R"x(const {energy_j, time_s} = require("./energy.js");
const lines = require("fs").readFileSync("in.csv", "utf8").trim().split("\n").slice(1);
process.stdout.write(lines.map(line => {
  const x = line.split(",").map(c => c === "" ? undefined : Number(c));
  return energy_j(...x) + "," + time_s(...x) + "\n";
}).join(""));
)x";

constexpr const char* kPython = R"x(import csv
import energy
for row in csv.DictReader(open("in.csv")):
    x = {name: float(text) for name, text in row.items() if text}
    x.setdefault("isl", 0.0)
    print(f"{float(energy.energy_j(**x)):.17g},{float(energy.time_s(**x)):.17g}")
)x";

constexpr const char* kNumpy = R"x(import csv
import numpy as np
import energy
rows = list(csv.DictReader(open("in.csv")))
x = {name: np.array([float(r[name]) if r[name] else np.nan for r in rows]) for name in rows[0]}
for e, t in zip(energy.energy_j(**x), energy.time_s(**x)):
    print(f"{e:.17g},{t:.17g}")
)x";

/// 12 columns of which blanks are NULL, then both results, by Python's client of an engine.
constexpr const char* kSqlite = R"x(import csv
import sqlite3
base = sqlite3.connect(":memory:")
base.executescript(open("energy.sql").read())
with open("in.csv") as file:
    rows = list(csv.reader(file))
names, rows = rows[0], rows[1:]
base.executemany(f"INSERT INTO energylens_requests (request_id, {', '.join(names)}) VALUES (?{', ?' * len(names)})",
                 [(i, *[float(c) if c else None for c in row]) for i, row in enumerate(rows)])
for e, t in base.execute("SELECT energy_j, time_s FROM energylens_energy ORDER BY CAST(request_id AS INTEGER)"):
    print(f"{'' if e is None else format(e, '.17g')},{'' if t is None else format(t, '.17g')}")
)x";

constexpr const char* kDuckdb = R"x(import duckdb
base = duckdb.connect()
base.execute(open("energy.sql").read())
base.execute("CREATE TABLE r AS SELECT row_number() OVER () AS i, * FROM read_csv('in.csv', header=true, all_varchar=true, nullstr='')")
names = "tp pp batch isl osl dp ep kv_capacity_tokens max_batch cached_tokens accepted_per_step steady".split()
base.execute("CREATE TABLE q AS SELECT i, " + ", ".join(f"CAST({n} AS DOUBLE) AS {n}" for n in names) + " FROM r")
optional = ", ".join(f"{n} := {n}" for n in names[5:])
scalar = base.execute(f"SELECT energylens_energy_j(tp, pp, batch, isl, osl, {optional}), energylens_time_s(tp, pp, batch, isl, osl, {optional}) FROM q ORDER BY i").fetchall()
table = base.execute("SELECT energy_j, time_s FROM energylens_energy('q') ORDER BY i").fetchall()
assert scalar == table or all((a is None) == (b is None) and (a is None or abs(a - b) <= 1e-12 * abs(a)) for s, t in zip(scalar, table) for a, b in zip(s, t))
for e, t in scalar:
    print(f"{'' if e is None else format(e, '.17g')},{'' if t is None else format(t, '.17g')}")
)x";

constexpr const char* kChdb = R"x(import chdb.session
s = chdb.session.Session()
for statement in open("energy.sql").read().split(";\n"):
    lines = [line for line in statement.split("\n") if not line.startswith("--")]
    if any(lines):
        s.query("\n".join(lines))
names = "tp pp batch isl osl dp ep kv_capacity_tokens max_batch cached_tokens accepted_per_step steady"
structure = ", ".join(n + " Nullable(Float64)" for n in names.split())
arguments = names.replace(" ", ", ")
import os
path = os.path.abspath("in.csv")
print(s.query(f"SELECT energylens_energy_j_all({arguments}), energylens_time_s_all({arguments}) FROM file('{path}', 'CSVWithNames', '{structure}') SETTINGS max_threads=1, max_ast_elements=10000000, max_expanded_ast_elements=10000000, max_ast_depth=100000, max_parser_depth=100000", "CSV").bytes().decode().replace("\\N", ""), end="")
)x";

/// A server of its own in the folder, over a socket.
constexpr const char* kPostgres = R"x(set -e
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
run() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/sh -c "$1"; else sh -c "$1"; fi; }
work=$(mktemp -d /tmp/energylens_pg.XXXXXX)
chmod 777 "$work"
trap 'run "$bin/pg_ctl -D $work/base -m immediate stop" > /dev/null 2>&1; rm -rf "$work"' EXIT
run "$bin/initdb -D $work/base -A trust" > pg.log 2>&1
run "$bin/pg_ctl -D $work/base -w -o \"-c listen_addresses='' -k $work\" -l $work/log start" >> pg.log 2>&1
user=$(if [ "$(id -u)" = 0 ]; then echo postgres; else id -un; fi)
sql() { psql -q -v ON_ERROR_STOP=1 -h "$work" -U "$user" -d postgres "$@"; }
sql -f energy.sql
sql -c "CREATE TABLE q (tp float8, pp float8, batch float8, isl float8, osl float8, dp float8, ep float8, kv_capacity_tokens float8, max_batch float8, cached_tokens float8, accepted_per_step float8, steady float8, i serial)"
sql -c "\\copy q (tp,pp,batch,isl,osl,dp,ep,kv_capacity_tokens,max_batch,cached_tokens,accepted_per_step,steady) FROM in.csv WITH (FORMAT csv, HEADER)"
sql -At -F , -c "SELECT energylens_energy_j(tp,pp,batch,isl,osl,dp,ep,kv_capacity_tokens,max_batch,coalesce(cached_tokens,0),accepted_per_step,steady), energylens_time_s(tp,pp,batch,isl,osl,dp,ep,kv_capacity_tokens,max_batch,coalesce(cached_tokens,0),accepted_per_step,steady) FROM q ORDER BY i" > out.csv
)x";

constexpr const char* kSpark = R"x(from pyspark.sql import SparkSession
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "1").getOrCreate()
names = "tp pp batch isl osl dp ep kv_capacity_tokens max_batch cached_tokens accepted_per_step steady".split()
rows = []
for i, line in enumerate(open("in.csv").read().strip("\n").split("\n")[1:]):
    rows.append((str(i), *[float(c) if c else None for c in line.split(",")]))
schema = "request_id string, " + ", ".join(n + " double" for n in names)
spark.createDataFrame(rows, schema).createOrReplaceTempView("energylens_requests")
select = open("energy.sql").read().split("VIEW energylens_energy AS ")[1].rstrip().rstrip(";")
for r in sorted(spark.sql(select).collect(), key=lambda r: int(r["request_id"])):
    print(",".join("" if r[n] is None else format(r[n], ".17g") for n in ("energy_j", "time_s")))
)x";

/// Sets the input cells of the sheet in LibreOffice and reads the result cells.
constexpr const char* kSheet = R"x(import csv
import os
import subprocess
import time
import uno
office = subprocess.Popen(["soffice", "--headless", "--norestore", f"-env:UserInstallation=file://{os.getcwd()}/profile",
                           "--accept=socket,host=127.0.0.1,port=8317;urp;"])
resolver = uno.getComponentContext().ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", uno.getComponentContext())
for _ in range(120):
    try:
        context = resolver.resolve("uno:socket,host=127.0.0.1,port=8317;urp;StarOffice.ComponentContext")
        break
    except Exception:
        time.sleep(0.5)
desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
book = desktop.loadComponentFromURL(f"file://{os.getcwd()}/energy.xlsx", "_blank", 0, ())
cell = lambda name: book.NamedRanges.getByName(name).getReferredCells().getCellByPosition(0, 0)
with open("in.csv") as file:
    rows = list(csv.DictReader(file))
inputs = {name: cell(name) for name in rows[0]}
results = [cell("energy_j"), cell("time_s")]
book.enableAutomaticCalculation(False)
for row in rows:
    for name, text in row.items():
        if text:
            inputs[name].setValue(float(text))
        else:
            inputs[name].setString("")
    book.calculateAll()
    print(",".join("" if one.getError() else format(one.getValue(), ".17g") for one in results))
book.close(True)
try:
    desktop.terminate()
except Exception:
    pass
office.wait(30)
)x";

std::string python_with(const std::string& module) {
  return "${ENERGYLENS_PYTHON:-python3} -c 'import " + module + "'";
}

constexpr const char* kRunPython = "${ENERGYLENS_PYTHON:-python3} driver.py > out.csv";

}  // namespace

std::vector<Runner> runners() {
  return {
      {"c", "energy.h", "gcc --version",
       "gcc -O1 -Wall -Wextra -Werror -o run driver.c -lm && ./run < in.csv > out.csv", "driver.c",
       c_driver("#include \"energy.h\"", "energylens_energy_j_all", "energylens_time_s_all")},
      {"cpp", "energy.hpp", "g++ --version",
       "g++ -O1 -Wall -Wextra -Werror -o run driver.cpp && ./run < in.csv > out.csv", "driver.cpp",
       c_driver("#include \"energy.hpp\"", "energylens::energy_j", "energylens::time_s"), 1e-9, 10000, 2},
      {"rust", "energy.rs", "rustc --version",
       "rustc -O -D warnings -o run driver.rs && ./run < in.csv > out.csv", "driver.rs", kRust, 1e-9, 10000,
       2},
      {"java", "EnergyLens.java", "javac -version",
       "javac -Xlint:all -Werror *.java && java -cp . Main < in.csv > out.csv", "Main.java", kJava, 1e-9,
       10000, 2},
      {"javascript", "energy.js", "node --version", "node driver.js > out.csv", "driver.js", kNode},
      {"python", "energy.py", python_with("csv"), kRunPython, "driver.py", kPython},
      {"numpy", "energy.py", python_with("numpy"), kRunPython, "driver.py", kNumpy},
      {"sympy", "energy.py", python_with("sympy"), kRunPython, "driver.py", kPython, 1e-9, 40},
      {"sqlite", "energy.sql", python_with("sqlite3"), kRunPython, "driver.py", kSqlite},
      {"duckdb", "energy.sql", python_with("duckdb"), kRunPython, "driver.py", kDuckdb},
      {"clickhouse", "energy.sql", python_with("chdb"), kRunPython, "driver.py", kChdb},
      {"spark", "energy.sql", "test -n \"$ENERGYLENS_HEAVY\" && " + python_with("pyspark"), kRunPython,
       "driver.py", kSpark},
      {"xlsx", "energy.xlsx",
       "test -n \"$ENERGYLENS_HEAVY\" && soffice --version && /usr/bin/python3 -c 'import uno'",
       "/usr/bin/python3 driver.py > out.csv", "driver.py", kSheet, 1e-6, 600},
      {"postgresql", "energy.sql", "psql --version && ls -d /usr/lib/postgresql/*/bin", "sh driver.sh",
       "driver.sh", kPostgres},
  };
}

std::string configurations_csv(const std::vector<table::Configuration>& configs) {
  std::string out;
  for (const char* name : kNames) out += (out.empty() ? "" : ",") + std::string(name);
  out += '\n';
  for (const table::Configuration& config : configs) {
    std::string line;
    for (const char* name : kNames) {
      const double value = calculation::input_of(config, name);
      line += (line.empty() ? "" : ",") + (known(value) ? number_text(value) : std::string());
    }
    out += line + '\n';
  }
  return out;
}

}  // namespace energylens::emit
