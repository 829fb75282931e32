// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <memory>
#include <string>

namespace energylens {

/// A shared library opened while the program runs, so that the program starts where it is absent, and fast where it is
/// not needed. Closed at the end.
class SharedLibrary {
 public:
  /// On failure `*this` is empty and problem() returns why.
  explicit SharedLibrary(const std::string& name);

  explicit operator bool() const { return handle_ != nullptr; }
  const std::string& problem() const { return problem_; }

  /// Sets `function` to the library's function of that name; a null pointer if it has none.
  template <class Function>
  void find(const char* name, Function*& function) const {
    function = reinterpret_cast<Function*>(address(name));
  }

 private:
  void* address(const char* name) const;
  struct Close {
    void operator()(void* handle) const;
  };
  std::unique_ptr<void, Close> handle_;
  std::string problem_;
};

}  // namespace energylens
