// SPDX-License-Identifier: Apache-2.0
#include <nanobind/stl/string.h>

#include "core/several_errors.hpp"
#include "energylens/core/error.hpp"
#include "python/bindings/bindings.hpp"

namespace energylens::python {
namespace {

namespace nb = nanobind;

const char* code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
      return "usage";
    case ErrorCode::bad_input:
      return "bad_input";
    case ErrorCode::io:
      return "io";
    case ErrorCode::cancelled:
      return "cancelled";
  }
  return "";
}

nb::object python_error_of(const nb::object& type, const Error& error) {
  const Place& place = error.place();
  return type(error.message(), code_name(error.code()), place.file, place.line, place.column);
}

}  // namespace

void bind_errors() {
  nb::register_exception_translator([](const std::exception_ptr& thrown, void*) {
    try {
      std::rethrow_exception(thrown);
    } catch (const Error& error) {
      const nb::object type = nb::module_::import_("energylens.errors").attr("Error");
      const nb::object raised = python_error_of(type, error);
      if (const auto* const several = dynamic_cast<const SeveralErrors*>(&error)) {
        nb::list others;
        for (const Error& other : several->others()) others.append(python_error_of(type, other));
        raised.attr("others") = others;
      }
      PyErr_SetObject(type.ptr(), raised.ptr());
    }
  });
}

}  // namespace energylens::python
