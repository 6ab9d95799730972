// Every file of tests/golden/openai is decoded under every way of cutting it in two, and byte by
// byte. A .golden file has one line a delta and the way it ended.
#include "service/model/openai_decoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "service/base/json_writer.h"
#include "service/base/reasons.h"
#include "tests/testing/source_path.h"

namespace mom {
namespace {

namespace fs = std::filesystem;

std::string Quoted(const std::string& text) { return JsonWriter().String(text).TakeString(); }

std::string Show(const ChatDelta& delta) {
  std::string out;
  const auto add = [&](const std::string& text) { out += (out.empty() ? "" : " | ") + text; };
  if (!delta.text.empty()) add("text " + Quoted(delta.text));
  if (!delta.reasoning.empty()) add("reasoning " + Quoted(delta.reasoning));
  if (!delta.refusal.empty()) add("refusal " + Quoted(delta.refusal));
  for (const ToolCallDelta& call : delta.tool_calls) {
    add("call " + std::to_string(call.index) + " " + Quoted(call.id) + " " + Quoted(call.name) +
        " " + Quoted(call.arguments_json) +
        (call.extra_content_json.empty() ? "" : " extra " + call.extra_content_json));
  }
  if (delta.finish_reason) add("finish " + std::string(NameOf(*delta.finish_reason)));
  if (const auto& usage = delta.usage) {
    add("usage " + std::to_string(usage->prompt_tokens) + " " +
        std::to_string(usage->completion_tokens));
    if (usage->cached_tokens) add("cached " + std::to_string(*usage->cached_tokens));
    if (usage->reasoning_tokens) add("reasoned " + std::to_string(*usage->reasoning_tokens));
  }
  if (!delta.upstream_id.empty()) add("id " + Quoted(delta.upstream_id));
  if (!delta.upstream_model.empty()) add("model " + Quoted(delta.upstream_model));
  return out + "\n";
}

// Decodes a stream that comes in these pieces, as HttpModelClient does.
std::string Decode(const std::vector<std::string_view>& pieces) {
  OpenAiDecoder decoder;
  SseParser parser;
  std::string out;
  const auto drain = [&] {
    while (!decoder.Done()) {
      const auto event = parser.Next();
      if (!event) return true;
      const auto delta = decoder.Decode(*event);
      if (!delta.ok()) {
        out += "error " + GetErrorInfo(delta.status()).reason + "\n";
        return false;
      }
      if (delta->has_value()) out += Show(**delta);
    }
    out += "done\n";
    return false;
  };
  for (const std::string_view piece : pieces) {
    EXPECT_TRUE(parser.Feed(piece).ok());
    if (!drain()) return out;
  }
  parser.Finish();
  if (!drain()) return out;
  return out + (decoder.CompleteAtEnd() ? "complete at its end\n" : "incomplete\n");
}

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::vector<std::string> GoldenNames() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(testing::SourcePath("tests/golden/openai"))) {
    if (entry.path().extension() == ".sse") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class OpenAiGolden : public ::testing::TestWithParam<std::string> {};

TEST_P(OpenAiGolden, DecodesTheSameHoweverItIsCut) {
  const std::string path = testing::SourcePath("tests/golden/openai/" + GetParam());
  const std::string bytes = ReadFile(path + ".sse");
  const std::string expected = ReadFile(path + ".golden");
  const std::string_view all = bytes;
  ASSERT_FALSE(expected.empty());
  ASSERT_EQ(Decode({all}), expected);
  for (std::size_t at = 0; at <= all.size(); ++at) {
    ASSERT_EQ(Decode({all.substr(0, at), all.substr(at)}), expected) << "cut at " << at;
  }
  std::vector<std::string_view> single;
  for (std::size_t at = 0; at < all.size(); ++at) single.push_back(all.substr(at, 1));
  EXPECT_EQ(Decode(single), expected);
}

INSTANTIATE_TEST_SUITE_P(Files, OpenAiGolden, ::testing::ValuesIn(GoldenNames()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace mom
