// Writes JSON. The only way JSON text is made in MoM.
#ifndef MOM_BASE_JSON_WRITER_H_
#define MOM_BASE_JSON_WRITER_H_

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace mom {

// A compact writer. Calls must come in the order of the document; keys only inside objects.
// Strings must be valid UTF-8 (see utf8.h). Not thread-safe.
class JsonWriter {
 public:
  JsonWriter() : writer_(buffer_) {}
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  JsonWriter& BeginObject() { return writer_.StartObject(), *this; }
  JsonWriter& EndObject() { return writer_.EndObject(), *this; }
  JsonWriter& BeginArray() { return writer_.StartArray(), *this; }
  JsonWriter& EndArray() { return writer_.EndArray(), *this; }
  JsonWriter& Key(std::string_view key) {
    writer_.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
    return *this;
  }
  JsonWriter& String(std::string_view value) {
    // RapidJSON takes no null pointer, not even for nothing.
    writer_.String(value.empty() ? "" : value.data(),
                   static_cast<rapidjson::SizeType>(value.size()));
    return *this;
  }
  JsonWriter& Int(std::int64_t value) { return writer_.Int64(value), *this; }
  // NaN and infinities, which JSON cannot say, become null.
  JsonWriter& Double(double value) {
    if (!writer_.Double(value)) writer_.Null();
    return *this;
  }
  JsonWriter& Bool(bool value) { return writer_.Bool(value), *this; }
  JsonWriter& Null() { return writer_.Null(), *this; }
  // Puts in a whole JSON value as it is; the caller vouches that it is one.
  JsonWriter& Raw(std::string_view json) {
    writer_.RawValue(json.data(), json.size(), rapidjson::kObjectType);
    return *this;
  }

  JsonWriter& Field(std::string_view key, std::string_view value) { return Key(key).String(value); }
  JsonWriter& Field(std::string_view key, const std::string& value) {
    return Key(key).String(value);
  }
  JsonWriter& Field(std::string_view key, const char* value) { return Key(key).String(value); }
  JsonWriter& Field(std::string_view key, std::same_as<bool> auto value) {
    return Key(key).Bool(value);
  }
  JsonWriter& Field(std::string_view key, std::floating_point auto value) {
    return Key(key).Double(value);
  }
  template <std::integral I>
    requires(!std::same_as<I, bool>)
  JsonWriter& Field(std::string_view key, I value) {
    return Key(key).Int(static_cast<std::int64_t>(value));
  }

  // What was written so far; valid until the next call.
  std::string_view text() const { return {buffer_.GetString(), buffer_.GetSize()}; }
  std::string TakeString() { return std::string(text()); }

 private:
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_;
};

}  // namespace mom

#endif  // MOM_BASE_JSON_WRITER_H_
