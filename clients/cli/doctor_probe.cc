#include "clients/cli/doctor_probe.h"

#include <grpcpp/client_context.h>

#include <memory>
#include <utility>

namespace mom::cli {
namespace {

constexpr int kProbeSeconds = 120;

constexpr char kSchema[] = R"({"type":"object","properties":{"sum":{"type":"integer"}},)"
                           R"("required":["sum"],"additionalProperties":false})";

v1::ChatInput Ask(const std::string& text) {
  v1::ChatInput input;
  v1::Message& message = *input.add_messages();
  message.set_role(v1::ROLE_USER);
  message.add_content()->set_text(text);
  input.mutable_params()->set_max_output_tokens(kMostProbeTokens);
  return input;
}

// Long enough that its text comes in several pieces, where it is streamed.
v1::ChatInput PlainInput() {
  return Ask("Count from 1 to 20, in figures with a blank between. Write nothing else.");
}

v1::ChatInput ToolInput() {
  v1::ChatInput input = Ask("What is 2 + 2? Report the sum with the tool.");
  v1::Tool::Function& tool = *input.add_tools()->mutable_function();
  tool.set_name(kProbeTool);
  tool.set_description("Reports a sum.");
  tool.set_parameters_json(kSchema);
  input.mutable_tool_choice()->set_mode(v1::ToolChoice::MODE_REQUIRED);
  return input;
}

v1::ChatInput SchemaInput() {
  v1::ChatInput input = Ask(R"(What is 2 + 2? Answer as JSON: {"sum": NUMBER}.)");
  v1::ResponseFormat::JsonSchema& format = *input.mutable_response_format()->mutable_json_schema();
  format.set_name("sum");
  format.set_schema_json(kSchema);
  format.set_strict(true);
  return input;
}

Probe Call(const std::string& model, v1::ChatInput input, Connection& connection,
           Interrupts& interrupts) {
  v1::ModelQueryStreamRequest request;
  request.mutable_request()->set_model(model);
  *request.mutable_request()->mutable_input() = std::move(input);
  request.mutable_request()->mutable_timeout()->set_seconds(kProbeSeconds);
  grpc::ClientContext context;
  const Interrupts::Cancels cancels(interrupts, context);
  const std::unique_ptr<grpc::ClientReader<v1::ModelQueryStreamResponse>> reader =
      connection.mom().ModelQueryStream(&context, request);
  Probe probe;
  v1::ModelQueryStreamResponse event;
  while (reader->Read(&event)) {
    if (event.has_delta() && !event.delta().text().empty()) ++probe.pieces;
    if (event.has_completed()) probe.answer = event.completed();
  }
  probe.status = connection.ToStatus(reader->Finish());
  return probe;
}

}  // namespace

Probes ProbeModel(const std::string& model, Connection& connection, Interrupts& interrupts) {
  Probes probes;
  probes.plain = Call(model, PlainInput(), connection, interrupts);
  if (!probes.plain.status.ok()) return probes;
  probes.tool = Call(model, ToolInput(), connection, interrupts);
  probes.schema = Call(model, SchemaInput(), connection, interrupts);
  return probes;
}

}  // namespace mom::cli
