// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "importers/fields.hpp"
#include "table/row_writer.hpp"

namespace energylens::importers {

/// Reads the members that state a column of the table under its name or another common one, such as
/// "tensor_parallel_size" for tp, numbers also where they are texts. Columns that the row has already are kept. Warns of a
/// value that cannot be used, by its name.
void set_stated(table::RowWriter& rows, Fields& fields, const io::Json& run,
                std::vector<std::string>& warnings);

/// The name of the engine that `backend` of a benchmark client stands for, "vLLM" of "vllm-chat"; an unknown word stays as
/// it is; empty for one that names a protocol only, such as "openai-chat".
std::string engine_of_backend(const std::string& backend);

}  // namespace energylens::importers
