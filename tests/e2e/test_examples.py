"""Every example under clients/ works as it stands."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from harness import paths, stubs
from harness.gateway import GatewayTest
from harness.process import clean_environment

CLIENTS = paths.ROOT / "clients"
NODE_PACKAGES = paths.DEPS / "node" / "node_modules"
NODE = shutil.which("node") if NODE_PACKAGES.exists() else None
GO = shutil.which("go") if paths.tool("protoc-gen-go") else None


class ExamplesTest(GatewayTest):
    tries_other_programs = True

    def run_command(self, *command, cwd=None, **env):
        folders = [str(paths.DEPS / "go" / "bin"), os.environ["PATH"]]
        result = subprocess.run(
            list(map(str, command)),
            cwd=cwd,
            env=clean_environment(
                PATH=":".join(folders),
                BASE_URL=f"http://127.0.0.1:{self.gateway.rest_port}/v1",
                GRPC_ADDRESS=f"127.0.0.1:{self.gateway.grpc_port}",
                **env,
            ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def run_example(self, *command, expected="Paris it is.", cwd=None, models=None, **env):
        self.script_mixture(**(models or {}))
        result = self.run_command(*command, cwd=cwd, **env)
        self.assertIn(expected, result.stdout)
        return result

    def copy_of(self, name):
        """The folder of an example in a checkout of its own, for what is made and installed there."""
        folder = tempfile.TemporaryDirectory(prefix="mom-examples.")
        self.addCleanup(folder.cleanup)
        checkout = pathlib.Path(folder.name)
        (checkout / "proto").symlink_to(paths.ROOT / "proto")
        (checkout / "node_modules").symlink_to(NODE_PACKAGES)
        made = shutil.ignore_patterns("mom", "node_modules")
        return shutil.copytree(CLIENTS / name, checkout / "clients" / name, ignore=made)

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
        for example in ("openai_text.py", "openai_stream.py"):
            with self.subTest(example):
                self.run_example(sys.executable, CLIENTS / "python" / example)

    def test_python_openai_tools(self):
        call = {"id": "call_1", "name": "temperature", "arguments": {"city": "Paris"}}
        calls = [{"tool_calls": [call]}, "21 degrees."]
        self.run_example(
            sys.executable,
            CLIENTS / "python/openai_tools.py",
            models={"alpha": calls, "beta": calls, "judge": "It is 21 degrees in Paris."},
            expected="It is 21 degrees in Paris.",
        )
        self.assertIn('\\"celsius\\": 21', self.emulator.requests("beta")[1]["body"])

    def test_python_openai_structured(self):
        city = '{"name": "Paris", "country": "France"}'
        self.run_example(
            sys.executable,
            CLIENTS / "python/openai_structured.py",
            models={"alpha": city, "beta": city, "judge": city},
            expected="Paris in France",
        )
        self.assertIn('"json_schema"', self.emulator.requests("judge")[0]["body"])

    def test_python_grpc(self):
        stubs.load()
        folder = stubs.load.keep.name
        result = self.run_example(
            sys.executable, CLIENTS / "python/grpc_stream.py", PYTHONPATH=folder
        )
        self.assertIn("[answered by judge]", result.stderr)

    def test_node_openai(self):
        if not NODE:
            self.skipTest("the packages of Node are not installed")
        self.run_example(NODE, self.copy_of("node") / "openai_stream.js")

    def test_node_grpc(self):
        if not NODE:
            self.skipTest("the packages of Node are not installed")
        result = self.run_example(NODE, self.copy_of("node") / "grpc_stream.js")
        self.assertIn("[beta: CANDIDATE_STATE_SUCCEEDED]", result.stderr)
        self.assertIn("[answered by judge]", result.stderr)

    def test_go(self):
        if not GO:
            self.skipTest("Go is not installed, or older than 1.24")
        example = self.copy_of("go")
        self.run_command(GO, "generate", cwd=example)
        result = self.run_example(GO, "run", ".", cwd=example)
        self.assertIn("[beta: CANDIDATE_STATE_SUCCEEDED]", result.stderr)
        self.assertIn("[answered by judge]", result.stderr)

    def test_grpcurl(self):
        if not paths.tool("grpcurl"):
            self.skipTest("grpcurl is not installed: it needs Go")
        for protoset in ("", paths.protoset()):
            with self.subTest(protoset=protoset):
                example = self.run_example(CLIENTS / "grpcurl/synthesize.sh", PROTOSET=protoset)
                self.assertIn('"model": "alpha"', example.stdout)

    def test_none_is_forgotten(self):
        tests = pathlib.Path(__file__).read_text()
        readme = (CLIENTS / "README.md").read_text()
        examples = [p.name for p in CLIENTS.glob("*/*") if p.suffix in (".py", ".js", ".sh")]
        self.assertTrue(examples)
        self.assertEqual([name for name in examples if name not in tests], [])
        self.assertEqual([name for name in examples if name not in readme], [])
