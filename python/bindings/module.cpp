// SPDX-License-Identifier: Apache-2.0
// The extension module: it converts and calls, and computes nothing.
#include "python/bindings/bindings.hpp"

NB_MODULE(_core, module) {
  using namespace energylens::python;
  module.attr("__version__") = ENERGYLENS_VERSION;
  bind_errors();
  bind_commands(module);
  bind_table(module);
  bind_model(module);
  bind_search(module);
  bind_meter(module);
}
