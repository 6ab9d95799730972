// Thoughts that a server leaves in the answer's text.
#ifndef MOM_MODEL_THINK_BLOCK_H_
#define MOM_MODEL_THINK_BLOCK_H_

#include <string>
#include <string_view>

namespace mom {

// Models that think write `<think>...</think>` before their answer, and servers without a parser
// for it pass that on as text. Such a block at the very beginning is moved to the reasoning, with
// the white space around it; everything else is text as it came. Where nothing closes the block,
// all of it is thought. Pure; one object an answer.
class ThinkBlock {
 public:
  // Appends what is known of the next piece to the one or the other; the rest waits.
  void Add(std::string_view piece, std::string& text, std::string& reasoning);

  // The answer is over: appends what waited.
  void End(std::string& text, std::string& reasoning);

 private:
  enum class Place { kStart, kInside, kBehind, kText };

  Place place_ = Place::kStart;
  std::string waiting_;
};

}  // namespace mom

#endif  // MOM_MODEL_THINK_BLOCK_H_
