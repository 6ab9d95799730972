"""Every example under clients/ works as it stands."""

import os
import subprocess
import sys

from harness import paths, stubs
from harness.gateway import GatewayTest
from harness.process import clean_environment

CLIENTS = paths.ROOT / "clients"
GRPCURL = paths.tool("grpcurl")


class ExamplesTest(GatewayTest):
    tries_other_programs = True

    def run_example(self, *command, expected="Paris it is.", **env):
        self.script_mixture()
        folders = [str(paths.DEPS / "go" / "bin"), os.environ["PATH"]]
        result = subprocess.run(
            list(map(str, command)),
            env=clean_environment(
                PATH=":".join(folders),
                BASE_URL=f"http://127.0.0.1:{self.gateway.rest_port}/v1",
                GRPC_ADDRESS=f"127.0.0.1:{self.gateway.grpc_port}",
                **env,
            ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(expected, result.stdout)
        return result

    def test_curl(self):
        self.run_example(CLIENTS / "curl/chat.sh", "Which capital?")
        self.assertIn("Which capital?", self.emulator.requests("alpha")[0]["body"])

    def test_curl_stream(self):
        self.run_example(CLIENTS / "curl/stream.sh", expected="data: [DONE]")

    def test_python_standard_library(self):
        base_url = f"http://127.0.0.1:{self.gateway.rest_port}/v1"
        self.run_example(
            sys.executable, CLIENTS / "python/ask.py", "--base-url", base_url, "Which capital?"
        )

    def test_python_openai(self):
        self.run_example(sys.executable, CLIENTS / "python/openai_chat.py")

    def test_python_grpc(self):
        stubs.load()
        folder = stubs.load.keep.name
        result = self.run_example(
            sys.executable, CLIENTS / "python/grpc_chat.py", PYTHONPATH=folder
        )
        self.assertIn("answered by judge", result.stderr)

    def test_grpcurl(self):
        if not GRPCURL:
            self.skipTest("grpcurl is not installed: it needs Go")
        self.assertIn(
            '"model": "alpha"', self.run_example(CLIENTS / "grpcurl/synthesize.sh").stdout
        )
