"""Members that cannot take all that a request has: tools, images."""

import json

from harness.gateway import GatewayTest
from harness.rest import user

PIXEL = "data:image/png;base64,iVBORw0KGgo="
TOOLS = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]
NOTE = "model beta was asked without the request's tools (models.beta.tools is false)"


class MembersTest(GatewayTest):
    """Of alpha, beta and gamma, beta takes neither tools nor images."""

    @staticmethod
    def change_config(config):
        config["models"]["gamma"] = config["models"]["alpha"]
        config["models"]["beta"] = {**config["models"]["beta"], "tools": False, "images": False}
        config["mixtures"]["mom"].update(members=["alpha", "beta", "gamma"], quorum=3)

    def bodies(self):
        """What each model was sent last."""
        return {r["model"]: json.loads(r["body"]) for r in self.emulator.requests()}

    def test_tools_that_a_member_cannot_take_are_left_out_and_noted(self):
        self.script_mixture(gamma="Paris, surely.")
        whole = self.rest.chat(tools=TOOLS)
        self.assertEqual(whole.text(), "Paris it is.")
        bodies = self.bodies()
        for model in ("alpha", "gamma"):
            self.assertEqual(bodies[model]["tools"], TOOLS)
        self.assertNotIn("tools", bodies["beta"])
        self.assertEqual(whole.json()["mom"]["notes"], [NOTE])
        self.assertFalse(whole.json()["mom"]["degraded"], "the config promises no more")
        *_, finish, _ = self.rest.stream(tools=TOOLS).data()
        self.assertEqual(finish["mom"]["notes"], [NOTE])
        self.assertIn(NOTE, self.gateway.momd.output())

    def test_a_model_asked_alone_says_so_too(self):
        self.script(beta="No tools here.")
        self.assertEqual(self.rest.chat(model="beta", tools=TOOLS).json()["mom"]["notes"], [NOTE])
        self.assertEqual(self.rest.chat(model="beta").json()["mom"]["notes"], [])

    def test_images_reach_the_members_that_take_them(self):
        self.script_mixture(gamma="It is red.")
        parts = [
            {"type": "text", "text": "What is this?"},
            {"type": "image_url", "image_url": {"url": PIXEL, "detail": "low"}},
        ]
        for stream in (False, True):
            self.emulator.load(**{m: [{"text": "It is red."}] for m in ("alpha", "gamma", "judge")})
            messages = [{"role": "user", "content": parts}]
            if stream:
                text = "".join(self.rest.stream(messages).texts())
            else:
                response = self.rest.chat(messages)
                text = response.text()
                self.assertIn("UNSUPPORTED_INPUT", str(response.json()["mom"]["degraded_reasons"]))
            self.assertEqual(text, "It is red.")
            bodies = self.bodies()
            self.assertEqual(set(bodies), {"alpha", "gamma", "judge"}, "beta sits out")
            for model in ("alpha", "gamma"):
                self.assertEqual(bodies[model]["messages"][-1]["content"], parts)

    def test_where_nobody_takes_images_the_caller_is_told(self):
        messages = [
            {"role": "user", "content": [{"type": "image_url", "image_url": {"url": PIXEL}}]}
        ]
        self.script(beta="It is red.")
        response = self.rest.chat(messages, model="beta")
        self.assertEqual(response.status, 400)
        self.assertIn("models.beta.images is false; ask another", response.error()["message"])
        self.assertEqual(self.emulator.requests("beta"), [])


class DeprecatedFunctionsTest(GatewayTest):
    """`functions` and `function_call`, as clients of before `tools` write them."""

    def test_a_round_trip(self):
        functions = [{"name": "look", "parameters": {"type": "object"}}]
        calls = [{"id": "c1", "name": "look", "arguments": {"at": 1}}]
        self.script(alpha=[{"tool_calls": calls}, "Rain."])
        messages = user("How is the weather?")
        choice = self.rest.chat(messages, model="alpha", functions=functions).json()["choices"][0]
        self.assertEqual(choice["finish_reason"], "function_call")
        call = choice["message"]["function_call"]
        self.assertEqual((call["name"], json.loads(call["arguments"])), ("look", {"at": 1}))
        self.assertNotIn("tool_calls", choice["message"])

        messages += [choice["message"], {"role": "function", "name": "look", "content": "rain"}]
        whole = self.rest.chat(messages, model="alpha", functions=functions, function_call="auto")
        self.assertEqual(whole.text(), "Rain.")
        sent = json.loads(self.emulator.requests("alpha")[-1]["body"])
        self.assertEqual(sent["tools"], [{"type": "function", "function": functions[0]}])
        self.assertEqual(sent["tool_choice"], "auto")
        self.assertFalse({"functions", "function_call"} & set(sent))
        asked, result = sent["messages"][1:]
        self.assertEqual(asked["tool_calls"][0]["function"], call)
        self.assertEqual(result["role"], "tool")
        self.assertEqual(result["tool_call_id"], asked["tool_calls"][0]["id"])

    def test_streamed(self):
        calls = [{"id": "c1", "name": "look", "arguments": {"at": 1}}]
        self.script(alpha={"tool_calls": calls})
        stream = self.rest.stream(model="alpha", functions=[{"name": "look"}])
        events = list(stream.data())
        self.assertEqual(events.pop(), "[DONE]")
        deltas = [e["choices"][0]["delta"] for e in events]
        calls = [d["function_call"] for d in deltas if "function_call" in d]
        self.assertEqual([c["name"] for c in calls if "name" in c], ["look"])
        self.assertEqual(json.loads("".join(c["arguments"] for c in calls)), {"at": 1})
        self.assertFalse(any("tool_calls" in d for d in deltas))
        self.assertEqual(events[-1]["choices"][0]["finish_reason"], "function_call")


class ExtendedToolTest(GatewayTest):
    """A tool with keys of a provider's own is a tool like any other."""

    def test_its_calls_come_through(self):
        tool = {**TOOLS[0], "cache_control": {"type": "ephemeral"}}
        calls = [{"id": "c1", "name": "look", "arguments": {}}]
        self.script_mixture(alpha={"tool_calls": calls}, beta="No idea.")
        response = self.rest.chat(tools=[tool])
        self.assertEqual(json.loads(self.emulator.requests("alpha")[0]["body"])["tools"], [tool])
        (call,) = response.json()["choices"][0]["message"]["tool_calls"]
        self.assertEqual(call["function"]["name"], "look")
        self.assertFalse(response.json()["mom"]["degraded"])
