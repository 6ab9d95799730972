#include "service/contract/file_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mom {
namespace {

using Lines = std::vector<std::string_view>;

// The places, counted from the file's first line as it is now.
std::vector<int> PlacesOf(FileDraft& draft, const Lines& wanted, Likeness likeness) {
  std::vector<int> places;
  for (const FileDraft::Line found : draft.Find(wanted, likeness)) {
    int place = 0;
    for (FileDraft::Line line = draft.first(); line != found; line = draft.next(line)) ++place;
    places.push_back(place);
  }
  return places;
}

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(FileDraft, FindsLinesInEachLikeness) {
  const FileText file("if a:\n    b()\n    c()\nb()\nc() \n");
  FileDraft draft(file);
  EXPECT_THAT(PlacesOf(draft, {"    b()", "    c()"}, Likeness::kEqual), ElementsAre(1));
  EXPECT_THAT(PlacesOf(draft, {"b()"}, Likeness::kEqual), ElementsAre(3));
  EXPECT_THAT(PlacesOf(draft, {"b()"}, Likeness::kEqualFromWithin), ElementsAre(1, 3));
  EXPECT_THAT(PlacesOf(draft, {"b()", "    c()"}, Likeness::kEqualFromWithin), ElementsAre(1));
  EXPECT_THAT(PlacesOf(draft, {"b()", "c()"}, Likeness::kShifted), ElementsAre(1));
  EXPECT_THAT(PlacesOf(draft, {"b()", "  c()"}, Likeness::kShifted), IsEmpty());
  EXPECT_THAT(PlacesOf(draft, {"b()", "c()"}, Likeness::kSameSteps), ElementsAre(1));
  EXPECT_THAT(PlacesOf(draft, {"a", "b()"}, Likeness::kSameSteps), IsEmpty());
  EXPECT_THAT(PlacesOf(draft, {"b()", "c()"}, Likeness::kEqualStrippedRight), ElementsAre(3));
  EXPECT_THAT(PlacesOf(draft, {"b()", "c()"}, Likeness::kEqualStripped), ElementsAre(1, 3));
  EXPECT_THAT(PlacesOf(draft, {"d()"}, Likeness::kEqualStripped), IsEmpty());
  EXPECT_THAT(PlacesOf(draft, {"c() ", ""}, Likeness::kEqual), IsEmpty());
}

TEST(FileDraft, FindsWhatItWroteInTheFilesOrder) {
  const FileText file("a\nb\na\n");
  FileDraft draft(file);
  draft.Replace(draft.next(draft.first()), 1, {"x", "a"});
  EXPECT_EQ(draft.Text(), "a\nx\na\na\n");
  EXPECT_THAT(PlacesOf(draft, {"a"}, Likeness::kEqual), ElementsAre(0, 2, 3));
  EXPECT_EQ(draft.Find({"a"}, Likeness::kEqual, 2),
            (std::vector<FileDraft::Line>{draft.first(), draft.next(draft.next(draft.first()))}));
  EXPECT_THAT(PlacesOf(draft, {"b"}, Likeness::kEqual), IsEmpty());
  EXPECT_THAT(PlacesOf(draft, {"x", "a"}, Likeness::kEqual), ElementsAre(1));
}

TEST(FileDraft, KeepsItsOrderThroughManyInsertionsAtOnePlace) {
  const FileText file("first\nlast\n");
  FileDraft draft(file);
  for (int i = 0; i < 200; ++i) draft.Replace(draft.next(draft.first()), 0, {"x", "y"});
  EXPECT_EQ(draft.size(), 402U);
  const std::vector<int> places = PlacesOf(draft, {"y", "x"}, Likeness::kEqual);
  EXPECT_EQ(places.size(), 199U);
  EXPECT_TRUE(std::is_sorted(places.begin(), places.end()));
}

TEST(FileDraft, ReplacesTextFromWithinALine) {
  const FileText file("a = b\nc\nd\n");
  for (const auto& [by, text] :
       std::vector<std::pair<Lines, std::string>>{{{"x", "y"}, "a = x\ny\nd\n"}, {{}, "a = d\n"}}) {
    FileDraft draft(file);
    draft.ReplaceText(draft.first(), {"b", "c"}, by);
    EXPECT_EQ(draft.Text(), text);
  }
}

TEST(FileDraft, AppendsToALastLineThatHasNoBreak) {
  const FileText open("a\nb");
  FileDraft draft(open);
  EXPECT_EQ(draft.Text(), "a\nb");
  draft.AppendText({"c", "d"});
  EXPECT_EQ(draft.Text(), "a\nbc\nd\n");
  const FileText closed("a\n");
  FileDraft other(closed);
  other.AppendText({"b"});
  EXPECT_EQ(other.Text(), "a\nb\n");
}

TEST(FileDraft, GivesUpOnSearchesThatTakeTooMuch) {
  std::string text;
  for (int i = 0; i < 40'000; ++i) text += "}\n";
  const FileText file(text);
  FileDraft draft(file);
  for (int i = 0; i < 200; ++i) draft.Find({"}", "{"}, Likeness::kEqual);
  EXPECT_FALSE(draft.too_costly()) << "a line that is not there costs nothing";
  for (int i = 0; i < 200; ++i) draft.Find({"} "}, Likeness::kEqual);
  EXPECT_TRUE(draft.too_costly());
  EXPECT_THAT(draft.Find({"}"}, Likeness::kEqual), IsEmpty());
}

}  // namespace
}  // namespace mom
