#!/usr/bin/env node
// The gRPC service, streamed, with each member's progress on stderr. It reads the .proto files as
// they are, so there are no stubs to make. Needs Node 18 and: npm install

import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";

const definition = await protoLoader.load("mom/v1/mom_service.proto", {
  includeDirs: [fileURLToPath(new URL("../../proto", import.meta.url))],
  keepCase: true,
  enums: String,
  oneofs: true,
});
const { MomService } = grpc.loadPackageDefinition(definition).mom.v1;

const address = process.env.GRPC_ADDRESS ?? "127.0.0.1:50051";
const question = process.argv[2] ?? "What is the capital of France?";

const client = new MomService(address, grpc.credentials.createInsecure());
const stream = client.SynthesizeStream(
  {
    request: {
      model: "mom",
      input: { messages: [{ role: "ROLE_USER", content: [{ text: question }] }] },
    },
    include_progress: true,
  },
  { deadline: Date.now() + 300_000 },
);
for await (const event of stream) {
  if (event.event === "delta") {
    process.stdout.write(event.delta.text);
  } else if (event.event === "candidate_finished") {
    console.error(`[${event.candidate_finished.model}: ${event.candidate_finished.state}]`);
  } else if (event.event === "completed") {
    console.error(`\n[answered by ${event.completed.answered_by}]`);
  }
}
client.close();
