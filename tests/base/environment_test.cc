#include "service/base/environment.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <utility>

namespace mom {
namespace {

EnvLookup Fake(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
  };
}

TEST(EnvironmentTest, PutsVariablesIn) {
  const EnvLookup env = Fake({{"A", "one"}, {"EMPTY", ""}, {"NESTED", "${A}$$"}});
  EXPECT_EQ(Substitute("x${A}y${A}", env).text,
            "xoney"
            "one");
  EXPECT_EQ(Substitute("${A:-two}", env).text, "one");
  EXPECT_EQ(Substitute("${B:-two}", env).text, "two");
  EXPECT_EQ(Substitute("${B:-http://h:1/v1}", env).text, "http://h:1/v1");
  EXPECT_EQ(Substitute("${B:-}", env).text, "");
  EXPECT_EQ(Substitute("${EMPTY}", env).text, "");
  EXPECT_EQ(Substitute("${EMPTY:-two}", env).text, "two");
  EXPECT_EQ(Substitute("${NESTED}", env).text, "${A}$$");  // once only
}

TEST(EnvironmentTest, KeepsPlainDollars) {
  const EnvLookup env = Fake({{"A", "one"}});
  EXPECT_EQ(Substitute("$A $ 5$", env).text, "$A $ 5$");
  EXPECT_EQ(Substitute("$${A}", env).text, "${A}");
  EXPECT_EQ(Substitute("$$$${A}$", env).text, "$${A}$");
  EXPECT_EQ(Substitute("$$${A}", env).text, "$one");
}

TEST(EnvironmentTest, KnowsAVariableWithoutBraces) {
  EXPECT_EQ(BareVariable("$OPENAI_API_KEY"), "OPENAI_API_KEY");
  EXPECT_EQ(BareVariable("$K2"), "K2");
  for (const char* other :
       {"", "$", "KEY", "${KEY}", "$$KEY", "$KEY ", "x$KEY", "$2KEY", "$Pa55"}) {
    EXPECT_EQ(BareVariable(other), "") << other;
  }
}

TEST(EnvironmentTest, NamesWhatIsUnset) {
  const Substitution result = Substitute("${B}-${C}-${B:-x}", Fake({}));
  EXPECT_EQ(result.unset, (std::vector<std::string>{"B", "C"}));
  EXPECT_EQ(result.mistake, "");
}

TEST(EnvironmentTest, SaysWhatIsWrong) {
  const EnvLookup env = Fake({{"BYTES", "\xFF"}});
  for (const char* text :
       {"${", "a ${A", "${}", "${A B}", "${1A}", "${A-x}", "${:-x}", "${A:?x}"}) {
    EXPECT_NE(Substitute(text, env).mistake, "") << text;
  }
  EXPECT_NE(Substitute("${BYTES}", env).mistake.find("BYTES"), std::string::npos);
}

TEST(EnvironmentTest, ReadsTheProcess) {
  ASSERT_EQ(setenv("MOM_TEST_VARIABLE", "x", 1), 0);
  EXPECT_EQ(ProcessEnv()("MOM_TEST_VARIABLE"), "x");
  ASSERT_EQ(unsetenv("MOM_TEST_VARIABLE"), 0);
  EXPECT_EQ(ProcessEnv()("MOM_TEST_VARIABLE"), std::nullopt);
}

}  // namespace
}  // namespace mom
