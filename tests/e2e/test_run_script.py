"""`make run` with a config of one's own."""

import json
import pathlib
import subprocess
import tempfile
import unittest

from harness import paths
from harness.emulator import Emulator
from harness.process import clean_environment, free_port

SECONDS = 120


class OwnConfigTest(unittest.TestCase):
    tries_other_programs = True

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mom-own.")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.emulator = Emulator(self.folder, clean_environment())
        self.addCleanup(self.emulator.process.stop)
        self.emulator.load(alpha=[{"text": "From alpha."}])

    def run_once(self, rest):
        """Runs the script with a config that listens at `rest`; gives the result and the socket."""
        socket = f"unix:{self.folder}/own.sock"
        config = self.folder / "own.yaml"
        config.write_text(
            json.dumps(
                {
                    "server": {"listen": [socket]},
                    "rest": {"listen": rest, "service": socket},
                    "providers": {"emulator": {"base_url": self.emulator.base_url}},
                    "models": {"alpha": {"provider": "emulator"}},
                    "mixtures": {"mom": {"members": ["alpha"], "strategy": "single"}},
                }
            )
        )
        result = subprocess.run(
            [paths.ROOT / "scripts/run.sh"],
            env=clean_environment(BIN=paths.programs(), CONFIG=config, ONCE=1, TMPDIR=self.folder),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        return result, socket

    def test_the_config_decides_where_it_listens(self):
        rest = f"127.0.0.1:{free_port()}"
        result, socket = self.run_once(rest)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertNotIn("local models", result.stdout, "it does not use them")
        for line in ("From alpha.", f"http://{rest}/v1", socket):
            self.assertIn(line, result.stdout)

    def test_a_stranger_at_its_address_is_not_taken_for_it(self):
        rest = f"127.0.0.1:{self.emulator.port}"
        result, _ = self.run_once(rest)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn(f"rest.listen: {rest} is in use by another program", result.stderr)
        self.assertNotIn("Connect to", result.stdout)
