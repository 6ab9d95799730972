"""How a client asks, over each rim, and what it sees."""

import contextlib
import dataclasses
import http.client
import importlib
import json
import socket
import struct
import time

import documented
import grpc
from fault_cases.contents import TOOL
from harness import stubs

ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
# No answer needs as much; a request that does is one that hangs.
REQUEST_SECONDS = 60


@dataclasses.dataclass(frozen=True)
class Question:
    """What to ask, and how the client behaves meanwhile. Times are in seconds."""

    text: str
    model: str
    is_streamed: bool
    id: str = ""  # x-request-id; "": none is sent
    max_tokens: int | None = None
    offers_tool: bool = False
    wants_json: bool = False
    wants_candidates: bool = False  # gRPC alone has these
    deadline: float = REQUEST_SECONDS  # of gRPC; over REST the client waits no longer than this
    timeout: float | None = None  # the field of the request; gRPC alone has it
    reads_after: float = 0.0
    leaves_after: float | None = None  # the client takes no answer then
    leaves_abruptly: bool = False  # with RST; REST alone


@dataclasses.dataclass
class Seen:
    """What came of a request. `wrong` is what no answer may be, whatever its case."""

    text: str = ""
    refusal: str = ""
    tool_calls: tuple = ()
    finish_reason: str = ""  # as OpenAI writes it
    is_whole: bool = False
    is_degraded: bool = False
    reason: str = ""  # of a failure, over gRPC
    error: str = ""  # the failure in full; "" where there was none
    is_documented: bool = True  # the failure's code
    wrong: list = dataclasses.field(default_factory=list)
    candidates: dict = dataclasses.field(default_factory=dict)  # name -> reason, over gRPC
    member_reasons: dict = dataclasses.field(default_factory=dict)  # of a failure, over gRPC
    # On the monotonic clock: when the client asked, left, and knew all.
    asked_at: float = dataclasses.field(default_factory=time.monotonic)
    left_at: float | None = None
    over_at: float = 0.0


@contextlib.contextmanager
def connected(gateway):
    """A client of each rim, by its name."""
    clients = {"grpc": GrpcClient(gateway.grpc_port), "rest": RestClient(gateway.rest_port)}
    try:
        yield clients
    finally:
        clients["grpc"].close()


class GrpcClient:
    def __init__(self, port):
        self._chat, self._pb, service = stubs.load()
        self._status = importlib.import_module("google.rpc.status_pb2")
        self._details = importlib.import_module("google.rpc.error_details_pb2")
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self._stub = service.MomServiceStub(self._channel)

    def close(self):
        self._channel.close()

    def ask(self, question):
        seen = Seen()
        metadata = [("x-request-id", question.id)] if question.id else []
        limits = {"timeout": question.deadline, "metadata": metadata}
        try:
            if question.is_streamed:
                wrapped = self._pb.SynthesizeStreamRequest(request=self._request(question))
                call = self._stub.SynthesizeStream(wrapped, **limits)
                self._wait(question, call, seen)
                self._read(call, seen)
            else:
                call = self._stub.Synthesize.future(self._request(question), **limits)
                self._wait(question, call, seen)
                self._take(call.result(), seen)
        except grpc.FutureCancelledError:
            pass
        except grpc.RpcError as error:
            self._fail(error, seen)
        seen.over_at = time.monotonic()
        return seen

    @staticmethod
    def _wait(question, call, seen):
        time.sleep(question.reads_after)
        if question.leaves_after is not None:
            time.sleep(question.leaves_after)
            seen.left_at = time.monotonic()
            call.cancel()

    def _request(self, question):
        chat = self._chat
        part = chat.ContentPart(text=question.text)
        message = chat.Message(role=chat.ROLE_USER, content=[part])
        chat_input = chat.ChatInput(messages=[message])
        if question.max_tokens is not None:
            chat_input.params.max_output_tokens = question.max_tokens
        if question.offers_tool:
            function = chat.Tool.Function(name=TOOL, parameters_json='{"type": "object"}')
            chat_input.tools.append(chat.Tool(function=function))
        if question.wants_json:
            chat_input.response_format.json_object.SetInParent()
        request = self._pb.SynthesizeRequest(
            model=question.model,
            input=chat_input,
            include_candidates=question.wants_candidates,
        )
        if question.timeout is not None:
            request.timeout.FromNanoseconds(int(question.timeout * 1e9))
        return request

    def _read(self, call, seen):
        number = 0
        for event in call:
            number += 1
            if event.sequence != number:
                seen.wrong.append(f"sequence {event.sequence} in place of {number}")
            if seen.is_whole:
                seen.wrong.append("an event after the last one")
            seen.text += event.delta.text
            if event.WhichOneof("event") == "completed":
                streamed = seen.text
                self._take(event.completed, seen)
                if seen.text != streamed:
                    seen.wrong.append(f"the deltas say {streamed!r}, the whole {seen.text!r}")

    def _take(self, response, seen):
        seen.is_whole = True
        seen.is_degraded = response.degraded
        seen.text = "".join(part.text for part in response.message.content)
        seen.refusal = "".join(part.refusal for part in response.message.content)
        calls = [call.function for call in response.message.tool_calls]
        seen.tool_calls = tuple((call.name, call.arguments_json) for call in calls)
        finish_reason = self._chat.FinishReason.Name(response.finish_reason)
        seen.finish_reason = finish_reason.removeprefix("FINISH_REASON_").lower()
        if not response.finish_reason:
            seen.wrong.append("whole, but without a finish_reason")
        for candidate in response.candidates:
            info = self._error_info(candidate.error)
            seen.candidates[candidate.model] = info.reason if info else ""

    def _fail(self, error, seen):
        seen.is_whole = False
        seen.error = f"{error.code().name}: {error.details()}"
        packed = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
        info = self._error_info(self._status.Status.FromString(packed))
        seen.reason = info.reason if info else ""
        seen.is_documented = seen.reason in documented.reasons()
        for key, value in info.metadata.items() if info else ():
            if key.startswith("member."):
                seen.member_reasons[key.removeprefix("member.")] = value
        if seen.reason == "ANSWER_CUT":
            seen.reason = info.metadata["cause"]

    def _error_info(self, status):
        for detail in status.details:
            if detail.type_url == ERROR_INFO:
                return self._details.ErrorInfo.FromString(detail.value)
        return None


