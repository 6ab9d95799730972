"""Bad input and bad providers: each gets its documented error, and both programs stay up."""

import json
import unittest

from harness.gateway import Gateway, GatewayTest
from harness.process import free_port
from harness.rest import user

PROVIDER_ERROR = {"message": "internal detail of the provider", "type": "server_error"}


class ErrorTest(GatewayTest):
    @staticmethod
    def change_config(config):
        config["rest"]["max_body_size"] = "1MiB"
        config["providers"]["nobody"] = {"base_url": f"http://127.0.0.1:{free_port()}/v1"}
        config["models"]["absent"] = {**config["models"]["alpha"], "provider": "nobody"}

    def assert_error(self, response, status, kind, code=None, param=None):
        self.assertEqual(response.status, status, response.body)
        self.assertEqual(response.headers["content-type"], "application/json")
        self.assertTrue(response.headers["x-request-id"])
        error = response.error()
        self.assertEqual(set(error), {"message", "type", "param", "code"})
        self.assertEqual(error["type"], kind)
        if code:
            self.assertEqual(error["code"], code)
        if param:
            self.assertEqual(error["param"], param)
        return error

    def post(self, body):
        return self.rest.request("POST", "/v1/chat/completions", body)

    def test_malformed_json(self):
        for body in ('{"model": "mom", "messages": [', "", "[]", '"x"', "{'a': 1}"):
            with self.subTest(body=body):
                self.assert_error(self.post(body), 400, "invalid_request_error")

    def test_wrong_types(self):
        cases = {
            "messages": [
                None,
                "text",
                [],
                [{}],
                [{"role": 1, "content": "x"}],
                [{"role": "pope"}],
                7,
            ],
            "model": [1, {}],
            "temperature": ["hot", {}, 1e999],
            "top_p": ["x"],
            "max_tokens": ["many", 1.5, -1],
            "stream": ["yes", 1],
            "stream_options": [True],
            "tools": [{}, [1]],
            "stop": [5, {}],
            "n": ["two", 2],
            "tool_choice": ["required", {"type": "function", "function": {"name": "x"}}],
            "top_k": [0],
        }
        for key, values in cases.items():
            for value in values:
                with self.subTest(key=key, value=value):
                    body = {"model": "mom", "messages": user("Hi"), key: value}
                    text = json.dumps(body).replace("Infinity", "1e999")
                    error = self.assert_error(self.post(text), 400, "invalid_request_error")
                    if error["param"]:
                        self.assertTrue(error["param"].startswith(key), error)
                        self.assertIn(f"`{error['param']}` ", error["message"])

    def test_unknown_form_of_the_answer(self):
        body = {"model": "mom", "messages": user("Hi")}
        headers = {"x-mom-contract": "diffs"}
        response = self.rest.request("POST", "/v1/chat/completions", body, headers)
        self.assert_error(response, 400, "invalid_request_error", param="x-mom-contract")
        self.assertIn("`x-mom-contract` must be one of auto, none, diff,", response.error()["message"])

    def test_unknown_model(self):
        for body in ({"model": "mum"}, {"model": "mum", "stream": True}):
            response = self.post({**body, "messages": user("Hi")})
            self.assert_error(response, 404, "invalid_request_error", "model_not_found")
        response = self.rest.request("GET", "/v1/models/mum")
        self.assert_error(response, 404, "invalid_request_error", "model_not_found")

    def test_unknown_path_and_method(self):
        self.assert_error(self.rest.request("GET", "/v2/x"), 404, "invalid_request_error")
        response = self.rest.request("GET", "/v1/chat/completions")
        self.assert_error(response, 405, "invalid_request_error")
        self.assertIn("POST", response.headers["allow"])

    def test_oversized_body(self):
        response = self.rest.chat("x" * (1 << 20))
        self.assert_error(response, 413, "invalid_request_error", "request_too_large")

    def test_body_just_below_the_limit(self):
        self.script_mixture()
        self.assertEqual(self.rest.chat("x" * ((1 << 20) - 4096)).status, 200)

    def test_unreachable_provider(self):
        for stream in (False, True):
            response = self.rest.chat(model="absent", stream=stream)
            self.assert_error(response, 502, "server_error", "upstream_error")

    def test_an_answer_that_its_limit_left_empty_says_what_to_raise(self):
        thought = {"reasoning": "Let me see", "text": "", "finish_reason": "length"}
        self.script_mixture(alpha=thought, beta=thought)
        for model in ("alpha", "mom"):
            response = self.rest.chat(model=model, max_tokens=3)
            error = self.assert_error(response, 502, "server_error", "upstream_error")
            self.assertIn("raise `max_tokens`", error["message"])

    def test_all_members_failed(self):
        failed = {"status": 500, "error": PROVIDER_ERROR}
        self.script_mixture(alpha=failed, beta=failed)
        for stream in (False, True):
            response = self.rest.chat(stream=stream)
            error = self.assert_error(response, 502, "server_error", "upstream_error")
            self.assertNotIn("internal detail", error["message"])
        self.assertEqual(self.emulator.requests("judge"), [])

    def test_a_providers_401_is_not_the_callers(self):
        denied = {"status": 401, "error": {"message": "bad key", "type": "authentication_error"}}
        self.script_mixture(alpha=denied, beta=denied)
        self.assert_error(self.rest.chat(), 502, "server_error")

    def test_a_parameter_that_the_provider_rejects_is_named(self):
        rejected = {"message": "secret", "param": "temperature", "code": "secret"}
        self.script(alpha={"status": 400, "error": rejected})
        for stream in (False, True):
            response = self.rest.chat(model="alpha", stream=stream, temperature=1)
            error = self.assert_error(
                response, 502, "server_error", "upstream_error", "temperature"
            )
            self.assertIn("does not accept `temperature`; leave it out", error["message"])
            self.assertNotIn("secret", json.dumps(error))

    def test_a_provider_that_asks_to_slow_down(self):
        self.script(alpha={"status": 429, "error": PROVIDER_ERROR})
        response = self.rest.chat(model="alpha")
        error = self.assert_error(response, 429, "rate_limit_error", "rate_limit_exceeded")
        self.assertIn("(alpha at provider ", error["message"])
        self.assertEqual(response.headers["retry-after"], "3")

    def test_stream_that_breaks_off_after_text_ends_with_an_error_event(self):
        self.script(
            alpha={
                "tokens": ["one ", "two ", "three ", "four "],
                "fault": {"kind": "reset", "after_tokens": 3},
            }
        )
        stream = self.rest.stream(model="alpha")
        events = [e for e in stream.data()]
        self.assertNotIn("[DONE]", events)
        self.assertEqual(set(events[-1]["error"]), {"message", "type", "param", "code"})
        reasons = [e["choices"][0]["finish_reason"] for e in events[:-1]]
        self.assertEqual(set(reasons), {None}, "nothing may look like a clean end")

    def tearDown(self):
        self.assertTrue(self.gateway.is_ready(), "both programs stay up")


