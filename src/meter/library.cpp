// SPDX-License-Identifier: Apache-2.0
#include "meter/library.hpp"

#include <dlfcn.h>

namespace energylens::meter {

Library::Library(const std::string& name) : handle_(::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (handle_) return;
  const char* const reason = ::dlerror();
  problem_ = reason ? reason : name + " cannot be opened";
}

void* Library::address(const char* name) const {
  return handle_ ? ::dlsym(handle_.get(), name) : nullptr;
}

void Library::Close::operator()(void* handle) const {
  ::dlclose(handle);
}

}  // namespace energylens::meter
