#include "clients/cli/table.h"

#include <gtest/gtest.h>

namespace mom::cli {
namespace {

TEST(TableTest, ColumnsAreAsWideAsTheirWidestCell) {
  EXPECT_EQ(FormatTable({{"NAME", "N", "WHAT"}, {"a", "100", "x y"}, {"longer", "-", ""}}),
            "NAME    N    WHAT\n"
            "a       100  x y\n"
            "longer  -\n");
}

TEST(TableTest, NoRowsAreNoText) { EXPECT_EQ(FormatTable({}), ""); }

}  // namespace
}  // namespace mom::cli
