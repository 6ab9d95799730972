// The tools and the response format of openai_messages.h.
#include <optional>
#include <string_view>

#include "rest_shim/openai_messages.h"

namespace mom::rest {
namespace {

// `raw` and `plain` as in JsonInput::ObjectWithRaw.
bool ReadFunction(JsonInput& input, JsonValue value, const JsonPath& path,
                  v1::Tool::Function& function, std::string_view& raw, bool& plain) {
  const auto name = [&](JsonValue v, const JsonPath& p) {
    return input.String(v, p, *function.mutable_name());
  };
  const auto description = [&](JsonValue v, const JsonPath& p) {
    return input.String(v, p, *function.mutable_description());
  };
  const auto parameters = [&](JsonValue v, const JsonPath& p) {
    return input.RawObject(v, p, *function.mutable_parameters_json());
  };
  const auto strict = [&](JsonValue v, const JsonPath& p) {
    bool flag = false;
    if (!input.Bool(v, p, flag)) return false;
    function.set_strict(flag);
    return true;
  };
  if (!input.ObjectWithRaw(value, path,
                           {{"name", name},
                            {"description", description},
                            {"parameters", parameters},
                            {"strict", strict}},
                           raw, plain)) {
    return false;
  }
  return !function.name().empty() || input.Missing(path, "name");
}

bool ReadTool(JsonInput& input, JsonValue value, const JsonPath& path, v1::Tool& tool) {
  std::string type;
  std::optional<v1::Tool::Function> function;
  std::string_view raw;
  bool plain = false;
  const auto tool_type = [&](JsonValue v, const JsonPath& p) { return input.String(v, p, type); };
  const auto body = [&](JsonValue v, const JsonPath& p) {
    return ReadFunction(input, v, p, function.emplace(), raw, plain);
  };
  if (!input.ObjectWithRaw(value, path, {{"type", tool_type}, {"function", body}}, raw, plain)) {
    return false;
  }
  if (type.empty()) return input.Missing(path, "type");
  if (type == "function" && !function) return input.Missing(path, "function");
  if (type == "function" && plain) {
    *tool.mutable_function() = std::move(*function);
  } else {
    tool.set_raw_json(std::string(raw));
  }
  return true;
}

bool ReadMode(JsonInput& input, JsonValue value, const JsonPath& path, v1::ToolChoice& out) {
  std::string mode;
  if (!input.String(value, path, mode)) return false;
  if (mode == "none") {
    out.set_mode(v1::ToolChoice::MODE_NONE);
  } else if (mode == "auto") {
    out.set_mode(v1::ToolChoice::MODE_AUTO);
  } else if (mode == "required") {
    out.set_mode(v1::ToolChoice::MODE_REQUIRED);
  } else {
    return input.Fail(path, "must be `none`, `auto`, `required` or an object that names a tool");
  }
  return true;
}

bool ReadSchema(JsonInput& input, JsonValue value, const JsonPath& path,
                v1::ResponseFormat::JsonSchema& schema) {
  const auto name = [&](JsonValue v, const JsonPath& p) {
    return input.String(v, p, *schema.mutable_name());
  };
  const auto description = [&](JsonValue v, const JsonPath& p) {
    return input.String(v, p, *schema.mutable_description());
  };
  const auto body = [&](JsonValue v, const JsonPath& p) {
    return input.RawObject(v, p, *schema.mutable_schema_json());
  };
  const auto strict = [&](JsonValue v, const JsonPath& p) {
    bool flag = false;
    if (!input.Bool(v, p, flag)) return false;
    schema.set_strict(flag);
    return true;
  };
  if (!input.Object(
          value, path,
          {{"name", name}, {"description", description}, {"schema", body}, {"strict", strict}})) {
    return false;
  }
  return !schema.schema_json().empty() || input.Missing(path, "schema");
}

}  // namespace

bool ReadTools(JsonInput& input, JsonValue value, const JsonPath& path, v1::ChatInput& out) {
  out.clear_tools();
  return input.Array(value, path, [&](JsonValue tool, const JsonPath& at) {
    return ReadTool(input, tool, at, *out.add_tools());
  });
}

bool ReadFunctions(JsonInput& input, JsonValue value, const JsonPath& path, v1::ChatInput& out) {
  out.clear_tools();
  return input.Array(value, path, [&](JsonValue element, const JsonPath& at) {
    v1::Tool::Function function;
    std::string_view raw;
    bool plain = false;
    if (!ReadFunction(input, element, at, function, raw, plain)) return false;
    v1::Tool& tool = *out.add_tools();
    if (plain) {
      *tool.mutable_function() = std::move(function);
    } else {
      tool.set_raw_json(R"({"type":"function","function":)" + std::string(raw) + "}");
    }
    return true;
  });
}

bool ReadFunctionCall(JsonInput& input, JsonValue value, const JsonPath& path,
                      v1::ToolChoice& out) {
  if (IsString(value)) return ReadMode(input, value, path, out);
  const auto name = [&](JsonValue v, const JsonPath& p) {
    return input.String(v, p, *out.mutable_function_name());
  };
  if (!input.Object(value, path, {{"name", name}})) return false;
  return !out.function_name().empty() || input.Missing(path, "name");
}

bool ReadToolChoice(JsonInput& input, JsonValue value, const JsonPath& path, v1::ToolChoice& out) {
  if (IsString(value)) return ReadMode(input, value, path, out);
  std::string type;
  std::string function;
  const auto choice_type = [&](JsonValue v, const JsonPath& p) { return input.String(v, p, type); };
  const auto body = [&](JsonValue v, const JsonPath& p) {
    const auto name = [&](JsonValue n, const JsonPath& at) {
      return input.String(n, at, function);
    };
    return input.Object(v, p, {{"name", name}});
  };
  std::string_view raw;
  bool plain = false;
  if (!input.ObjectWithRaw(value, path, {{"type", choice_type}, {"function", body}}, raw, plain)) {
    return false;
  }
  if (type == "function" && function.empty()) {
    return input.Missing(JsonPath(path, "function"), "name");
  }
  if (type == "function" && plain) {
    out.set_function_name(std::move(function));
  } else {
    out.set_raw_json(std::string(raw));
  }
  return true;
}

bool ReadResponseFormat(JsonInput& input, JsonValue value, const JsonPath& path,
                        v1::ResponseFormat& out) {
  std::string type;
  std::optional<v1::ResponseFormat::JsonSchema> schema;
  const auto format_type = [&](JsonValue v, const JsonPath& p) { return input.String(v, p, type); };
  const auto body = [&](JsonValue v, const JsonPath& p) {
    return ReadSchema(input, v, p, schema.emplace());
  };
  std::string_view raw;
  bool plain = false;
  if (!input.ObjectWithRaw(value, path, {{"type", format_type}, {"json_schema", body}}, raw,
                           plain)) {
    return false;
  }
  if (type.empty()) return input.Missing(path, "type");
  if (type == "json_schema" && !schema) return input.Missing(path, "json_schema");
  if (plain && type == "json_schema") {
    *out.mutable_json_schema() = std::move(*schema);
  } else if (plain && type == "text") {
    out.mutable_text();
  } else if (plain && type == "json_object") {
    out.mutable_json_object();
  } else {
    out.set_raw_json(std::string(raw));
  }
  return true;
}

}  // namespace mom::rest
