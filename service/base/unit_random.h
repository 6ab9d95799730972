// Chance, for jitter.
#ifndef MOM_BASE_UNIT_RANDOM_H_
#define MOM_BASE_UNIT_RANDOM_H_

#include <random>

namespace mom {

// Uniform in [0, 1). Not for secrets. Thread-safe.
inline double UnitRandom() {
  thread_local std::minstd_rand generator(std::random_device{}());
  return std::uniform_real_distribution<double>()(generator);
}

}  // namespace mom

#endif  // MOM_BASE_UNIT_RANDOM_H_
