#include "service/base/secret.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <utility>

namespace mom {
namespace {

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };
static_assert(Printable<std::string>);
static_assert(!Printable<Secret>);

TEST(SecretTest, ShowsOnlyThatThereIsOne) {
  const Secret secret("sk-very-secret");
  EXPECT_EQ(secret.Reveal(), "sk-very-secret");
  EXPECT_EQ(std::string(secret.Masked()).find("sk"), std::string::npos);
  EXPECT_FALSE(std::string(secret.Masked()).empty());
  EXPECT_STREQ(Secret().Masked(), "");
  // Its length would be a hint, too.
  EXPECT_STREQ(Secret("a").Masked(), secret.Masked());
}

TEST(SecretTest, MovingLeavesNothingBehind) {
  Secret from("a-secret-longer-than-any-small-string-buffer");
  Secret to(std::move(from));
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): what is tested
  EXPECT_EQ(to.Reveal(), "a-secret-longer-than-any-small-string-buffer");
  Secret other("x");
  other = std::move(to);
  EXPECT_TRUE(to.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(other.Reveal(), "a-secret-longer-than-any-small-string-buffer");
}

TEST(SecretTest, CopiesAreIndependent) {
  Secret a("one");
  Secret b = a;
  a = Secret("two");
  EXPECT_EQ(a.Reveal(), "two");
  EXPECT_EQ(b.Reveal(), "one");
  const Secret& same = b;
  b = same;
  EXPECT_EQ(b.Reveal(), "one");
}

}  // namespace
}  // namespace mom
