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


def tool_call(call_id, name, **arguments):
    """A turn in which a model calls one of opencode's tools."""
    return {"tool_calls": [{"id": call_id, "name": name, "arguments": arguments}]}


@unittest.skipUnless(OPENCODE, "opencode is not installed: it needs Node")
class OpencodeTest(GatewayTest):
    tries_other_programs = True

    def run_opencode(self, message):
        """Lets opencode do something; returns the repository and what opencode printed."""
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

    def conversations(self, model):
        """What a model was asked: the turns, and the side calls without tools."""
        bodies = [json.loads(request["body"]) for request in self.emulator.requests(model)]
        return [b for b in bodies if "tools" in b], [b for b in bodies if "tools" not in b]

    def test_tool_calls_are_executed_and_answered(self):
        write = tool_call("call_1", "write", filePath="greeting.txt", content=GREETING)
        read = tool_call("call_2", "read", filePath="greeting.txt")
        turns = [TITLE, write, read, "It says bonjour."]
        self.script(alpha=turns, beta=turns, judge=[TITLE, "The file greets the whole world."])

        repo, output = self.run_opencode("Write a greeting in French into greeting.txt.")

        self.assertEqual(repo.read("greeting.txt"), GREETING, output)
        self.assertIn("The file greets the whole world.", output)
        (first, after_write, after_read), side_calls = self.conversations("alpha")
        self.assertEqual(after_write["messages"][-1]["tool_call_id"], "call_1")
        self.assertEqual(after_read["messages"][-1]["tool_call_id"], "call_2")
        self.assertIn(GREETING.strip(), str(after_read["messages"][-1]["content"]))
        self.assertEqual(first["messages"][-1]["role"], "user")
        self.assertEqual([TITLE["match_body"] in str(call) for call in side_calls], [True])