class DeadServiceTest(GatewayTest):
    def test_the_shim_answers_without_the_service_and_finds_it_again(self):
        self.script_mixture()
        gateway = self.gateway
        gateway.momd.kill()
        response = self.rest.chat()
        self.assertEqual(response.status, 503, response.body)
        self.assertEqual(response.error()["type"], "server_error")
        self.assertEqual(self.rest.request("GET", "/healthz").status, 200)
        self.assertEqual(self.rest.request("GET", "/readyz").status, 503)
        gateway.start_momd()
        gateway.mom_rest.wait_until(gateway.is_ready, "/readyz again")
        self.assertEqual(self.rest.chat().status, 200)

    def test_the_service_dies_in_the_middle_of_a_stream(self):
        self.script(
            alpha={
                "tokens": ["one ", "two ", "three ", "four "],
                "gates": [{"name": "g", "token": 3}],
            }
        )
        stream = self.rest.stream(model="alpha")
        events = stream.data()
        while not (next(events)["choices"][0]["delta"].get("content")):
            pass
        self.gateway.momd.kill()
        rest = list(events)
        self.assertNotIn("[DONE]", rest)
        self.assertIn("broke off", rest[-1]["error"]["message"])
        self.assertEqual(rest[-1]["error"]["code"], "upstream_error")
        self.gateway.start_momd()
        self.gateway.mom_rest.wait_until(self.gateway.is_ready, "/readyz again")


class ShimAloneTest(unittest.TestCase):
    def test_the_shim_starts_before_the_service(self):
        gateway = Gateway()
        try:
            gateway.mom_rest.stop()
            gateway.momd.stop()
            gateway.start_mom_rest()
            self.assertEqual(gateway.rest.request("GET", "/readyz").status, 503)
            gateway.start_momd()
            gateway.mom_rest.wait_until(gateway.is_ready, "/readyz")
        finally:
            gateway.stop()
