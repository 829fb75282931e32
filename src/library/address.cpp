// SPDX-License-Identifier: Apache-2.0
// Names of systems. Held by address_test.cpp.
#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/library/library.hpp"

namespace energylens::library {
namespace {

constexpr std::string_view kScheme = "library:";

}  // namespace

std::string System::address() const {
  std::string text = std::string(kScheme) + lower_case(model) + '@' + lower_case(gpu);
  return quant.empty() ? text : text + ':' + lower_case(quant);
}

table::GroupIdentity System::identity() const {
  table::GroupIdentity identity;
  for (const auto& [column, text] :
       {std::pair{"model", &model}, {"gpu", &gpu}, {"engine", &engine}, {"quant", &quant}}) {
    if (!text->empty()) identity.key.emplace_back(column, *text);
  }
  return identity;
}

bool is_address(std::string_view text) {
  return text.starts_with(kScheme);
}

System parse_address(const std::string& text) {
  const std::string_view rest =
      std::string_view(text).substr(is_address(text) ? kScheme.size() : text.size());
  const std::size_t at = rest.rfind('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == rest.size())
    throw Error::usage("expected library:MODEL@GPU:QUANT, not " + quote(text));
  const std::string_view where = rest.substr(at + 1);
  const std::size_t colon = where.find(':');
  System system{std::string(rest.substr(0, at)), std::string(where.substr(0, colon)), {}, {}};
  if (colon != std::string_view::npos) system.quant = std::string(where.substr(colon + 1));
  if (system.gpu.empty()) throw Error::usage("expected library:MODEL@GPU:QUANT, not " + quote(text));
  return system;
}

}  // namespace energylens::library
