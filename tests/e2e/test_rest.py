"""mom-rest, byte by byte: the success paths."""

import json

from harness.gateway import CANARY, GatewayTest
from harness.process import wait_until
from harness.rest import user


class RestTest(GatewayTest):
    def test_whole_answer(self):
        self.script_mixture(judge="Paris it is.")
        response = self.rest.chat("What is the capital of France?")
        self.assertEqual(response.status, 200)
        self.assertEqual(response.headers["content-type"], "application/json")
        self.assertTrue(response.headers["x-request-id"])
        body = response.json()
        self.assertRegex(body["id"], "^chatcmpl-")
        self.assertEqual(body["object"], "chat.completion")
        self.assertIsInstance(body["created"], int)
        self.assertEqual(body["model"], "mom")
        choice = body["choices"][0]
        self.assertEqual(
            choice["message"], {"role": "assistant", "content": "Paris it is.", "refusal": None}
        )
        self.assertEqual((choice["index"], choice["finish_reason"]), (0, "stop"))
        self.assertIsNone(choice["logprobs"])
        usage = body["usage"]
        self.assertEqual(usage["total_tokens"], usage["prompt_tokens"] + usage["completion_tokens"])
        self.assertNotIn("error", body)

    def test_the_critic_sees_both_candidates_and_the_conversation(self):
        self.script_mixture(alpha="The candidate of alpha.", beta="The candidate of beta.")
        self.rest.chat("Which capital?")
        self.assertEqual(len(self.emulator.requests("alpha")), 1)
        self.assertEqual(len(self.emulator.requests("beta")), 1)
        (asked,) = self.emulator.requests("judge")
        for text in ("Which capital?", "The candidate of alpha.", "The candidate of beta."):
            self.assertIn(text, asked["body"])

    def test_the_key_goes_to_the_provider_and_the_callers_does_not(self):
        self.script_mixture()
        self.rest.chat()
        for request in self.emulator.requests():
            sent = {name.lower(): value for name, value in request["headers"]}
            self.assertEqual(sent["authorization"], f"Bearer {CANARY}")

    def test_stream(self):
        self.script_mixture(judge={"tokens": ["Par", "is", " it is."]})
        stream = self.rest.stream()
        self.assertEqual(stream.status, 200)
        self.assertTrue(stream.header("content-type").startswith("text/event-stream"))
        events = list(stream.data())
        self.assertEqual(events.pop(), "[DONE]")
        self.assertEqual(len({(e["id"], e["model"], e["created"]) for e in events}), 1)
        self.assertEqual({e["object"] for e in events}, {"chat.completion.chunk"})
        self.assertTrue(all(len(e["choices"]) == 1 for e in events), "no usage was asked for")
        deltas = [e["choices"][0]["delta"] for e in events]
        self.assertEqual([d["role"] for d in deltas if "role" in d], ["assistant"])
        self.assertEqual("".join(d.get("content") or "" for d in deltas), "Paris it is.")
        reasons = [e["choices"][0]["finish_reason"] for e in events]
        self.assertEqual(reasons, [None] * (len(events) - 1) + ["stop"])
        self.assertFalse(deltas[-1].get("content"), "aider drops text beside a finish_reason")

    def test_stream_has_usage_where_asked_for(self):
        self.script_mixture()
        *_, usage, done = self.rest.stream(stream_options={"include_usage": True}).data()
        self.assertEqual((usage["choices"], done), ([], "[DONE]"))
        self.assertGreater(usage["usage"]["completion_tokens"], 0)

    def test_stream_and_whole_answer_agree(self):
        self.script_mixture(judge={"text": "One two three, naïve café 🎉.", "chunk_chars": 1})
        whole = self.rest.chat().text()
        self.assertEqual("".join(self.rest.stream().texts()), whole)
        self.assertEqual(whole, "One two three, naïve café 🎉.")

    def test_one_model_by_its_name(self):
        self.script(alpha="From alpha alone.")
        self.assertEqual(self.rest.chat(model="alpha").text(), "From alpha alone.")
        self.assertEqual([r["model"] for r in self.emulator.requests()], ["alpha"])

    def test_unknown_and_zero_parameters_reach_the_provider(self):
        self.script(alpha="Yes.")
        self.rest.chat(
            model="alpha",
            temperature=0,
            seed=9007199254740993,
            top_k=7,
            store=True,
            brand_new={"a": 1},
        )
        body = self.emulator.requests("alpha")[0]["body"]
        for text in (
            '"temperature":0',
            '"seed":9007199254740993',
            '"top_k":7',
            '"brand_new":{"a":1}',
        ):
            self.assertIn(text, body.replace(" ", ""))

    def test_one_failed_member_is_only_degraded(self):
        self.script_mixture(beta={"status": 500, "error": {"message": "broken"}})
        response = self.rest.chat()
        self.assertEqual(response.status, 200)
        self.assertEqual(response.text(), "Paris.", "one usable candidate needs no critic")
        self.assertTrue(response.json()["mom"]["degraded"])

    def test_failed_critic_falls_back(self):
        self.script_mixture(
            judge={"status": 500, "error": {"message": "broken"}}, spare="By the spare."
        )
        response = self.rest.chat()
        self.assertEqual(response.text(), "By the spare.")
        self.assertTrue(response.json()["mom"]["degraded"])

    def test_cut_answers_are_passed_on_as_cut(self):
        cut = {"text": "Only a few", "finish_reason": "length"}
        self.script_mixture(alpha=cut, beta=cut)
        choice = self.rest.chat(max_tokens=3).json()["choices"][0]
        self.assertEqual(
            (choice["message"]["content"], choice["finish_reason"]), ("Only a few", "length")
        )

    def test_models(self):
        listed = self.rest.request("GET", "/v1/models").json()
        self.assertEqual(listed["object"], "list")
        names = [m["id"] for m in listed["data"]]
        self.assertEqual(names, ["mom", "alone", "alpha", "beta", "judge", "spare"])
        one = self.rest.request("GET", "/v1/models/mom").json()
        self.assertEqual((one["id"], one["object"]), ("mom", "model"))

    def test_health(self):
        for path in ("/healthz", "/readyz"):
            self.assertEqual(self.rest.request("GET", path).status, 200)

    def test_the_callers_ids_go_with_every_call_and_into_the_logs(self):
        self.script_mixture()
        trace_id = "0af7651916cd43dd8448eb211c80319c"
        parent = f"00-{trace_id}-b7ad6b7169203331-01"
        body = {"model": "mom", "messages": user("Hello")}
        for wrong in ("", "x"):
            headers = {"x-request-id": "ids-" + wrong, "traceparent": parent + wrong}
            self.rest.request("POST", "/v1/chat/completions", body, headers)
        calls = [dict(map(self.lower_name, r["headers"])) for r in self.emulator.requests()]
        self.assertEqual([c["x-request-id"] for c in calls], ["ids-"] * 3 + ["ids-x"] * 3)
        traces = [c.get("traceparent") for c in calls]
        self.assertEqual(traces[3:], [None] * 3, "a malformed one goes no further")
        for trace in traces[:3]:
            self.assertRegex(trace, f"^00-{trace_id}-[0-9a-f]{{16}}-01$")
        self.assertEqual(len({parent, *traces[:3]}), 4, "each call is a span of its own")
        for program in (self.gateway.momd, self.gateway.mom_rest):
            lines = wait_until(lambda: self.lines_with(program, "ids-x"), "the log line")
            self.assertEqual([line["trace_id"] for line in lines], [""])
            self.assertEqual(
                [line["trace_id"] for line in self.lines_with(program, "ids-")], [trace_id]
            )

    @staticmethod
    def lower_name(header):
        return header[0].lower(), header[1]

    @staticmethod
    def lines_with(program, request_id):
        lines = [json.loads(line) for line in program.output().splitlines()]
        return [line for line in lines if line.get("request_id") == request_id]

    def test_the_callers_request_id_comes_back(self):
        response = self.rest.request("GET", "/v1/models", headers={"x-request-id": "mine-42"})
        self.assertEqual(response.headers["x-request-id"], "mine-42")
