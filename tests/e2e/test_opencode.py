"""opencode, not interactive, in a scratch git repository: its tools run, and it answers."""

import json
import unittest

from harness import paths
from harness.gateway import GatewayTest
from harness.scratch_repo import ScratchRepo
from harness.tap import Tap

OPENCODE = paths.tool("opencode")
CONFIG = paths.ROOT / "clients/opencode/opencode.json"
GREETING = "Bonjour, tout le monde.\n"
TITLE = {"match_body": "title generator", "text": "A greeting in French"}


def tool_call(call_id, name, **arguments):
    """A turn in which a model calls one of opencode's tools."""
    return {"tool_calls": [{"id": call_id, "name": name, "arguments": arguments}]}


@unittest.skipUnless(OPENCODE, "opencode is not installed: it needs Node")
class OpencodeTestCase(GatewayTest):
    tries_other_programs = True

    def run_opencode(self, message, port=None):
        """Lets opencode do something; returns the repository and what opencode printed."""
        base_url = f"http://127.0.0.1:{port or self.gateway.rest_port}/v1"
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


class OpencodeTest(OpencodeTestCase):
    def test_tool_calls_are_executed_and_answered(self):
        write = tool_call("call_1", "write", filePath="greeting.txt", content=GREETING)
        read = tool_call("call_2", "read", filePath="greeting.txt")
        turns = [TITLE, write, read, "It says bonjour."]
        self.script(alpha=turns, beta=turns, judge=[TITLE, "The file greets the whole world."])

        repo, output = self.run_opencode("Write a greeting in French into greeting.txt.")

        self.assertEqual(repo.read("greeting.txt"), GREETING, output)
        self.assertIn("The file greets the whole world.", output)
        (first, after_write, after_read), side_calls = self.conversations("alpha")
        for turn in (after_write, after_read):
            call = turn["messages"][-2]["tool_calls"][0]
            self.assertEqual(turn["messages"][-1]["tool_call_id"], call["id"])
            self.assertRegex(call["id"], "^call_[0-9a-f]{32}$")
        self.assertIn(GREETING.strip(), str(after_read["messages"][-1]["content"]))
        self.assertEqual(first["messages"][-1]["role"], "user")
        self.assertEqual([TITLE["match_body"] in str(call) for call in side_calls], [True])


class OpencodeLongTaskTest(OpencodeTestCase):
    """Twenty turns with tools: three members agree on the first, and one of them goes on."""

    TURNS = 20

    @staticmethod
    def change_config(config):
        config["mixtures"]["mom"].update(
            strategy="auto",
            members=["alpha", "beta", "spare"],
            critic_fallbacks=[],
            quorum=3,  # so that nobody is stopped early, and all can be counted
        )

    def test_no_turn_breaks_and_the_text_streams(self):
        turns = [
            {
                **tool_call("call_0", "write", filePath=f"part{n}.txt", content=f"part {n}\n"),
                "tokens": ["Now ", "part ", f"{n}."],
            }
            for n in range(self.TURNS)
        ]
        last = {"tokens": ["All ", "parts ", "are ", "there."]}
        others = [TITLE, turns[0]]
        self.script(alpha=[TITLE, *turns, last], beta=others, spare=others, judge=[TITLE])
        tap = Tap(self, self.gateway.rest_port)

        repo, output = self.run_opencode("Write the twenty parts.", tap.port)

        for n in range(self.TURNS):
            self.assertEqual(repo.read(f"part{n}.txt"), f"part {n}\n", output)
        self.assertIn("All parts are there.", output)
        asked, _ = self.conversations("alpha")
        self.assertEqual(len(asked), self.TURNS + 1)
        self.assertEqual([len(self.conversations(name)[0]) for name in ("beta", "spare")], [1, 1])
        ids = [m["tool_call_id"] for m in asked[-1]["messages"] if m["role"] == "tool"]
        self.assertEqual(len(set(ids)), self.TURNS)
        # Pieces of text in each answer: the first turn's was chosen whole, all others streamed.
        pieces = [
            sum(1 for event in stream for c in event["choices"] if c["delta"].get("content"))
            for stream in tap.streams().values()
            if "part" in json.dumps(stream)
        ]
        self.assertEqual(pieces[0], 1)
        self.assertEqual([count > 1 for count in pieces[1:]], [True] * self.TURNS)
