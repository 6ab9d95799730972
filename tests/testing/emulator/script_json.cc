// The JSON form of a script.
#include <simdjson.h>

#include <fstream>
#include <iterator>
#include <limits>

#include "tests/testing/emulator/script.h"
#include "tests/testing/emulator/script_node.h"

namespace mom::testing {
namespace {

constexpr std::int64_t kMaxMilliseconds = 24 * 60 * 60 * 1000;
constexpr std::int64_t kMaxCount = std::numeric_limits<std::int32_t>::max();

Milliseconds ReadMilliseconds(const ScriptNode& node) {
  return Milliseconds(node.Int(0, kMaxMilliseconds));
}

std::int64_t ReadCount(const ScriptNode& node) { return node.Int(0, kMaxCount); }

std::string ReadError(const ScriptNode& node) {
  node.ForEachField([](std::string_view key, const ScriptNode& value) {
    if (key == "error")
      value.Fail("the reply puts {\"error\": ...} around it; write what is inside");
  });
  return node.ObjectJson();
}

ScriptedTool ReadTool(const ScriptNode& node) {
  ScriptedTool tool;
  node.Object({
      {"id", [&](const ScriptNode& n) { tool.id = n.String(); }},
      {"name", [&](const ScriptNode& n) { tool.name = n.String(); }},
      {"arguments",
       [&](const ScriptNode& n) { tool.arguments = n.IsString() ? n.String() : n.ObjectJson(); }},
  });
  return tool;
}

ScriptedUsage ReadUsage(const ScriptNode& node) {
  ScriptedUsage usage;
  if (node.IsString()) {
    usage.none = node.OneOf<bool>({{"none", true}});
    return usage;
  }
  node.Object({
      {"prompt", [&](const ScriptNode& n) { usage.prompt = ReadCount(n); }},
      {"completion", [&](const ScriptNode& n) { usage.completion = ReadCount(n); }},
      {"cached", [&](const ScriptNode& n) { usage.cached = ReadCount(n); }},
      {"reasoning", [&](const ScriptNode& n) { usage.reasoning = ReadCount(n); }},
  });
  return usage;
}

ScriptedFault ReadFault(const ScriptNode& node) {
  using Kind = ScriptedFault::Kind;
  ScriptedFault fault;
  node.Object({
      {"kind",
       [&](const ScriptNode& n) {
         fault.kind = n.OneOf<Kind>({{"reset", Kind::kReset},
                                     {"close", Kind::kClose},
                                     {"stall", Kind::kStall},
                                     {"half_close", Kind::kHalfClose},
                                     {"refuse", Kind::kRefuse},
                                     {"goaway", Kind::kGoAway}});
       }},
      {"after_tokens", [&](const ScriptNode& n) { fault.after_tokens = ReadCount(n); }},
      {"after_bytes", [&](const ScriptNode& n) { fault.after_bytes = ReadCount(n); }},
  });
  if (fault.kind == Kind::kNone)
    node.Fail("\"kind\" is missing: reset, close, stall, half_close, refuse or goaway");
  if (fault.after_tokens && fault.after_bytes) {
    node.Fail("write after_tokens or after_bytes, not both");
  }
  return fault;
}

ScriptedGate ReadGate(const ScriptNode& node) {
  ScriptedGate gate;
  node.Object({
      {"name", [&](const ScriptNode& n) { gate.name = n.String(); }},
      {"token", [&](const ScriptNode& n) { gate.token = ReadCount(n); }},
  });
  if (gate.name.empty()) node.Fail("\"name\" is missing: the gate is opened under it");
  return gate;
}

// A string, or a list of strings and of what is repeated.
LongText ReadLongText(const ScriptNode& node) {
  if (node.IsString()) return node.String();
  LongText all;
  node.ForEachItem([&](const ScriptNode& item) {
    if (item.IsString()) {
      all.Add(item.String());
      return;
    }
    std::string text;
    std::int64_t times = 0;
    item.Object({
        {"repeat", [&](const ScriptNode& n) { text = n.String(); }},
        {"times", [&](const ScriptNode& n) { times = ReadCount(n); }},
    });
    if (text.empty() || times == 0) item.Fail("write a text to \"repeat\" and how many \"times\"");
    all.Add(text, times);
  });
  return all;
}

RawStep ReadRawStep(const ScriptNode& node) {
  RawStep step;
  node.Object({
      {"send", [&](const ScriptNode& n) { step.send = ReadLongText(n); }},
      {"send_hex", [&](const ScriptNode& n) { step.send = n.Hex(); }},
      {"delay_ms", [&](const ScriptNode& n) { step.delay = ReadMilliseconds(n); }},
  });
  return step;
}

// The keys of a call are in three groups, as in docs/emulator.md.
void AddWhatIsSaid(ScriptedCall& call, ScriptNode::Fields& fields) {
  fields["model"] = [&](const ScriptNode& n) { call.model = n.String(); };
  fields["text"] = [&](const ScriptNode& n) { call.text = n.String(); };
  fields["tokens"] = [&](const ScriptNode& n) {
    n.ForEachItem([&](const ScriptNode& item) { call.tokens.push_back(item.String()); });
  };
  fields["chunk_chars"] = [&](const ScriptNode& n) {
    call.chunk_chars = static_cast<int>(ReadCount(n));
  };
  fields["reasoning"] = [&](const ScriptNode& n) { call.reasoning = n.String(); };
  fields["reasoning_field"] = [&](const ScriptNode& n) { call.reasoning_field = n.String(); };
  fields["tool_calls"] = [&](const ScriptNode& n) {
    n.ForEachItem([&](const ScriptNode& item) { call.tool_calls.push_back(ReadTool(item)); });
  };
  fields["finish_reason"] = [&](const ScriptNode& n) {
    call.finish_reason = n.IsNull() ? std::string() : n.String();
  };
  fields["usage"] = [&](const ScriptNode& n) { call.usage = ReadUsage(n); };
  fields["done"] = [&](const ScriptNode& n) { call.done = n.Bool(); };
  fields["error"] = [&](const ScriptNode& n) { call.error = ReadError(n); };
  fields["error_after_tokens"] = [&](const ScriptNode& n) {
    call.error_after_tokens = ReadCount(n);
  };
}

void AddWhen(ScriptedCall& call, ScriptNode::Fields& fields) {
  fields["match"] = [&](const ScriptNode& n) { call.match = n.String(); };
  fields["match_body"] = [&](const ScriptNode& n) { call.match_body = n.String(); };
  fields["delay_ms"] = [&](const ScriptNode& n) { call.delay = ReadMilliseconds(n); };
  fields["first_token_delay_ms"] = [&](const ScriptNode& n) {
    call.first_token_delay = ReadMilliseconds(n);
  };
  fields["pace_ms"] = [&](const ScriptNode& n) { call.pace = ReadMilliseconds(n); };
  fields["gates"] = [&](const ScriptNode& n) {
    n.ForEachItem([&](const ScriptNode& item) { call.gates.push_back(ReadGate(item)); });
  };
  fields["drip"] = [&](const ScriptNode& n) {
    n.Object({
        {"every_ms",
         [&](const ScriptNode& every) {
           call.drip_every = Milliseconds(every.Int(1, kMaxMilliseconds));
         }},
        {"send", [&](const ScriptNode& text) { call.drip = text.String(); }},
    });
    if (call.drip_every.count() == 0) n.Fail("\"every_ms\" is missing: the distance in time");
  };
}

void AddTheWire(ScriptedCall& call, ScriptNode::Fields& fields) {
  fields["status"] = [&](const ScriptNode& n) { call.status = static_cast<int>(n.Int(200, 599)); };
  fields["headers"] = [&](const ScriptNode& n) {
    n.ForEachField([&](std::string_view key, const ScriptNode& value) {
      call.headers.emplace_back(key, value.String());
    });
  };
  fields["body"] = [&](const ScriptNode& n) { call.body = ReadLongText(n); };
  fields["body_hex"] = [&](const ScriptNode& n) { call.body = n.Hex(); };
  fields["gzip"] = [&](const ScriptNode& n) { call.gzip = n.Bool(); };
  fields["split"] = [&](const ScriptNode& n) { call.split = static_cast<int>(ReadCount(n)); };
  fields["content_length"] = [&](const ScriptNode& n) { call.content_length = ReadCount(n); };
  fields["fault"] = [&](const ScriptNode& n) { call.fault = ReadFault(n); };
  fields["connection"] = [&](const ScriptNode& n) {
    call.connection = n.OneOf<AfterAnswer>({{"keep_alive", AfterAnswer::kKeepAlive},
                                            {"close", AfterAnswer::kClose},
                                            {"drop", AfterAnswer::kDrop}});
  };
  fields["raw"] = [&](const ScriptNode& n) {
    n.ForEachItem([&](const ScriptNode& item) { call.raw.push_back(ReadRawStep(item)); });
  };
}

ScriptedCall ReadCall(const ScriptNode& node) {
  ScriptedCall call;
  ScriptNode::Fields fields;
  AddWhatIsSaid(call, fields);
  AddWhen(call, fields);
  AddTheWire(call, fields);
  node.Object(fields);
  if (call.gzip && call.drip_every.count() > 0) node.Fail("write drip or gzip, not both");
  return call;
}

void ReadModels(const ScriptNode& node, Script& script) {
  node.ForEachField([&](std::string_view model, const ScriptNode& calls) {
    calls.ForEachItem(
        [&](const ScriptNode& call) { script.Add(std::string(model), ReadCall(call)); });
  });
}

}  // namespace

StatusOr<Script> ParseScript(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  const simdjson::error_code error = parser.parse(json.data(), json.size()).get(root);
  if (error != simdjson::SUCCESS) {
    return absl::InvalidArgumentError(std::string("$: not valid JSON (") +
                                      simdjson::error_message(error) +
                                      "); `python3 -m json.tool FILE` shows where");
  }
  Status status;
  Script script;
  ScriptNode(root, "$", &status)
      .Object({
          {"models", [&](const ScriptNode& models) { ReadModels(models, script); }},
      });
  if (!status.ok()) return status;
  return script;
}

StatusOr<Script> LoadScript(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string json((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) return absl::NotFoundError(path + ": cannot be read; give a file after --script");
  StatusOr<Script> script = ParseScript(json);
  if (script.ok()) return script;
  return Status(script.status().code(), path + ": " + MessageOf(script.status()));
}

}  // namespace mom::testing
