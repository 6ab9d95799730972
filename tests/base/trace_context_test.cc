#include "service/base/trace_context.h"

#include <gtest/gtest.h>

#include <set>

namespace mom {
namespace {

constexpr char kTrace[] = "0af7651916cd43dd8448eb211c80319c";

TEST(TraceContextTest, ReadsWhatTheSpecificationAllows) {
  const std::string ids = std::string(kTrace) + "-b7ad6b7169203331-";
  for (const auto& [value, sampled] : {std::pair{"00-" + ids + "01", true},
                                       {"00-" + ids + "00", false},
                                       {"00-" + ids + "fe", false},
                                       {"00-" + ids + "03", true},
                                       {"cc-" + ids + "01", true},
                                       {"cc-" + ids + "01-what-comes-later", true}}) {
    const auto context = ParseTraceparent(value);
    ASSERT_TRUE(context.has_value()) << value;
    EXPECT_EQ(context->trace_id, kTrace);
    EXPECT_EQ(context->sampled, sampled) << value;
  }
}

TEST(TraceContextTest, DropsEverythingElse) {
  const std::string good = "00-" + std::string(kTrace) + "-b7ad6b7169203331-01";
  EXPECT_TRUE(ParseTraceparent(good).has_value());
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(ParseTraceparent(good.substr(0, size)).has_value()) << size;
  }
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (char wrong : {'G', 'A', ' ', '_', '\xe9'}) {
      std::string text = good;
      text[at] = wrong;
      EXPECT_FALSE(ParseTraceparent(text).has_value()) << text;
    }
  }
  const std::string ids = std::string(kTrace) + "-b7ad6b7169203331-01";
  const std::string zeros(32, '0');
  for (const std::string& text : {"ff-" + ids, good + "-more", good + " ", "cc-" + ids + "more",
                                  "00-" + zeros + "-b7ad6b7169203331-01",
                                  "00-" + std::string(kTrace) + "-" + zeros.substr(16) + "-01"}) {
    EXPECT_FALSE(ParseTraceparent(text).has_value()) << text;
  }
}

TEST(TraceContextTest, EachCallIsASpanOfItsOwn) {
  const TraceContext context{kTrace, true};
  std::set<std::string> made;
  for (int i = 0; i < 100; ++i) made.insert(NewTraceparent(context));
  EXPECT_EQ(made.size(), 100u);
  for (const std::string& value : made) {
    const auto read = ParseTraceparent(value);
    ASSERT_TRUE(read.has_value()) << value;
    EXPECT_EQ(read->trace_id, kTrace);
    EXPECT_TRUE(read->sampled);
  }
  EXPECT_TRUE(NewTraceparent({kTrace, false}).ends_with("-00"));
}

}  // namespace
}  // namespace mom
