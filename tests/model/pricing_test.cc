#include "service/model/pricing.h"

#include <gtest/gtest.h>

#include <limits>

namespace mom {
namespace {

Usage Tokens(std::int64_t prompt, std::int64_t completion,
             std::optional<std::int64_t> cached = std::nullopt) {
  Usage usage;
  usage.prompt_tokens = prompt;
  usage.completion_tokens = completion;
  usage.cached_tokens = cached;
  return usage;
}

TEST(Pricing, ChargesInputAndOutput) {
  EXPECT_EQ(CostNanosUsd(Tokens(1'000'000, 0), Price{0.25, std::nullopt, 2}), 250'000'000);
  EXPECT_EQ(CostNanosUsd(Tokens(1, 1), Price{0.25, std::nullopt, 2}), 250 + 2000);
  EXPECT_EQ(CostNanosUsd(Tokens(0, 0), Price{1, std::nullopt, 1}), 0);
}

TEST(Pricing, CachedTokensHaveTheirOwnPriceWhereThereIsOne) {
  EXPECT_EQ(CostNanosUsd(Tokens(10, 0, 4), Price{1, 0.1, 2}), 6 * 1000 + 4 * 100);
  EXPECT_EQ(CostNanosUsd(Tokens(10, 0, 4), Price{1, std::nullopt, 2}), 10 * 1000);
  // More cached than sent cannot be.
  EXPECT_EQ(CostNanosUsd(Tokens(10, 0, 99), Price{1, 0.1, 2}), 10 * 100);
}

TEST(Pricing, RoundsHalfUp) {
  // 0.0001 USD per million tokens is a tenth of a nano-USD a token: no binary fraction.
  const Price price{0.0001, std::nullopt, 0};
  EXPECT_EQ(CostNanosUsd(Tokens(4, 0), price), 0);
  EXPECT_EQ(CostNanosUsd(Tokens(5, 0), price), 1);
  EXPECT_EQ(CostNanosUsd(Tokens(14, 0), price), 1);
  EXPECT_EQ(CostNanosUsd(Tokens(15, 0), price), 2);
}

TEST(Pricing, SaturatesAndNeverPaysBack) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(CostNanosUsd(Tokens(kMost, kMost, kMost), Price{1e12, 1e12, 1e12}), kMost / 1000);
  EXPECT_EQ(CostNanosUsd(Tokens(-5, -5, -5), Price{1, 1, 1}), 0);
  EXPECT_EQ(CostNanosUsd(Tokens(5, 5), Price{-1, -1, -1}), 0);
}

TEST(Pricing, ASumWithAPartOfUnknownCostHasNone) {
  Usage known;
  known.prompt_tokens = 3;
  known.cost_nanos_usd = 7;
  Usage unknown;
  unknown.completion_tokens = 1;
  Usage sum;
  sum += known;
  sum += Usage();  // nothing was used
  EXPECT_EQ(sum.cost_nanos_usd, 7);
  sum += unknown;
  EXPECT_EQ(sum.cost_nanos_usd, std::nullopt);
  sum += known;
  EXPECT_EQ(sum.cost_nanos_usd, std::nullopt);
}

}  // namespace
}  // namespace mom