class RestClient:
    def __init__(self, port):
        self._port = port

    def ask(self, question):
        """Each request has a connection of its own."""
        seen = Seen()
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=question.deadline)
        headers = {"Content-Type": "application/json"}
        if question.id:
            headers["x-request-id"] = question.id
        try:
            connection.request("POST", "/v1/chat/completions", self._body(question), headers)
            time.sleep(question.reads_after)
            if question.leaves_after is None:
                self._read(connection.getresponse(), question, seen)
            else:
                time.sleep(question.leaves_after)
                seen.left_at = time.monotonic()
                self._leave(connection, question)
        except OSError as error:
            seen.wrong.append(f"the connection broke: {error!r}")
        finally:
            connection.close()
        seen.over_at = time.monotonic()
        return seen

    @staticmethod
    def _leave(connection, question):
        if question.leaves_abruptly:
            linger = struct.pack("ii", 1, 0)
            connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            connection.close()
        else:
            connection.sock.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _body(question):
        body = {
            "model": question.model,
            "messages": [{"role": "user", "content": question.text}],
            "stream": question.is_streamed,
        }
        if question.max_tokens is not None:
            body["max_tokens"] = question.max_tokens
        if question.offers_tool:
            function = {"name": TOOL, "parameters": {"type": "object"}}
            body["tools"] = [{"type": "function", "function": function}]
        if question.wants_json:
            body["response_format"] = {"type": "json_object"}
        return json.dumps(body)

    def _read(self, response, question, seen):
        is_cut = False
        try:
            text = response.read().decode()
        except http.client.IncompleteRead as error:
            text = error.partial.decode(errors="replace")
            is_cut = True
        if response.status != 200:
            self._fail(response.status, json.loads(text), seen)
        elif question.is_streamed:
            EventStream(seen).read(text)
        else:
            self._take(json.loads(text), seen)
        # After an error the message is left without its end, for clients that know no error events.
        if is_cut != (question.is_streamed and response.status == 200 and bool(seen.error)):
            seen.wrong.append("the HTTP message is cut" if is_cut else "the HTTP message has an end")

    @staticmethod
    def _take(completion, seen):
        choice = completion["choices"][0]
        message = choice["message"]
        seen.finish_reason = choice["finish_reason"] or ""
        seen.is_whole = bool(seen.finish_reason)
        seen.is_degraded = completion["mom"]["degraded"]
        seen.text = message["content"] or ""
        seen.refusal = message["refusal"] or ""
        calls = [call["function"] for call in message.get("tool_calls") or ()]
        seen.tool_calls = tuple((call["name"], call["arguments"]) for call in calls)

    @staticmethod
    def _fail(status, envelope, seen):
        error = envelope["error"]
        code = (status, error["type"], error["code"])
        seen.error = f"{code}: {error['message']}"
        seen.is_documented = code in documented.rest_errors()
        if set(error) != {"message", "type", "param", "code"}:
            seen.wrong.append(f"the error has the keys {set(error)}")


class EventStream:
    """An OpenAI stream, read strictly."""

    def __init__(self, seen):
        self._seen = seen
        self._calls = {}
        self._is_finished = self._is_done = False

    def read(self, text):
        seen = self._seen
        for block in text.split("\n\n")[:-1]:
            lines = [line for line in block.split("\n") if not line.startswith(":")]
            if not lines:
                continue
            if len(lines) != 1 or not lines[0].startswith("data: "):
                seen.wrong.append(f"no event of the dialect: {block!r}")
            elif self._is_done or seen.error:
                seen.wrong.append(f"an event after the last one: {block!r}")
            else:
                self._take(lines[0].removeprefix("data: "))
        if not text.endswith("\n\n"):
            seen.wrong.append(f"the last event is not ended: {text[-80:]!r}")
        seen.tool_calls = tuple((call["name"], call["arguments"]) for call in self._calls.values())
        seen.is_whole = self._is_finished and self._is_done
        if not seen.is_whole and (self._is_finished or self._is_done or not seen.error):
            seen.wrong.append(f"neither whole nor an error: {text[-200:]!r}")

    def _take(self, data):
        if data == "[DONE]":
            self._is_done = True
            return
        payload = json.loads(data)
        if "error" in payload:
            error = payload["error"]
            self._seen.error = f"{error['type']}, {error['code']}: {error['message']}"
            self._seen.is_documented = documented.has_rest_code(error["type"], error["code"])
            return
        for choice in payload["choices"]:
            if self._is_finished:
                self._seen.wrong.append(f"a choice after the finish_reason: {data}")
            self._seen.text += choice["delta"].get("content") or ""
            self._seen.refusal += choice["delta"].get("refusal") or ""
            for piece in choice["delta"].get("tool_calls") or ():
                call = self._calls.setdefault(piece["index"], {"name": "", "arguments": ""})
                call["name"] += piece["function"].get("name") or ""
                call["arguments"] += piece["function"].get("arguments") or ""
            self._seen.finish_reason = choice["finish_reason"] or ""
            self._is_finished = bool(self._seen.finish_reason)
        self._seen.is_degraded |= payload.get("mom", {}).get("degraded", False)
