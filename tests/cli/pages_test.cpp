// SPDX-License-Identifier: Apache-2.0
// Manual pages and shell completion: complete, accepted by the programs that read them, and working.
#include <gmock/gmock.h>

#include <set>
#include <sstream>

#include "cli/program.hpp"

namespace energylens::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Pages : public ProgramTest {
 protected:
  /// The commands that the overview lists.
  std::vector<std::string> commands() const {
    std::vector<std::string> all;
    std::istringstream lines(run("help").out);
    bool inside = false;
    for (std::string line; std::getline(lines, line);) {
      if (line == "Commands:") inside = true;
      if (line.empty() && inside && !all.empty()) break;
      if (inside && line.starts_with("  ")) all.push_back(line.substr(2, line.find("  ", 2) - 2));
    }
    return all;
  }

  /// The long options that the help of a command lists.
  std::vector<std::string> options(const std::string& command) const {
    std::vector<std::string> all;
    std::istringstream lines(run(command + " --help").out);
    for (std::string line; std::getline(lines, line);) {
      const std::size_t dashes = line.find("--");
      if (line.starts_with("  ") && dashes != line.npos && dashes <= 6 && line[2] != 'e')
        all.push_back(line.substr(dashes, line.find_first_of(" ", dashes) - dashes));
    }
    return all;
  }

  bool has(const std::string& program) const { return shell("command -v " + program).code == 0; }

  /// What bash offers for the last of `words`.
  std::string completed(const std::string& words, int index) const {
    const Outcome outcome =
        shell("\"$ENERGYLENS\" completion bash >c.bash; bash -c 'source ./c.bash; COMP_WORDS=(" + words +
              "); COMP_CWORD=" + std::to_string(index) + "; _energylens; echo \"${COMPREPLY[*]}\"'");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "") << words;
    return outcome.out;
  }
};

std::string in_roff(std::string text) {
  for (std::size_t at = 0; (at = text.find('-', at)) != text.npos; at += 2) text.insert(at, "\\");
  return text;
}

TEST_F(Pages, HoldEveryOptionOfEveryCommand) {
  const std::string bash = run("completion bash").out, zsh = run("completion zsh").out,
                    fish = run("completion fish").out;
  ASSERT_GE(commands().size(), 20u);
  for (const std::string& command : commands()) {
    const std::string page = run("help --man " + command).out;
    ASSERT_GE(options(command).size(), 1u) << command;
    for (const std::string& option : options(command)) {
      EXPECT_THAT(page, HasSubstr("\\fB" + in_roff(option) + "\\fR")) << command;
      EXPECT_THAT(bash, HasSubstr(option));
      EXPECT_THAT(zsh, HasSubstr(option));
      if (option != "--help") {
        EXPECT_THAT(fish, HasSubstr(" -l " + option.substr(2) + ' '));
      }
    }
    EXPECT_EQ(run("help " + command).out, run(command + " --help").out);
  }
}

TEST_F(Pages, OfManualsAreAcceptedByGroff) {
  if (!has("groff")) GTEST_SKIP() << "groff is not installed";
  EXPECT_EQ(run("help --write share").code, 0);
  EXPECT_TRUE(exists("share/man/man1/energylens-table-check.1"));
  const Outcome outcome = shell("for page in share/man/man1/*.1; do groff -man -Tascii -ww -z $page; done");
  EXPECT_EQ(outcome.err, "");
  const Outcome text = shell("groff -man -Tascii -P-cbou share/man/man1/energylens-choose.1");
  EXPECT_THAT(text.out, HasSubstr("--total-gpus N"));
  EXPECT_THAT(text.out, HasSubstr("EXIT STATUS"));
}

TEST_F(Pages, AreWrittenWhereShellsLook) {
  EXPECT_EQ(run("help --write share").code, 0);
  for (const char* path : {"bash-completion/completions/energylens", "zsh/site-functions/_energylens",
                           "fish/vendor_completions.d/energylens.fish", "man/man1/energylens.1"})
    EXPECT_TRUE(exists(std::string("share/") + path)) << path;
  EXPECT_EQ(run("help --write /dev/null/share").code, 1);
}

TEST_F(Pages, OfBashAreAcceptedAndComplete) {
  if (!has("bash")) GTEST_SKIP() << "bash is not installed";
  EXPECT_EQ(shell("\"$ENERGYLENS\" completion bash | bash -n").code, 0);
  write("measured.csv", "");
  EXPECT_EQ(completed("energylens cho", 1), "choose\n");
  EXPECT_EQ(completed("energylens table ''", 2), "check template convert\n");
  EXPECT_EQ(completed("energylens fit --tra", 2), "--train\n");
  EXPECT_EQ(completed("energylens fit --form ''", 3), "law power-time\n");
  EXPECT_EQ(completed("energylens fit --form = po", 4), "power-time\n");
  EXPECT_EQ(completed("energylens fit mea", 2), "measured.csv\n");
  EXPECT_EQ(completed("energylens table check mea", 3), "measured.csv\n");
  EXPECT_EQ(completed("energylens fit --train ''", 3), "\n") << "a number";
  EXPECT_EQ(completed("energylens help disc", 2), "discover\n");
}

