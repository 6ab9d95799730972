"""Streaming is streaming: what the critic writes reaches the client while it writes."""

from harness.gateway import GatewayTest

PACED = {
    "tokens": [f"token{i} " for i in range(8)],
    "pace_ms": 50,
    "gates": [{"name": "fourth", "token": 3}],
}


class TrueStreamingTest(GatewayTest):
    def first_text_comes_before_the_fourth_token(self, model):
        stream = self.rest.stream(model=model)
        texts = stream.texts()
        begin = next(texts)  # the gate is closed: at most three tokens can have been sent
        self.assertTrue("token0 token1 token2 ".startswith(begin))
        self.emulator.open("fourth")
        self.assertEqual(begin + "".join(texts), "".join(PACED["tokens"]))

    def test_the_critics_answer(self):
        self.script_mixture(judge=PACED)
        self.first_text_comes_before_the_fourth_token("mom")

    def test_the_answer_of_a_single_member(self):
        self.script(alpha=PACED)
        self.first_text_comes_before_the_fourth_token("alone")

    def test_the_answer_of_one_model(self):
        self.script(alpha=PACED)
        self.first_text_comes_before_the_fourth_token("alpha")


class KeepAliveTest(GatewayTest):
    @staticmethod
    def change_config(config):
        config["rest"].update(keep_alive="100ms", commit_after="100ms")

    def test_comments_come_while_candidates_think(self):
        self.script_mixture(alpha={"text": "Paris.", "gates": [{"name": "thinking"}]})
        stream = self.rest.stream()
        self.assertEqual(stream.status, 200)
        lines = stream.lines()
        while not (line := next(lines)).startswith(":"):
            self.assertNotIn('content":"', line)
        self.emulator.open("thinking")
        self.assertEqual([line for line in lines if line][-1], "data: [DONE]")


class ProgressTest(GatewayTest):
    @staticmethod
    def change_config(config):
        config["rest"]["progress"] = "reasoning"

    def test_a_waiting_client_sees_how_it_goes(self):
        self.script_mixture(judge={"tokens": ["Paris ", "it is."]})
        chunks = [chunk for chunk in self.rest.stream().data() if chunk != "[DONE]"]
        deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
        kinds = ["thought" if "reasoning_content" in delta else "text" for delta in deltas[:-1]]
        self.assertEqual(kinds, sorted(kinds, reverse=True), "no thoughts after the answer began")
        thoughts = "".join(delta.get("reasoning_content", "") for delta in deltas)
        self.assertTrue(thoughts.startswith("asked: alpha, beta\n\n"), thoughts)
        self.assertIn("alpha has answered\n\n", thoughts)
        self.assertIn("judge writes the answer\n\n", thoughts)
        text = "".join(delta.get("content") or "" for delta in deltas)
        self.assertEqual(text, "Paris it is.")
