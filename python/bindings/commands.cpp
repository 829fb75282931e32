// SPDX-License-Identifier: Apache-2.0
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <tuple>

#include "cli/host.hpp"
#include "python/bindings/bindings.hpp"
#include "python/bindings/long_work.hpp"

namespace energylens::python {
namespace {

namespace nb = nanobind;

using Outcome = std::tuple<int, std::string, std::vector<std::string>>;

Outcome run(const std::vector<std::string>& words, const nb::object& report) {
  cli::Host host;
  const int code = long_work(report, host.cancel, [&](SharedProgress& progress) {
    host.progress = [&progress](const std::string& what, std::size_t done, std::size_t total) {
      progress.set(what, done, total);
    };
    return cli::run_for(host, words);
  });
  return {code, std::move(host.out), std::move(host.notes)};
}

}  // namespace

void bind_commands(nb::module_& module) {
  module.def(
      "run", &run, nb::arg("words"), nb::arg("report").none() = nb::none(),
      nb::sig(
          "def run(words: list[str], report: Callable[[str, int, int], object] | None = None) -> tuple[int, str, "
          "list[str]]"),
      "Runs a command of the program in this process: its exit code, its standard output and the lines of its "
      "standard error.");
  module.def(
      "main",
      [](const std::vector<std::string>& words) {
        const nb::gil_scoped_release released;
        return cli::run_main(words);
      },
      nb::arg("words"), "What the program does with these words. Takes over the signals of the process.");
}

}  // namespace energylens::python