/// What each command line is completed to: the first word of every offer, sorted.
struct Completed {
  std::string line, offers;
};

/// Held by bash, zsh and fish alike. The folder has measured.csv and nothing else that begins with "mea".
const Completed kCompleted[] = {
    {"energylens cho", "choose"},
    {"energylens table ", "check convert template"},
    {"energylens table check mea", "measured.csv"},
    {"energylens table check --whe", "--where"},
    {"energylens fit --tra", "--train"},
    {"energylens fit --form ", "law power-time"},
    {"energylens fit mea", "measured.csv"},
    {"energylens fit table --tra", "--train"},
    {"energylens fit --plot mea", "measured.csv"},
    {"energylens help disc", "discover"},
    {"energylens completion ", "bash fish zsh"},
    {"energylens import ml", "mlenergy mlenergy-v2 mlperf"},
    {"energylens import vllm mea", "measured.csv"},
    {"energylens meter -- ls mea", "measured.csv"},
    {"energylens --ver", "--version"},
};

/// The lines of a text, sorted, without repeats, cut at the first tab.
std::string offers(const std::string& text) {
  std::set<std::string> words;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) words.insert(line.substr(0, line.find('\t')));
  }
  std::string joined;
  for (const std::string& word : words) joined += (joined.empty() ? "" : " ") + word;
  return joined;
}

TEST_F(Pages, OfFishAreAcceptedAndComplete) {
  if (!has("fish")) GTEST_SKIP() << "fish is not installed";
  ASSERT_EQ(shell("\"$ENERGYLENS\" completion fish >c.fish; fish -n c.fish").code, 0);
  write("measured.csv", "");
  for (const Completed& one : kCompleted) {
    const Outcome outcome =
        shell("HOME=$PWD fish --no-config -c \"source c.fish; complete -C'" + one.line + "'\"");
    EXPECT_EQ(offers(outcome.out), one.offers) << one.line << outcome.err;
  }
}

TEST_F(Pages, OfZshAreAcceptedAndComplete) {
  if (!has("zsh")) GTEST_SKIP() << "zsh is not installed";
  EXPECT_THAT(run("completion zsh").out, StartsWith("#compdef energylens\n"));
  ASSERT_EQ(shell("mkdir f; \"$ENERGYLENS\" completion zsh >f/_energylens; zsh -n f/_energylens").code, 0);
  write("measured.csv", "");
  // A shell in a terminal: its own compadd reports what it is given, then "END" follows. ^U empties the line.
  write("init.zsh", R"(PROMPT=
fpath=($PWD/f $fpath)
autoload -U compinit; compinit -u -D
bindkey -e
bindkey '^I' complete-word
zstyle ':completion:*' insert-tab false
compadd() {
  local -a offers
  if [[ " $*" != *' -'[OAD]' '* ]]; then
    builtin compadd -A offers "$@"
    (( $#offers )) && print -rl -- 'OFFER '$^offers
  fi
  builtin compadd "$@"
}
comppostfuncs=(finished)
finished() { print END; comppostfuncs=(finished) }
print READY
)");
  write("ask.zsh", R"(zmodload zsh/zpty
wait_for() {
  local part
  repeat 1200; do
    if zpty -r -t shell part; then text+=$part; [[ $text == *$1* ]] && return; else sleep 0.05; fi
  done
}
zpty shell 'zsh -f -i'
zpty -w shell 'source ./init.zsh'
wait_for $'READY\r'
for line; do
  text=
  zpty -w -n shell $'\x15'$line$'\t'
  wait_for $'END\r'
  print -r -- "LINE $line"
  print -r -- $text | tr -d '\r' | sed -n 's/^.*OFFER //p'
done
zpty -d shell
)");
  std::string lines;
  for (const Completed& one : kCompleted) lines += " '" + one.line + '\'';
  const Outcome outcome = shell("zsh -f ask.zsh" + lines);
  for (const Completed& one : kCompleted) {
    const std::string head = "LINE " + one.line + '\n';
    const std::size_t at = outcome.out.find(head);
    ASSERT_NE(at, outcome.out.npos) << outcome.out << outcome.err;
    const std::size_t begin = at + head.size();
    EXPECT_EQ(offers(outcome.out.substr(begin, outcome.out.find("LINE ", begin) - begin)), one.offers)
        << one.line;
  }
}

TEST_F(Pages, OfAnUnknownShellAreRefused) {
  const Outcome unknown = run("completion csh");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_EQ(unknown.err, "energylens: error: unknown shell \"csh\"; available: bash, zsh, fish\n");
}

}  // namespace
}  // namespace energylens::cli
