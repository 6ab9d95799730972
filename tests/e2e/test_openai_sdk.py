"""The OpenAI SDK for Python against mom-rest."""

import openai

from harness.gateway import GatewayTest
from harness.rest import user

WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}
CALL = {"id": "call_7", "name": "weather", "arguments": '{"city": "Paris"}'}


class OpenAiSdkTest(GatewayTest):
    def setUp(self):
        base_url = f"http://127.0.0.1:{self.gateway.rest_port}/v1"
        self.client = openai.OpenAI(base_url=base_url, api_key="x", max_retries=0)
        self.addCleanup(self.client.close)

    def create(self, messages=None, model="mom", **options):
        return self.client.chat.completions.create(
            model=model, messages=messages or user("Hello"), **options
        )

    def test_whole_answer(self):
        self.script_mixture()
        completion = self.create()
        self.assertEqual(completion.choices[0].message.content, "Paris it is.")
        self.assertEqual(completion.choices[0].finish_reason, "stop")
        self.assertTrue(completion._request_id)

    def test_stream(self):
        self.script_mixture(judge={"tokens": ["Par", "is"]})
        chunks = list(self.create(stream=True, stream_options={"include_usage": True}))
        text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
        self.assertEqual(text, "Paris")
        self.assertEqual(
            [c.usage is not None for c in chunks], [False] * (len(chunks) - 1) + [True]
        )

    def test_stream_helper(self):
        self.script_mixture()
        with self.client.chat.completions.stream(model="mom", messages=user("Hello")) as stream:
            final = stream.get_final_completion()
        self.assertEqual(final.choices[0].message.content, "Paris it is.")
        self.assertEqual(final.choices[0].message.role, "assistant")

    def test_tools_round(self):
        self.script_mixture(
            alpha=[{"tool_calls": [CALL]}, "Sunny."],
            beta=[{"tool_calls": [CALL]}, "It is sunny."],
            judge="Sunny it is.",
        )
        for stream in (False, True):
            with self.subTest(stream=stream):
                self.script_mixture(
                    alpha=[{"tool_calls": [CALL]}, "Sunny."],
                    beta=[{"tool_calls": [CALL]}, "It is sunny."],
                    judge="Sunny it is.",
                )
                call, finish_reason = self.ask_for_a_call(stream)
                self.assertEqual(
                    (call.function.name, call.function.arguments), ("weather", CALL["arguments"])
                )
                self.assertEqual(finish_reason, "tool_calls")
                history = user("Weather in Paris?") + [
                    {"role": "assistant", "content": None, "tool_calls": [call.to_dict()]},
                    {"role": "tool", "tool_call_id": call.id, "content": "sunny, 25 C"},
                ]
                answer = self.create(history, tools=[WEATHER])
                self.assertEqual(answer.choices[0].message.content, "Sunny it is.")

    def ask_for_a_call(self, stream):
        options = {"model": "mom", "messages": user("Weather in Paris?"), "tools": [WEATHER]}
        if stream:
            with self.client.chat.completions.stream(**options) as events:
                choice = events.get_final_completion().choices[0]
        else:
            choice = self.client.chat.completions.create(**options).choices[0]
        (call,) = choice.message.tool_calls
        return call, choice.finish_reason

    def test_errors_have_their_classes(self):
        with self.assertRaises(openai.NotFoundError) as caught:
            self.create(model="mum")
        self.assertEqual(caught.exception.code, "model_not_found")
        with self.assertRaises(openai.BadRequestError):
            self.create(messages=[{"role": "pope", "content": "x"}])
        failed = {"status": 500, "error": {"message": "x"}}
        self.script_mixture(alpha=failed, beta=failed)
        with self.assertRaises(openai.InternalServerError):
            self.create()

    def test_leaving_the_stream_early(self):
        self.script_mixture(
            judge={"tokens": [f"t{i} " for i in range(8)], "gates": [{"name": "g", "token": 5}]}
        )
        stream = self.create(stream=True)
        next(iter(stream))
        stream.close()
        self.emulator.wait_idle()
        self.assertEqual(self.emulator.state()["cut_by_client"], 1)

    def test_models(self):
        self.assertIn("mom", [m.id for m in self.client.models.list()])
        self.assertEqual(self.client.models.retrieve("mom").id, "mom")
