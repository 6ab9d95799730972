#include "tests/testing/emulator/gzip_writer.h"

#include <new>

namespace mom::testing {
namespace {

// As the gzip format has its numbers (RFC 1952).
std::string LittleEndian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift);
  return bytes;
}

}  // namespace

// The gzip format is made by hand, as zlib's own would not know of what is repeated.
GzipWriter::GzipWriter() : checksum_(crc32(0, nullptr, 0)) {
  constexpr int kRawDeflate = -MAX_WBITS;
  const int result =
      deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kRawDeflate, 8, Z_DEFAULT_STRATEGY);
  if (result != Z_OK) throw std::bad_alloc();
}

GzipWriter::~GzipWriter() { deflateEnd(&stream_); }

std::string GzipWriter::Head() { return std::string("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10); }

std::string GzipWriter::Write(std::string_view data, std::int64_t times) {
  const auto size = static_cast<z_off_t>(data.size());
  const uLong checksum = crc32(crc32(0, nullptr, 0), reinterpret_cast<const Bytef*>(data.data()),
                               static_cast<uInt>(size));
  for (std::int64_t i = 0; i < times; ++i) checksum_ = crc32_combine(checksum_, checksum, size);
  size_ += size * times;
  // A full flush ends on a whole byte and lets nothing refer to what was before: so it can be
  // repeated.
  return Deflate(data, Z_FULL_FLUSH);
}

std::string GzipWriter::End() {
  return Deflate("", Z_FINISH) + LittleEndian(static_cast<std::uint32_t>(checksum_)) +
         LittleEndian(static_cast<std::uint32_t>(size_));
}

std::string GzipWriter::Deflate(std::string_view data, int flush) {
  // zlib's interface is not const-correct; it only reads.
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream_.avail_in = static_cast<uInt>(data.size());
  std::string out;
  do {
    char chunk[16384];
    stream_.next_out = reinterpret_cast<Bytef*>(chunk);
    stream_.avail_out = sizeof(chunk);
    deflate(&stream_, flush);
    out.append(chunk, sizeof(chunk) - stream_.avail_out);
  } while (stream_.avail_out == 0);
  return out;
}

}  // namespace mom::testing
