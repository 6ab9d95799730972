// Compresses a body as it is written.
#ifndef MOM_TESTS_TESTING_EMULATOR_GZIP_WRITER_H_
#define MOM_TESTS_TESTING_EMULATOR_GZIP_WRITER_H_

#include <zlib.h>

#include <string>
#include <string_view>

namespace mom::testing {

class GzipWriter {
 public:
  GzipWriter();
  ~GzipWriter();
  GzipWriter(const GzipWriter&) = delete;
  GzipWriter& operator=(const GzipWriter&) = delete;

  // The compressed form of `data`, flushed: a reader gets all of it. `last` ends the stream.
  std::string Write(std::string_view data, bool last);

 private:
  z_stream stream_ = {};
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_GZIP_WRITER_H_
