"""SIGTERM, and requests that are not over when the time for them is."""

import http.client
import json
import signal
import socket
import unittest

import grpc
from harness import stubs
from harness.gateway import Gateway
from harness.process import wait_until

# An answer whose first part is shown at once, and one that never begins.
BEGUN = {"tokens": ["one ", "two ", "three ", "four "], "gates": [{"name": "g", "token": 3}]}
STUCK = {"text": "never", "gates": [{"name": "h"}]}


class DrainTest(unittest.TestCase):
    def setUp(self):
        self.gateway = Gateway(self.change_config)
        self.addCleanup(self.gateway.stop)
        self.gateway.emulator.load(alpha=[BEGUN], beta=[STUCK])

    @staticmethod
    def change_config(config):
        config["server"]["drain_timeout"] = config["rest"]["drain_timeout"] = "300ms"

    def started(self):
        """A stream of which a part is there, one that has not begun, and one for a whole answer."""
        rest = self.gateway.rest
        begun, stuck = rest.stream(model="alpha"), rest.stream(model="beta")
        whole = rest.start(model="beta")
        next(begun.texts())
        self.gateway.emulator.wait_held("h", 2)
        return begun, stuck, whole

    def assert_told(self, begun, stuck, whole):
        """What each client reads to the end: an error, and nothing that looks like an end."""
        pieces = []
        with self.assertRaises(http.client.IncompleteRead):
            while True:
                pieces.append(begun.response().read1())
                if not pieces[-1]:
                    raise AssertionError("the message has an end")
        body = b"".join(pieces)
        self.assertNotIn(b"[DONE]", body)
        self.assertNotIn(b'"finish_reason":"', body)
        last = body.decode().rstrip("\n").split("\n\n")[-1]
        error = json.loads(last.removeprefix("data: "))["error"]
        self.assertEqual((error["type"], error["code"]), ("server_error", "upstream_error"))
        for answer in (stuck, whole):
            self.assertEqual(answer.status, 503)
            self.assertEqual(answer.header("retry-after"), "1")
            error = json.loads(answer.response().read())["error"]
            self.assertEqual((error["type"], error["code"]), ("server_error", "overloaded"))
            self.assertIn("shutting down", error["message"])

    def test_mom_rest_tells_its_clients(self):
        clients = self.started()
        half = socket.create_connection(("127.0.0.1", self.gateway.rest_port))
        half.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        self.gateway.mom_rest.send(signal.SIGTERM)
        self.assert_told(*clients)
        with half.makefile("rb") as answer:
            text = answer.read()
        self.assertTrue(text.startswith(b"HTTP/1.1 503 "), text)
        self.assertIn(b'"code":"overloaded"', text)
        self.assertEqual(self.gateway.mom_rest.wait(), 0)
        lines = self.gateway.mom_rest.events("request")
        statuses = sorted(line["status"] for line in lines if line["method"] == "POST")
        self.assertEqual(statuses, [200, 503, 503, 503])
        failed = self.gateway.mom_rest.events("request_failed")
        reasons = sorted(line["reason"] for line in failed)
        self.assertEqual(reasons, ["ANSWER_CUT", "SHUTTING_DOWN", "SHUTTING_DOWN"])
        self.gateway.emulator.wait_idle()

    def test_momd_tells_its_clients(self):
        clients = self.started()
        self.gateway.momd.send(signal.SIGTERM)
        self.assert_told(*clients)
        self.assertEqual(self.gateway.momd.wait(), 0)
        lines = self.gateway.momd.events("request")
        seen = sorted((line["code"], line["reason"], line["cause"]) for line in lines)
        down = ("UNAVAILABLE", "SHUTTING_DOWN", "")
        self.assertEqual(seen, [("UNAVAILABLE", "ANSWER_CUT", "SHUTTING_DOWN"), down, down])
        self.gateway.emulator.wait_idle()

    def test_momd_says_over_grpc_that_the_answer_is_cut(self):
        chat, pb, service = stubs.load()
        message = chat.Message(role=chat.ROLE_USER, content=[chat.ContentPart(text="Hello")])
        request = pb.SynthesizeRequest(model="alpha", input=chat.ChatInput(messages=[message]))
        with grpc.insecure_channel(f"127.0.0.1:{self.gateway.grpc_port}") as channel:
            call = service.MomServiceStub(channel).SynthesizeStream(
                pb.SynthesizeStreamRequest(request=request), timeout=60
            )
            while next(call).WhichOneof("event") != "delta":
                pass
            self.gateway.momd.send(signal.SIGTERM)
            with self.assertRaises(grpc.RpcError) as caught:
                list(call)
        self.assertEqual(caught.exception.code(), grpc.StatusCode.UNAVAILABLE)
        details = dict(caught.exception.trailing_metadata())["grpc-status-details-bin"]
        self.assertIn(b"ANSWER_CUT", details)
        self.assertIn(b"SHUTTING_DOWN", details)
        self.assertEqual(self.gateway.momd.wait(), 0)


class TimeoutTest(unittest.TestCase):
    def test_rest_timeout_is_no_client_that_left(self):
        gateway = Gateway(self.change_config)
        self.addCleanup(gateway.stop)
        gateway.emulator.load(beta=[STUCK])
        for stream in (False, True):
            response = gateway.rest.chat(model="beta", stream=stream)
            self.assertEqual(response.status, 504)
        wait_until(lambda: len(gateway.momd.events("request")) == 2, "both log lines")
        for line in gateway.momd.events("request"):
            self.assertEqual((line["code"], line["reason"]), ("DEADLINE_EXCEEDED", "DEADLINE"))

    @staticmethod
    def change_config(config):
        config["rest"]["timeout"] = "300ms"
