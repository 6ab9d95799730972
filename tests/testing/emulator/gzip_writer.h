// Compresses a body as it is written.
#ifndef MOM_TESTS_TESTING_EMULATOR_GZIP_WRITER_H_
#define MOM_TESTS_TESTING_EMULATOR_GZIP_WRITER_H_

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace mom::testing {

class GzipWriter {
 public:
  GzipWriter();
  ~GzipWriter();
  GzipWriter(const GzipWriter&) = delete;
  GzipWriter& operator=(const GzipWriter&) = delete;

  // What starts the stream; to be written first.
  static std::string Head();
  // The compressed form of `data`, of which a reader gets all. Written `times` times, it unpacks to
  // `data` so many times.
  std::string Write(std::string_view data, std::int64_t times = 1);
  // What ends the stream.
  std::string End();

 private:
  std::string Deflate(std::string_view data, int flush);

  z_stream stream_ = {};
  uLong checksum_;
  std::int64_t size_ = 0;  // of what was compressed
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_GZIP_WRITER_H_
