#!/usr/bin/env bash
# One question over gRPC, with what every member answered. The gateway's reflection tells grpcurl the
# rest: `grpcurl -plaintext ADDRESS describe mom.v1.MomService`. With PROTOSET=build/mom.protoset (an
# installed one is in share/mom/) the same works without reflection.
set -euo pipefail
question=${1:-What is the capital of France?}
question=${question//\\/\\\\}    # as JSON has it
question=${question//\"/\\\"}
grpcurl -plaintext ${PROTOSET:+-protoset "$PROTOSET"} -d @ \
  "${GRPC_ADDRESS:-127.0.0.1:50051}" mom.v1.MomService/Synthesize <<JSON
{"model": "mom", "include_candidates": true,
 "input": {"messages": [{"role": "ROLE_USER",
                         "content": [{"text": "$question"}]}]}}
JSON
