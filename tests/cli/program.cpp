// SPDX-License-Identifier: Apache-2.0
#include "cli/program.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace energylens::cli {
namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::filesystem::path new_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "energylens_cli_XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
  return name;
}

}  // namespace

ProgramTest::ProgramTest() : folder_(new_folder()), streams_(new_folder()) {}

ProgramTest::~ProgramTest() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
  std::filesystem::remove_all(streams_, ignored);
}

Outcome ProgramTest::run(const std::string& arguments) const {
  return shell("\"$ENERGYLENS\" " + arguments);
}

Outcome ProgramTest::shell(const std::string& command) const {
  const std::string whole =
      "cd '" + folder_.string() + "' && export ENERGYLENS='" ENERGYLENS_PROGRAM "' && { " + command +
      "\n} >'" + (streams_ / "out").string() + "' 2>'" + (streams_ / "err").string() + "' </dev/null";
  const int status = std::system(whole.c_str());
  Outcome outcome;
  outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.out = content_of(streams_ / "out");
  outcome.err = content_of(streams_ / "err");
  return outcome;
}

std::string ProgramTest::write(const std::string& name, const std::string& content) const {
  std::ofstream(folder_ / name, std::ios::binary) << content;
  return name;
}

std::string ProgramTest::read(const std::string& name) const {
  return content_of(folder_ / name);
}

bool ProgramTest::exists(const std::string& name) const {
  return std::filesystem::exists(folder_ / name);
}

std::size_t ProgramTest::files() const {
  const std::filesystem::directory_iterator all(folder_);
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

void expect_golden(const std::filesystem::path& golden, const std::string& text) {
  const char* update = std::getenv("ENERGYLENS_UPDATE_GOLDEN");
  if (update != nullptr && std::string(update) == "1") {
    std::ofstream(golden, std::ios::binary) << text;
    return;
  }
  ASSERT_TRUE(std::filesystem::exists(golden))
      << golden << " is missing; ENERGYLENS_UPDATE_GOLDEN=1 writes it";
  EXPECT_EQ(text, content_of(golden)) << "ENERGYLENS_UPDATE_GOLDEN=1 rewrites " << golden;
}

std::string table_of(const std::string& rows) {
  return "model,gpu,quant,layout,batch,isl,osl,prefill_energy_j,decode_energy_j,prefill_time_s,decode_time_s,"
         "kv_capacity_tokens\n" +
         rows;
}

std::string good_table() {
  std::ostringstream rows;
  for (const int tp : {1, 2, 4}) {
    for (const int batch : {1, 4, 16, 64}) {
      for (const int osl : {64, 256}) {
        const double prefill = 15 + 0.02 * batch * 512 * (1 + 0.1 * tp);
        const double decode = osl * (20 + 2 * tp + 0.8 * batch);
        const double prefill_time = 0.05 + 0.00004 * batch * 512 / tp;
        const double decode_time = osl * (0.02 + 0.02 / tp + 0.0004 * batch);
        rows << "toy-model,toy-gpu,fp16,tp" << tp << ',' << batch << ",512," << osl << ',' << prefill << ','
             << decode << ',' << prefill_time << ',' << decode_time << ",\n";
      }
    }
  }
  return table_of(rows.str());
}

}  // namespace energylens::cli
