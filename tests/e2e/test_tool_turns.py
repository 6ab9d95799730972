"""Turns with tools by the strategy `arbitrate`: who is asked, what goes out, and under which ids."""

import json
import random
import re

from harness.gateway import Gateway, GatewayTest, calls_of
from harness.rest import user

MODELS = ("alpha", "beta", "spare", "judge")
PANEL = MODELS[:3]
TOOLS = [
    {
        "type": "function",
        "function": {"name": name, "parameters": {"type": "object", "properties": {}}},
    }
    for name in ("read", "write")
]
SEED = 6
VECTORS = 60


def call(name, **arguments):
    """What a model says that calls one tool; its own id is that of every other model's calls."""
    return {"tool_calls": [{"id": "call_0", "name": name, "arguments": arguments}]}


def arbitrate(config):
    config["mixtures"]["mom"].update(
        strategy="arbitrate", members=list(PANEL), critic="judge", critic_fallbacks=[], quorum=0
    )


def results_of(message, text="done"):
    """The conversation's next messages: the answer, and a result for each of its calls."""
    results = [
        {"role": "tool", "tool_call_id": c["id"], "content": text} for c in message["tool_calls"]
    ]
    return [message, *results]


def fold(events):
    """The message that a stream's events make, and its finish_reason."""
    message, reason, calls = {"role": "assistant", "content": ""}, None, {}
    for event in events:
        for choice in event["choices"] if event != "[DONE]" else []:
            message["content"] += choice["delta"].get("content") or ""
            for piece in choice["delta"].get("tool_calls", []):
                made = calls.setdefault(piece["index"], {"function": {"arguments": ""}})
                made["id"] = piece.get("id", made.get("id"))
                function = piece["function"]
                made["function"]["name"] = function.get("name", made["function"].get("name"))
                made["function"]["arguments"] += function.get("arguments", "")
            reason = choice["finish_reason"] or reason
    return {**message, "tool_calls": [calls[index] for index in sorted(calls)]}, reason


class ToolTurnsTest(GatewayTest):
    change_config = staticmethod(arbitrate)

    def setUp(self):
        self.script(alpha=call("write"), beta=call("read"), spare=call("read"), judge="Judged.")
        answer = self.rest.chat("Question", tools=TOOLS).json()
        self.assertEqual(answer["mom"]["answered_by"], "beta")
        self.history = user("Question") + results_of(answer["choices"][0]["message"])

    def check_goes_on(self, gateway):
        """That the one who read is asked, alone, under the ids that the client has."""
        gateway.emulator.load(**{name: calls_of(f"By {name}.") for name in MODELS})
        answer = gateway.rest.chat(self.history, tools=TOOLS)
        self.assertEqual(answer.text(), "By beta.")
        (request,) = gateway.emulator.requests()
        seen = json.loads(request["body"])["messages"]
        self.assertEqual(seen[1]["tool_calls"][0]["id"], self.history[1]["tool_calls"][0]["id"])
        self.assertEqual(seen[2]["tool_call_id"], self.history[2]["tool_call_id"])

    def test_results_go_to_who_called(self):
        self.check_goes_on(self.gateway)

    def test_results_find_who_called_after_a_restart(self):
        self.assertEqual(self.gateway.momd.stop(), 0)
        self.gateway.start_momd()
        self.gateway.mom_rest.wait_until(self.gateway.is_ready, "/readyz")
        self.check_goes_on(self.gateway)

    def test_results_find_who_called_on_another_replica(self):
        with Gateway(arbitrate) as replica:
            self.check_goes_on(replica)

    def test_a_turn_with_results_streams_its_text_and_holds_its_calls(self):
        tokens = {"tokens": ["I ", "read ", "on."], "gates": [{"name": "end", "token": 3}]}
        self.script(beta={**tokens, **call("read", path="b")})
        stream = self.rest.stream(self.history, tools=TOOLS)
        events = stream.data()
        text = ""
        while text != "I read on.":
            for choice in next(events)["choices"]:
                self.assertNotIn("tool_calls", choice["delta"])
                text += choice["delta"].get("content") or ""
        self.emulator.open("end")
        message, reason = fold(events)
        (made,) = message["tool_calls"]
        self.assertEqual(json.loads(made["function"]["arguments"]), {"path": "b"})
        self.assertEqual(reason, "tool_calls")


