"""Which strategy runs: what `auto` makes of a request, as clients see it, and the ones by name."""

import json

from harness.cli import CliTest
from harness.gateway import GatewayTest
from harness.rest import user

FENCE = "`" * 3
AIDER = """Act as an expert software developer.
# *SEARCH/REPLACE block* Rules:
1. The *FULL* file path alone on a line, verbatim.
"""
FILES = f"""I have *added these files to the chat* so you can go ahead and edit them.

a.py
{FENCE}
x = 1
{FENCE}
"""
CHAT = [{"role": "system", "content": AIDER}, *user(FILES)]


def edit(line):
    return f"a.py\n{FENCE}\n<<<<<<< SEARCH\n{line}\n=======\nx = 2\n>>>>>>> REPLACE\n{FENCE}\n"


class AutoTest(GatewayTest):
    @staticmethod
    def change_config(config):
        del config["mixtures"]["mom"]["strategy"]

    def ask(self, messages, **parameters):
        """The text, and which strategy ran; as in the header."""
        response = self.rest.chat(messages, **parameters)
        strategy = response.json()["mom"]["strategy"]
        self.assertEqual(response.headers["x-mom-strategy"], strategy)
        return response.text(), strategy

    def test_open_prose_is_synthesized(self):
        self.script_mixture()
        self.assertEqual(self.ask("What is the capital?"), ("Paris it is.", "synthesize"))

    def test_edits_are_selected(self):
        self.script(alpha=edit("y = 1"), beta=edit("x = 1"))
        self.assertEqual(self.ask(CHAT), (edit("x = 1"), "select"))

    def test_edits_are_selected_where_the_client_marks_its_prompt_for_a_cache(self):
        self.script(alpha=edit("y = 1"), beta=edit("x = 1"))
        part = {"type": "text", "text": AIDER, "cache_control": {"type": "ephemeral"}}
        marked = [{"role": "system", "content": [part]}, *user(FILES)]
        self.assertEqual(self.ask(marked), (edit("x = 1"), "select"))
        sent = json.loads(self.emulator.requests("alpha")[0]["body"])["messages"]
        self.assertEqual(sent[0]["content"], [part])

    def test_json_is_selected(self):
        self.script(alpha="Here you are: {}", beta='{"a": 1}')
        format = {"type": "json_object"}
        self.assertEqual(self.ask("JSON!", response_format=format), ('{"a": 1}', "select"))

    def test_a_closed_answer_is_voted_on(self):
        self.script(alpha="**Yes**", beta="yes")
        self.assertEqual(
            self.ask("Is 7 a prime number? Answer only yes or no."), ("yes", "vote")
        )


class NamedTest(CliTest):
    @staticmethod
    def change_config(config):
        CliTest.change_config(config)
        config["mixtures"]["fast"] = {"members": ["alpha", "beta"], "strategy": "race"}
        config["mixtures"]["again"] = {"members": ["alpha"], "strategy": "self", "samples": 2}

    def test_a_race_streams_the_first_and_stops_the_other(self):
        self.script(alpha={"text": "late", "gates": [{"name": "never"}]}, beta="Paris it is.")
        self.assertEqual("".join(self.rest.stream(model="fast").texts()), "Paris it is.")
        self.emulator.wait_idle()

    def test_samples_of_one_model_are_told_apart(self):
        usage = {"prompt": 100, "completion": 10}
        self.script(alpha=[{"text": text, "usage": usage} for text in ("Paris.", "Rome.", "Paris!")])
        result = self.mom("ask", "--watch", "--model", "again", "Which?")
        self.assertEqual((result.returncode, result.stdout), (0, "Paris!\n"))
        for line in ("asks alpha 1, alpha 2; ", "alpha 1: usable", "alpha 2: usable"):
            self.assertIn(line, result.stderr)
