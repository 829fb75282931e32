// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace energylens::meter {

/// A device as CUDA_VISIBLE_DEVICES can name it.
struct Nameable {
  std::string uuid;
  std::vector<std::string> slices;  ///< UUIDs of the MIG instances on it
};

/// A device that is visible, and the slices of it that were named (empty: the whole of it).
struct Selected {
  std::size_t device = 0;
  std::vector<std::string> slices;
};

/// The devices that `visible` names, each once, in its order; all of them if it is nothing. An entry is an
/// index, a UUID, the beginning of just one, or the UUID of a slice; "-1" ends the list, as it does in CUDA.
/// Throws Error (usage) for an entry that names no device, or several; `variable` stands before the message.
std::vector<Selected> select_devices(const std::vector<Nameable>& devices,
                                     const std::optional<std::string>& visible, std::string_view variable);

/// Throws Error (usage) if `visible` names some of several unlike devices by index although CUDA does not number them as
/// the driver does: by default it numbers the fastest first. `order` is the value of CUDA_DEVICE_ORDER.
void check_order(const std::vector<std::string>& names, const std::optional<std::string>& visible,
                 std::string_view order);

}  // namespace energylens::meter
