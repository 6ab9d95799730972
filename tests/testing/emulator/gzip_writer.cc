#include "tests/testing/emulator/gzip_writer.h"

#include <new>

namespace mom::testing {

GzipWriter::GzipWriter() {
  constexpr int kGzipFormat = 16;
  const int result = deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
                                  MAX_WBITS + kGzipFormat, 8, Z_DEFAULT_STRATEGY);
  if (result != Z_OK) throw std::bad_alloc();
}

GzipWriter::~GzipWriter() { deflateEnd(&stream_); }

std::string GzipWriter::Write(std::string_view data, bool last) {
  // zlib's interface is not const-correct; it only reads.
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream_.avail_in = static_cast<uInt>(data.size());
  std::string out;
  do {
    char chunk[16384];
    stream_.next_out = reinterpret_cast<Bytef*>(chunk);
    stream_.avail_out = sizeof(chunk);
    deflate(&stream_, last ? Z_FINISH : Z_SYNC_FLUSH);
    out.append(chunk, sizeof(chunk) - stream_.avail_out);
  } while (stream_.avail_out == 0);
  return out;
}

}  // namespace mom::testing
