"""A provider that keeps what it is asked: POST /v1/chat/completions and /v1/messages, on loopback."""

import http.server
import json
import threading


class RecordingServer:
    """Answers with what `answer(body)` gives: a text, or a list of (tool's name, arguments).

    `bodies` has the requests, in the order in which they came.
    """

    def __init__(self, answer):
        self.bodies = []
        self.answer = answer
        self.calls = 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                path = self.path.split("?")[0]
                if path.endswith("/count_tokens"):
                    return self.reply({"input_tokens": 10})
                outer.bodies.append(body)
                outer.calls += 1
                said = outer.answer(body)
                speak = anthropic if path.endswith("/messages") else openai
                whole, events = speak(said, f"{outer.calls}")
                if not body.get("stream"):
                    return self.reply(whole)
                text = "".join(
                    (f"event: {event['type']}\n" if "type" in event else "")
                    + f"data: {json.dumps(event)}\n\n"
                    for event in events
                )
                if speak is openai:
                    text += "data: [DONE]\n\n"
                self.reply(text, "text/event-stream")

            def do_GET(self):
                self.reply({"object": "list", "data": []})

            def reply(self, body, kind="application/json"):
                data = (body if isinstance(body, str) else json.dumps(body)).encode()
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def close(self):
        self.http.shutdown()
        self.http.server_close()


def openai(said, mark):
    """A Chat Completions answer, whole and as chunks."""
    head = {"id": f"chatcmpl-{mark}", "created": 1, "model": "m"}
    usage = {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}
    if isinstance(said, str):
        message, reason = {"role": "assistant", "content": said}, "stop"
        delta = message
    else:
        calls = [
            {
                "id": f"call_{mark}_{i}",
                "type": "function",
                "function": {"name": name, "arguments": json.dumps(arguments)},
            }
            for i, (name, arguments) in enumerate(said)
        ]
        message, reason = {"role": "assistant", "content": None, "tool_calls": calls}, "tool_calls"
        delta = {**message, "tool_calls": [{"index": i, **call} for i, call in enumerate(calls)]}
    choice = {"index": 0, "message": message, "finish_reason": reason}
    whole = {**head, "object": "chat.completion", "choices": [choice], "usage": usage}
    chunks = [
        {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]},
        {"choices": [], "usage": usage},
    ]
    return whole, [{**head, "object": "chat.completion.chunk", **chunk} for chunk in chunks]


def anthropic(said, mark):
    """A Messages answer, whole and as events."""
    if isinstance(said, str):
        blocks, reason = [{"type": "text", "text": said}], "end_turn"
    else:
        blocks = [
            {"type": "tool_use", "id": f"toolu_{mark}_{i}", "name": name, "input": arguments}
            for i, (name, arguments) in enumerate(said)
        ]
        reason = "tool_use"
    usage = {"input_tokens": 9, "output_tokens": 9}
    whole = {
        "id": f"msg_{mark}",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": blocks,
        "stop_reason": reason,
        "stop_sequence": None,
        "usage": usage,
    }
    events = [
        {"type": "message_start", "message": {**whole, "content": [], "stop_reason": None}}
    ]
    for i, block in enumerate(blocks):
        if block["type"] == "text":
            begin, delta = {"type": "text", "text": ""}, {"type": "text_delta", "text": said}
        else:
            begin = {**block, "input": {}}
            delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        events += [
            {"type": "content_block_start", "index": i, "content_block": begin},
            {"type": "content_block_delta", "index": i, "delta": delta},
            {"type": "content_block_stop", "index": i},
        ]
    end = {"stop_reason": reason, "stop_sequence": None}
    events += [
        {"type": "message_delta", "delta": end, "usage": usage},
        {"type": "message_stop"},
    ]
    return whole, events
