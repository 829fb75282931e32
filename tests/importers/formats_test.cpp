// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "energylens/importers/import.hpp"
#include "table/expect_error.hpp"

namespace energylens::importers {
namespace {

TEST(Formats, AreFoundByNameAndANearOneIsOffered) {
  for (const Format& format : formats()) EXPECT_EQ(find_format(format.name).name, format.name);
  EXPECT_EQ(table::error_of([] { find_format("mlenrgy"); }),
            "unknown format \"mlenrgy\"; did you mean \"mlenergy\"?");
  EXPECT_EQ(table::error_of([] { find_format("parquet"); }),
            "unknown format \"parquet\"; available: mlenergy, vllm, nvidia-smi, aiconfigurator");
}

TEST(Formats, RefuseAFileThatIsNotThere) {
  for (const Format& format : formats()) {
    Request request;
    request.files = {"/nowhere/x"};
    EXPECT_EQ(table::error_of([&] { format.import(request); }),
              "/nowhere/x: cannot read: No such file or directory");
  }
}

}  // namespace
}  // namespace energylens::importers
