// Whether an answer keeps the form that its client needs.
#ifndef MOM_CONTRACT_VERDICT_H_
#define MOM_CONTRACT_VERDICT_H_

#include <string>
#include <utility>
#include <vector>

namespace mom {

struct Verdict {
  bool usable = true;
  // From 0 to 1; to compare answers to the same request, usable or not.
  double score = 1;
  // What lowered the score most, in one line; empty where nothing did.
  std::string why;
  // What of the demanded form no check looks at, whatever the answer is: "`format`" of a schema.
  std::vector<std::string> unchecked;
  // Of an edit format: it has words alone, as a question or an explanation.
  bool edits_nothing = false;

  // Lowers the score to at most that; the lowest one's reason stays, of equal ones the first.
  void Lower(double to, std::string reason) {
    if (to >= score) return;
    score = to;
    why = std::move(reason);
  }
  // The same, and the client could not use the answer.
  void Break(double to, std::string reason) {
    if (!usable && to >= score) return;
    if (usable) score = 1;  // what makes it unusable is told rather than what is not so good
    usable = false;
    Lower(to, std::move(reason));
  }
};

// Of the verdicts on all answers to a request, some of which edit: where most edit, and none of
// those can be used, answers of words alone cannot be either, and are the last choice: the client
// is to edit, and a broken edit is what can be mended. Pure.
void PutWordsLast(const std::vector<Verdict*>& verdicts);

}  // namespace mom

#endif  // MOM_CONTRACT_VERDICT_H_