class SignedCallsTest(GatewayTest):
    """Gemini signs its calls, and refuses the next turn without the signatures."""

    change_config = staticmethod(arbitrate)
    SIGNED = {"google": {"thought_signature": "c2ln"}}

    def setUp(self):
        made = {"index": 0, "id": "call_0", "type": "function", "extra_content": self.SIGNED}
        made["function"] = {"name": "read", "arguments": "{}"}
        choice = {"index": 0, "delta": {"tool_calls": [made]}, "finish_reason": "tool_calls"}
        body = f"data: {json.dumps({'choices': [choice]})}\n\ndata: [DONE]\n\n"
        sse = {"headers": {"Content-Type": "text/event-stream"}, "body": body}
        self.script(alpha=sse, beta=call("read"), spare="Words.")
        answer = self.rest.chat("Question", tools=TOOLS).json()
        self.assertEqual(answer["mom"]["answered_by"], "alpha")
        self.message = answer["choices"][0]["message"]

    def signature_upstream(self, message):
        self.script(alpha="By alpha.")
        answer = self.rest.chat(user("Question") + results_of(message), tools=TOOLS)
        self.assertEqual(answer.text(), "By alpha.")
        request = json.loads(self.emulator.requests()[-1]["body"])
        return request["messages"][1]["tool_calls"][0].get("extra_content")

    def test_a_client_that_sends_them_back_needs_no_memory(self):
        self.assertEqual(self.message["tool_calls"][0]["extra_content"], self.SIGNED)
        self.assertEqual(self.gateway.momd.stop(), 0)
        self.gateway.start_momd()
        self.gateway.mom_rest.wait_until(self.gateway.is_ready, "/readyz")
        self.assertEqual(self.signature_upstream(self.message), self.SIGNED)

    def test_for_a_client_that_drops_them_they_are_remembered(self):
        del self.message["tool_calls"][0]["extra_content"]
        self.assertEqual(self.signature_upstream(self.message), self.SIGNED)


class ToolMatrixTest(GatewayTest):
    """A short form of tests/engine/tool_matrix_test.cc over real sockets."""

    change_config = staticmethod(arbitrate)

    def vector(self, rng):
        """What is asked, what each model does, and which answers are right: tools, or "words"."""
        tool = rng.choice(("read", "write"))
        asked = {"tools": TOOLS, "stream": rng.random() < 0.5}
        choice = rng.choice((None, "auto", "required", "none", "function"))
        if choice:
            asked["tool_choice"] = choice
        if choice == "function":
            asked["tool_choice"] = {"type": "function", "function": {"name": tool}}
        if rng.random() < 0.5:
            asked["parallel_tool_calls"] = False
        good = call(tool, path="a")
        others = (
            {"tool_calls": [{"id": "x", "name": tool, "arguments": '{"path": '}]},
            {"tool_calls": [{"id": "x", "name": "rm", "arguments": {}}]},
            {"tool_calls": [{"id": "x", "name": tool, "arguments": {}}] * 2},
            "Words.",
            good,
        )
        agrees = rng.random() < 0.6
        doings = [good, good if agrees else "Words.", rng.choice(others)]
        rng.shuffle(doings)
        right = {tool} if agrees or choice in ("required", "function") else {tool, "words"}
        if choice == "none":
            right = {"words", "failed"}
        return asked, dict(zip(PANEL, doings)), good, right

    def answer(self, asked):
        """The message and its finish_reason, or None where the request failed."""
        if not asked["stream"]:
            response = self.rest.chat("Question", **asked)
            if response.status != 200:
                return None
            choice = response.json()["choices"][0]
            return choice["message"], choice["finish_reason"]
        stream = self.rest.start("Question", **asked)
        return fold(stream.data()) if stream.status == 200 else None

    def check(self, asked, doings, good, right):
        self.script(**doings, judge=good)
        answer = self.answer(asked)
        if answer is None:
            self.assertIn("failed", right)
            return
        message, reason = answer
        calls = message.get("tool_calls") or []
        self.assertEqual(reason, "tool_calls" if calls else "stop")
        self.assertIn(calls[0]["function"]["name"] if calls else "words", right)
        self.assertTrue(calls or message["content"])
        ids = [c["id"] for c in calls]
        self.assertEqual(len(ids), len(set(ids)))
        for made in calls:
            self.assertRegex(made["id"], re.compile(r"^call_[0-9a-f]{32}$"))
            json.loads(made["function"]["arguments"])
        if asked.get("parallel_tool_calls") is False:
            self.assertLessEqual(len(calls), 1)

    def test_tool_matrix(self):
        rng = random.Random(SEED)
        failures = 0
        for number in range(VECTORS):
            asked, doings, good, right = self.vector(rng)
            with self.subTest(number=number, asked=asked, doings=doings):
                failures += 1
                self.check(asked, doings, good, right)
                failures -= 1
        print(f"tool matrix over REST: {VECTORS} vectors, seed {SEED}, {failures} failures")
