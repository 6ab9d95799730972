"""opencode, not interactive, in a scratch git repository: its tools run, and it answers."""

import json
import unittest

from harness import paths
from harness.gateway import GatewayTest
from harness.scratch_repo import ScratchRepo

OPENCODE = paths.tool("opencode")
CONFIG = paths.ROOT / "clients/opencode/opencode.json"
GREETING = "Bonjour, tout le monde.\n"
TITLE = {"match_body": "title generator", "text": "A greeting in French"}


@unittest.skipUnless(OPENCODE, "opencode is not installed: it needs Node")
class OpencodeTest(GatewayTest):
    tries_other_programs = True

    def run_opencode(self, message):
        base_url = f"http://127.0.0.1:{self.gateway.rest_port}/v1"
        config = CONFIG.read_text().replace("http://127.0.0.1:8000/v1", base_url)
        repo = ScratchRepo(
            self,
            {"opencode.json": config},
            # It needs nothing but the gateway: what it fetches for comfort stays away.
            OPENCODE_DISABLE_AUTOUPDATE="1",
            OPENCODE_DISABLE_MODELS_FETCH="1",
            OPENCODE_DISABLE_LSP_DOWNLOAD="1",
            npm_config_offline="true",
        )
        result = repo.run(OPENCODE, "run", message)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return repo, result.stdout

    def turns(self, model):
        """The conversations that a member saw, without the request for a title."""
        bodies = [json.loads(request["body"]) for request in self.emulator.requests(model)]
        return [body for body in bodies if "tools" in body]

    def test_answers(self):
        self.script_mixture(alpha=[TITLE, "Paris."], beta=[TITLE, "It is Paris."])
        _, output = self.run_opencode("Which is the capital of France?")
        self.assertIn("Paris it is.", output)

    def test_tool_calls_are_executed_and_answered(self):
        write = {"id": "call_1", "name": "write"}
        read = {"id": "call_2", "name": "read"}
        write["arguments"] = {"filePath": "greeting.txt", "content": GREETING}
        read["arguments"] = {"filePath": "greeting.txt"}
        calls = [TITLE, {"tool_calls": [write]}, {"tool_calls": [read]}, "It says bonjour."]
        self.script(alpha=calls, beta=calls, judge=[TITLE, "The file greets the whole world."])

        repo, output = self.run_opencode("Write a greeting in French into greeting.txt.")

        self.assertEqual(repo.read("greeting.txt"), GREETING, output)
        self.assertIn("The file greets the whole world.", output)
        first, after_write, after_read = self.turns("alpha")
        self.assertEqual(after_write["messages"][-1]["tool_call_id"], "call_1")
        self.assertEqual(after_read["messages"][-1]["tool_call_id"], "call_2")
        self.assertIn(GREETING.strip(), str(after_read["messages"][-1]["content"]))
        self.assertEqual([first["stream"], after_read["stream"]], [True, True])
