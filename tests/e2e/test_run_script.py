"""`make run` with a config of one's own."""

import json
import pathlib
import signal
import subprocess
import tempfile
import unittest

from harness import paths
from harness.emulator import Emulator
from harness.process import Process, clean_environment, free_port
from harness.rest import Rest

SECONDS = 120
SCRIPT = paths.ROOT / "scripts/run.sh"


class OwnConfigTest(unittest.TestCase):
    tries_other_programs = True

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mom-own.")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.emulator = Emulator(self.folder, clean_environment())
        self.addCleanup(self.emulator.process.stop)
        self.emulator.load(alpha=[{"text": "From alpha."}])

        self.socket = f"unix:{self.folder}/own.sock"
        self.config = self.folder / "own.yaml"
        self.env = clean_environment(
            BIN=paths.programs(), CONFIG=self.config, TMPDIR=self.folder
        )

    def write_config(self, rest, **provider):
        """A config that listens at `rest`."""
        provider["base_url"] = self.emulator.base_url
        self.config.write_text(
            json.dumps(
                {
                    "server": {"listen": [self.socket]},
                    "rest": {"listen": rest, "service": self.socket},
                    "providers": {"emulator": provider},
                    "models": {"alpha": {"provider": "emulator"}},
                    "mixtures": {"mom": {"members": ["alpha"], "strategy": "single"}},
                }
            )
        )

    def run_once(self, rest, **provider):
        self.write_config(rest, **provider)
        return subprocess.run(
            [SCRIPT],
            env={**self.env, "ONCE": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def test_the_config_decides_where_it_listens(self):
        rest = f"127.0.0.1:{free_port()}"
        result = self.run_once(rest)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertNotIn("local models", result.stdout, "it does not use them")
        for line in ("From alpha.", f"http://{rest}/v1", self.socket):
            self.assertIn(line, result.stdout)

    def test_a_default_port_of_the_config_is_taken(self):
        port = free_port()
        result = self.run_once(f"127.0.0.1:${{MOM_REST_PORT:-{port}}}")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn(f"http://127.0.0.1:{port}/v1", result.stdout)

    def test_another_port_is_taken_where_the_default_is_in_use(self):
        taken = self.emulator.port
        result = self.run_once(f"127.0.0.1:${{MOM_REST_PORT:-{taken}}}")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn(f"Port {taken} is in use; taking ", result.stdout)
        self.assertNotIn(f"127.0.0.1:{taken}/v1   (", result.stdout)

    def test_a_mistake_is_told_before_the_local_models_start(self):
        result = self.run_once("127.0.0.1:0", api_key="${MOM_LOCAL_KEY}", base_ulr="x")
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn("own.yaml:1 providers.emulator.base_ulr: ", result.stderr)
        self.assertNotIn("Starting", result.stdout)
        self.assertEqual(list(self.folder.glob("mom.*")), [])

    def test_ctrl_c_says_what_it_waits_for(self):
        self.emulator.load(
            alpha=[
                {"text": "From alpha."},
                {"text": "Late.", "gates": [{"name": "answer"}]},
            ]
        )
        port = free_port()
        self.write_config(f"127.0.0.1:{port}")
        script = Process("run.sh", [SCRIPT], self.folder / "run.log", self.env)
        script.wait_until(lambda: "Ctrl-C stops it" in script.output(), "an answer")
        late = Rest(port).start(model="alpha")
        self.emulator.wait_held("answer")
        script.send(signal.SIGINT)
        script.wait_until(lambda: "Stopping; requests under way" in script.output(), "a word")
        self.emulator.open("answer")
        self.assertEqual(late.response().status, 200)
        self.assertEqual(script.wait(), 0, script.output())

    def test_a_stranger_at_its_address_is_not_taken_for_it(self):
        rest = f"127.0.0.1:{self.emulator.port}"
        result = self.run_once(rest)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn(f"rest.listen: {rest} is in use by another program", result.stderr)
        self.assertNotIn("Connect to", result.stdout)
