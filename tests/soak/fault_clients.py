"""How a client asks, over each rim, and what it sees."""

import dataclasses
import http.client
import importlib
import json
import socket
import time

import documented
import grpc
from fault_cases.contents import TOOL
from fault_gateway import REQUEST_SECONDS
from harness import stubs

ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"


@dataclasses.dataclass
class Seen:
    """What came of a request. `wrong` is what no answer may be, whatever its case."""

    text: str = ""
    tool_calls: tuple = ()
    is_whole: bool = False
    reason: str = ""  # of a failure, over gRPC
    error: str = ""  # the failure in full; "" where there was none
    is_documented: bool = True  # the failure's code
    wrong: list = dataclasses.field(default_factory=list)
    candidates: dict = dataclasses.field(default_factory=dict)  # name -> reason, over gRPC


def question(run):
    return f"What about {run.mark}?"


class GrpcClient:
    def __init__(self, port):
        self._chat, self._pb, service = stubs.load()
        self._status = importlib.import_module("google.rpc.status_pb2")
        self._details = importlib.import_module("google.rpc.error_details_pb2")
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self._stub = service.MomServiceStub(self._channel)

    def close(self):
        self._channel.close()

    def ask(self, run):
        seen = Seen()
        try:
            if run.cell.form == "unary":
                call = self._stub.Synthesize.future(self._request(run), timeout=REQUEST_SECONDS)
                self._wait(run, call)
                self._take(call.result(), seen)
            else:
                wrapped = self._pb.SynthesizeStreamRequest(request=self._request(run))
                call = self._stub.SynthesizeStream(wrapped, timeout=REQUEST_SECONDS)
                self._wait(run, call)
                self._read(call, seen)
        except grpc.FutureCancelledError:
            pass
        except grpc.RpcError as error:
            self._fail(error, seen)
        return seen

    @staticmethod
    def _wait(run, call):
        time.sleep(run.fault.reads_after)
        if run.fault.leaves_after is not None:
            time.sleep(run.fault.leaves_after)
            call.cancel()

    def _request(self, run):
        chat = self._chat
        part = chat.ContentPart(text=question(run))
        message = chat.Message(role=chat.ROLE_USER, content=[part])
        chat_input = chat.ChatInput(messages=[message])
        if run.fault.offers_tool:
            function = chat.Tool.Function(name=TOOL, parameters_json='{"type": "object"}')
            chat_input.tools.append(chat.Tool(function=function))
        if run.fault.wants_json:
            chat_input.response_format.json_object.SetInParent()
        return self._pb.SynthesizeRequest(
            model=run.model, input=chat_input, include_candidates=run.cell.leg == "candidate"
        )

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
        seen.text = "".join(part.text for part in response.message.content)
        calls = [call.function for call in response.message.tool_calls]
        seen.tool_calls = tuple((call.name, call.arguments_json) for call in calls)
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

    def close(self):
        """Each request has had a connection of its own."""

    def ask(self, run):
        seen = Seen()
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=REQUEST_SECONDS)
        try:
            headers = {"Content-Type": "application/json"}
            connection.request("POST", "/v1/chat/completions", self._body(run), headers)
            time.sleep(run.fault.reads_after)
            if run.fault.leaves_after is not None:
                time.sleep(run.fault.leaves_after)
                connection.sock.shutdown(socket.SHUT_RDWR)
                return seen
            self._read(connection.getresponse(), run, seen)
        except OSError as error:
            seen.wrong.append(f"the connection broke: {error!r}")
        finally:
            connection.close()
        return seen

    @staticmethod
    def _body(run):
        body = {
            "model": run.model,
            "messages": [{"role": "user", "content": question(run)}],
            "stream": run.cell.form == "stream",
        }
        if run.fault.offers_tool:
            function = {"name": TOOL, "parameters": {"type": "object"}}
            body["tools"] = [{"type": "function", "function": function}]
        if run.fault.wants_json:
            body["response_format"] = {"type": "json_object"}
        return json.dumps(body)

    def _read(self, response, run, seen):
        is_cut = False
        try:
            text = response.read().decode()
        except http.client.IncompleteRead as error:
            text = error.partial.decode(errors="replace")
            is_cut = True
        if response.status != 200:
            self._fail(response.status, json.loads(text), seen)
        elif run.cell.form == "unary":
            choice = json.loads(text)["choices"][0]
            message = choice["message"]
            seen.is_whole = bool(choice["finish_reason"])
            seen.text = message["content"] or ""
            calls = [call["function"] for call in message.get("tool_calls") or ()]
            seen.tool_calls = tuple((call["name"], call["arguments"]) for call in calls)
        else:
            EventStream(seen).read(text)
        # After an error the message is left without its end, for clients that know no error events.
        if is_cut != (run.cell.form == "stream" and response.status == 200 and bool(seen.error)):
            seen.wrong.append("the HTTP message is cut" if is_cut else "the HTTP message has an end")

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
            for piece in choice["delta"].get("tool_calls") or ():
                call = self._calls.setdefault(piece["index"], {"name": "", "arguments": ""})
                call["name"] += piece["function"].get("name") or ""
                call["arguments"] += piece["function"].get("arguments") or ""
            self._is_finished = bool(choice["finish_reason"])
