// What the sanitizers mean for a test.
#ifndef MOM_TESTS_TESTING_SANITIZERS_H_
#define MOM_TESTS_TESTING_SANITIZERS_H_

namespace mom::testing {

// A size that is only to be large: sanitizers make work take several times as long, and find what
// they look for in a fifth of it as well.
constexpr int Large(int size) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return size / 5;
#else
  return size;
#endif
}

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_SANITIZERS_H_
