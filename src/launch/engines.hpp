// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "launch/launch.hpp"

namespace energylens::launch {

/// A command, and what has to be known about it.
struct Command {
  std::vector<std::vector<std::string>> words;  ///< the program with its model, then each flag with its value
  std::vector<std::string> comments;
  std::string file_name, file;  ///< a settings file that it reads; empty: none
  int port = 8000;
  std::string image;  ///< container image of the makers; empty: the reader's own
};

/// One engine: the name of its target, a word that names of engines in tables contain, and its command, which starts
/// all replicas or one of them.
struct Engine {
  std::string_view target, name;
  Command (*command)(const Deployment& deployment, bool all_replicas);
};

std::span<const Engine> engines();

/// Replicas of the model; the dp of data-parallel attention counts ranks within one.
int replicas(const table::Layout& layout);
/// GPUs of one replica.
int gpus_per_replica(const table::Layout& layout);

}  // namespace energylens::launch
