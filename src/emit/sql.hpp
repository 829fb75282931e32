// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "emit/targets.hpp"

namespace energylens::emit {

std::string duckdb_text(const Subject& subject);
std::string sqlite_text(const Subject& subject);
std::string spark_text(const Subject& subject);
std::string clickhouse_text(const Subject& subject);

}  // namespace energylens::emit
