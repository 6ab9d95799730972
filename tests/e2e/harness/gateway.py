"""Both programs with a config of their own, and the emulator as every provider."""

import http.client
import json
import pathlib
import shutil
import tempfile
import unittest

from harness import paths
from harness.emulator import Emulator
from harness.process import Process, accepts_connections, clean_environment, free_ports
from harness.rest import Rest

CANARY = "sk-canary-7f3a91c2"  # the providers' key: may appear nowhere but at the provider
MEMBERS = ("alpha", "beta")
CRITIC = "judge"


def config(emulator_url, grpc_port, rest_port, socket_path):
    """The config as a dict; JSON is YAML."""
    models = (*MEMBERS, CRITIC, "spare")
    return {
        "server": {
            "listen": [f"127.0.0.1:{grpc_port}", f"unix:{socket_path}"],
            "drain_timeout": "20s",
        },
        "rest": {"listen": f"127.0.0.1:{rest_port}", "service": f"unix:{socket_path}"},
        "providers": {"emulator": {"base_url": emulator_url, "api_key": "${E2E_SECRET}"}},
        # Failures that one test wants may not close a model to the tests after it.
        "models": {
            name: {"provider": "emulator", "retry": {"attempts": 1}, "breaker": {"failures": 0}}
            for name in models
        },
        "mixtures": {
            "mom": {
                "members": list(MEMBERS),
                "critic": CRITIC,
                "critic_fallbacks": ["spare"],
                "strategy": "synthesize",
                # The tests hold models at gates: nobody is to be given up, or get company, meanwhile.
                "critic_hedge": 0,
                "quorum": len(MEMBERS),
                "grace": {"first_max": "60s"},
            },
            "alone": {"members": ["alpha"], "strategy": "single"},
        },
    }


class Gateway:
    """Starts everything in a folder of its own; stop() checks that it ended as it should.

    As a context manager it stops at the end.
    """

    def __init__(
        self,
        change_config=lambda config: None,
        momd_options=(),
        emulator_options=(),
        serves_tls=False,
    ):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mom-e2e."))
        self.env = clean_environment(E2E_SECRET=CANARY)
        self.emulator = Emulator(self.folder, self.env, emulator_options, serves_tls)
        self.grpc_port, self.rest_port = free_ports(2)
        self.momd_options = list(momd_options)
        socket_path = self.folder / "mom.sock"
        self.config = config(self.emulator.base_url, self.grpc_port, self.rest_port, socket_path)
        change_config(self.config)
        self.config_file = self.folder / "config.yaml"
        self.write_config()
        self.rest = Rest(self.rest_port)
        self.momd = self.mom_rest = None
        self.start_momd()
        self.start_mom_rest()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()

    def write_config(self, text=None):
        """Puts the file in its place whole: the dict `config`, or a text of the test's own."""
        new = self.config_file.with_suffix(".new")
        new.write_text(text or json.dumps(self.config, indent=2))
        new.rename(self.config_file)

    def start_momd(self):
        self.momd = self._start("momd", *self.momd_options)
        self.momd.wait_until(lambda: accepts_connections(self.grpc_port), "its port")

    def start_mom_rest(self):
        self.mom_rest = self._start("mom-rest")
        self.mom_rest.wait_until(lambda: accepts_connections(self.rest_port), "its port")
        if self.momd.is_running():
            self.mom_rest.wait_until(self.is_ready, "/readyz")

    def is_ready(self):
        """Not so either while mom-rest begins or ends to listen."""
        try:
            return self.rest.request("GET", "/readyz").status == 200
        except (OSError, http.client.HTTPException):
            return False

    def _start(self, name, *options):
        command = [paths.program(name), "--config", str(self.config_file), *options]
        return Process(name, command, self.folder / f"{name}.log", self.env, self.folder)

    def stop(self):
        codes = {p.name: p.stop() for p in (self.mom_rest, self.momd)}
        self.emulator.process.stop()
        problems = [f"{name} exited with {code}" for name, code in codes.items() if code != 0]
        for process in (self.mom_rest, self.momd, self.emulator.process):
            problems += process.sanitizer_reports()
        problems += [f"the key is in {path}" for path in self.files_with(CANARY)]
        if problems:
            logs = "\n".join(p.output()[-4000:] for p in (self.momd, self.mom_rest))
            raise AssertionError("\n".join([*problems, f"files: {self.folder}", logs]))
        shutil.rmtree(self.folder)

    def files_with(self, text):
        """Files that the programs wrote and that contain a text."""
        for path in self.folder.rglob("*"):
            if path.is_file() and text.encode() in path.read_bytes():
                yield path


class GatewayTest(unittest.TestCase):
    """A test against a gateway that all tests of its class share."""

    momd_options = ()

    @staticmethod
    def change_config(config):
        """For a class to change the config before the start."""

    @classmethod
    def setUpClass(cls):
        cls.gateway = Gateway(cls.change_config, cls.momd_options)
        cls.emulator = cls.gateway.emulator
        cls.rest = cls.gateway.rest

    @classmethod
    def tearDownClass(cls):
        cls.gateway.stop()

    def script(self, **models):
        """What the models say: a text, a call, or a list of calls for one call after the other."""
        self.emulator.load(**{name: calls_of(calls) for name, calls in models.items()})

    def script_mixture(self, **models):
        """A mixture whose members and critic answer; changed by the arguments."""
        self.script(
            **{"alpha": "Paris.", "beta": "It is Paris.", "judge": "Paris it is.", **models}
        )


def calls_of(calls):
    calls = calls if isinstance(calls, list) else [calls]
    return [{"text": call} if isinstance(call, str) else call for call in calls]
