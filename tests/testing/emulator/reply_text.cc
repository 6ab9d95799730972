#include "tests/testing/emulator/reply_text.h"

#include "service/base/json_writer.h"

namespace mom::testing {
namespace {

constexpr std::string_view kCanned = "The emulator has no script for this call.";

bool IsBlank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool StartsCodePoint(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::vector<std::string> TextTokens(const ScriptedCall& call) {
  if (!call.tokens.empty()) return call.tokens;
  if (call.text) return CutIntoTokens(*call.text, call.chunk_chars);
  const bool says_nothing = call.reasoning.empty() && call.tool_calls.empty() && call.error.empty();
  return says_nothing ? CutIntoTokens(kCanned, call.chunk_chars) : std::vector<std::string>();
}

std::string TextDelta(std::string_view field, std::string_view token) {
  JsonWriter writer;
  writer.BeginObject().Field(field, token).EndObject();
  return writer.TakeString();
}

// The first delta of a call names it (`tool` is given), the others carry arguments only.
std::string ToolDelta(std::size_t index, const ScriptedTool* tool, std::string_view arguments) {
  JsonWriter writer;
  writer.BeginObject().Key("tool_calls").BeginArray().BeginObject().Field("index", index);
  if (tool != nullptr) writer.Field("id", tool->id).Field("type", "function");
  writer.Key("function").BeginObject();
  if (tool != nullptr) writer.Field("name", tool->name);
  writer.Field("arguments", arguments).EndObject();
  writer.EndObject().EndArray().EndObject();
  return writer.TakeString();
}

}  // namespace

std::vector<std::string> CutIntoTokens(std::string_view text, int chars) {
  std::vector<std::string> tokens;
  int points = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool cut = chars > 0 ? StartsCodePoint(text[i]) && points++ % chars == 0
                               : IsBlank(text[i]) && (i == 0 || !IsBlank(text[i - 1]));
    if (cut || tokens.empty()) tokens.emplace_back();
    tokens.back() += text[i];
  }
  return tokens;
}

std::vector<std::string> DeltasOf(const ScriptedCall& call) {
  std::vector<std::string> deltas;
  for (const std::string& token : CutIntoTokens(call.reasoning, call.chunk_chars)) {
    deltas.push_back(TextDelta(call.reasoning_field, token));
  }
  for (const std::string& token : TextTokens(call)) deltas.push_back(TextDelta("content", token));
  for (std::size_t i = 0; i < call.tool_calls.size(); ++i) {
    const ScriptedTool& tool = call.tool_calls[i];
    deltas.push_back(ToolDelta(i, &tool, ""));
    for (const std::string& token : CutIntoTokens(tool.arguments, call.chunk_chars)) {
      deltas.push_back(ToolDelta(i, nullptr, token));
    }
  }
  return deltas;
}

std::string AssistantMessage(const ScriptedCall& call) {
  std::string text;
  for (const std::string& token : TextTokens(call)) text += token;
  JsonWriter writer;
  writer.BeginObject().Field("role", "assistant").Key("content");
  if (text.empty() && !call.tool_calls.empty()) {
    writer.Null();
  } else {
    writer.String(text);
  }
  writer.Key("refusal").Null();
  if (!call.reasoning.empty()) writer.Field(call.reasoning_field, call.reasoning);
  if (!call.tool_calls.empty()) {
    writer.Key("tool_calls").BeginArray();
    for (const ScriptedTool& tool : call.tool_calls) {
      writer.BeginObject().Field("id", tool.id).Field("type", "function");
      writer.Key("function").BeginObject();
      writer.Field("name", tool.name).Field("arguments", tool.arguments).EndObject();
      writer.EndObject();
    }
    writer.EndArray();
  }
  writer.EndObject();
  return writer.TakeString();
}

}  // namespace mom::testing
