// A key that cannot be printed by mistake.
#ifndef MOM_BASE_SECRET_H_
#define MOM_BASE_SECRET_H_

#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace mom {

// Holds a provider's key. It has no stream or format operator; its bytes are wiped when it goes.
// Only the code that puts it on the wire calls Reveal().
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      Wipe();
      value_ = other.value_;
    }
    return *this;
  }
  Secret(Secret&& other) noexcept : value_(other.value_) { other.Wipe(); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      Wipe();
      value_ = other.value_;
      other.Wipe();
    }
    return *this;
  }
  ~Secret() { Wipe(); }

  bool empty() const { return value_.empty(); }
  // The bytes. Valid as long as this object lives unchanged.
  std::string_view Reveal() const { return value_; }
  // What may be shown: whether there is one.
  const char* Masked() const { return empty() ? "" : "********"; }
  // Between keys of our own, so how long it takes tells nobody anything.
  bool operator==(const Secret& other) const { return value_ == other.value_; }

 private:
  void Wipe() {
    // Through a volatile pointer, so that the compiler cannot leave it out.
    volatile char* p = value_.data();
    for (std::size_t i = 0; i < value_.size(); ++i) p[i] = 0;
    value_.clear();
  }
  std::string value_;
};

std::ostream& operator<<(std::ostream&, const Secret&) = delete;

}  // namespace mom

#endif  // MOM_BASE_SECRET_H_
