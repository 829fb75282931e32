// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace energylens::recovery {

/// Whether two formulas are one.
struct Judgement {
  std::optional<bool> same;  ///< none: it could not be told
  std::string why;           ///< why it could not
};

/// SymPy in a child process, one question after another. Where Python or SymPy is absent, every answer is
/// none with that reason.
class SymPyJudge {
 public:
  SymPyJudge() = default;
  SymPyJudge(const SymPyJudge&) = delete;
  SymPyJudge& operator=(const SymPyJudge&) = delete;
  ~SymPyJudge();

  /// Formulas as expr::print writes them; `positive` and `real` are the names in them.
  Judgement judge(const std::string& truth, const std::string& found,
                  const std::vector<std::string>& positive, const std::vector<std::string>& real);

 private:
  void start();
  std::string ask(const std::string& line);

  pid_t child_ = -1;
  int to_ = -1, from_ = -1;
  bool started_ = false;
};

}  // namespace energylens::recovery
