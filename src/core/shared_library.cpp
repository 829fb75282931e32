// SPDX-License-Identifier: Apache-2.0
#include "core/shared_library.hpp"

#include <dlfcn.h>

namespace energylens {

SharedLibrary::SharedLibrary(const std::string& name)
    : handle_(::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (handle_) return;
  const char* const reason = ::dlerror();
  problem_ = reason ? reason : name + " cannot be opened";
}

void* SharedLibrary::address(const char* name) const {
  return handle_ ? ::dlsym(handle_.get(), name) : nullptr;
}

void SharedLibrary::Close::operator()(void* handle) const {
  ::dlclose(handle);
}

}  // namespace energylens
