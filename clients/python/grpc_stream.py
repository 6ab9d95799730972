#!/usr/bin/env python3
"""The gRPC service, streamed, with each member's progress on stderr.

Needs: pip install grpcio grpcio-tools, and the stubs:
    python -m grpc_tools.protoc -Iproto --python_out=STUBS --grpc_python_out=STUBS \\
        proto/mom/v1/*.proto proto/google/rpc/*.proto
    PYTHONPATH=STUBS clients/python/grpc_stream.py QUESTION
"""

import os
import sys

import grpc
from mom.v1 import chat_pb2, mom_service_pb2, mom_service_pb2_grpc

question = sys.argv[1] if len(sys.argv) > 1 else "What is the capital of France?"
message = chat_pb2.Message(role=chat_pb2.ROLE_USER, content=[chat_pb2.ContentPart(text=question)])
request = mom_service_pb2.SynthesizeStreamRequest(
    request=mom_service_pb2.SynthesizeRequest(
        model="mom", input=chat_pb2.ChatInput(messages=[message])
    ),
    include_progress=True,
)
with grpc.insecure_channel(os.environ.get("GRPC_ADDRESS", "127.0.0.1:50051")) as channel:
    stub = mom_service_pb2_grpc.MomServiceStub(channel)
    for event in stub.SynthesizeStream(request, timeout=300):
        kind = event.WhichOneof("event")
        if kind == "delta":
            print(event.delta.text, end="", flush=True)
        elif kind == "candidate_finished":
            state = mom_service_pb2.CandidateState.Name(event.candidate_finished.state)
            print(f"[{event.candidate_finished.model}: {state}]", file=sys.stderr)
        elif kind == "completed":
            print(f"\n[answered by {event.completed.answered_by}]", file=sys.stderr)
