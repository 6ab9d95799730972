"""Mistakes that everybody makes once: each message names place and remedy, in three lines."""

import pathlib
import socket
import subprocess
import tempfile
import textwrap
import unittest

from harness import paths
from harness.gateway import CANARY, GatewayTest
from harness.process import clean_environment, free_port

COLUMNS = 100
LINES = 3

CONFIG = """\
server:
  listen: ["127.0.0.1:0"]
rest:
  listen: "127.0.0.1:0"
providers:
  cloud:
    base_url: https://api.example/v1
    api_key: ${E2E_SECRET}
models:
  fast:
    provider: cloud
    timeouts:
      first_token: 30s
  clever:
    provider: cloud
mixtures:
  mom:
    members: [fast, clever]
    critic: clever
"""

# name: (what is replaced, with what, the place, the remedy)
FILE_MISTAKES = {
    "no key": ("E2E_SECRET", "MY_API_KEY", "18 mixtures.mom.members", "variable MY_API_KEY"),
    "a variable without braces": (
        "${E2E_SECRET}",
        "$E2E_SECRET",
        "8 providers.cloud.api_key",
        "write ${E2E_SECRET}",
    ),
    "wrong indent": (
        "    api_key",
        "   api_key",
        "8 providers.cloud.api_key",
        "give all keys of a mapping the same indent",
    ),
    "wrong indent of a section": (
        "  clever:\n    provider",
        " clever:\n    provider",
        "14 models.clever",
        "give all keys of a mapping the same indent",
    ),
    "a key that is not below its section": (
        "    provider: cloud\n    timeouts",
        "  provider: cloud\n    timeouts",
        "12 models.provider.timeouts",
        "give both the same indent",
    ),
    "a tab": ("    base_url", "\tbase_url", "7 providers.cloud", "two blanks for each level"),
    "no blank behind a colon": (
        "critic: clever",
        "critic:clever",
        "19 mixtures.mom.critic:clever",
        'write "critic: clever"',
    ),
    "unknown key": ("critic:", "critc:", "19 mixtures.mom.critc", 'did you mean "critic"?'),
    "unknown section": ("mixtures:", "mixture:", "16 mixture", 'did you mean "mixtures"?'),
    "a mixture that names itself": (
        "[fast, clever]",
        "[fast, mom]",
        "18 mixtures.mom.members[1]",
        "is this mixture itself; write one of fast, clever",
    ),
    "a member that does not exist": (
        "[fast, clever]",
        "[fast, cleverer]",
        "18 mixtures.mom.members[1]",
        'did you mean "clever"?',
    ),
    "a critic that does not exist": (
        "critic: clever",
        "critic: gpt",
        "19 mixtures.mom.critic",
        "write one of fast, clever",
    ),
    "a duration without unit": (
        "30s",
        "30",
        "13 models.fast.timeouts.first_token",
        "write it with ms, s, m, h or d, as in 30s",
    ),
    "a provider that does not exist": (
        "provider: cloud\n    timeouts",
        "provider: clod\n    timeouts",
        "11 models.fast.provider",
        'did you mean "cloud"?',
    ),
    "a URL without scheme": (
        "https://api",
        "api",
        "7 providers.cloud.base_url",
        "write https:// in front",
    ),
    "the whole URL of the API": (
        "/v1",
        "/v1/chat/completions",
        "7 providers.cloud.base_url",
        "leave that part out",
    ),
    "a strategy that does not exist": (
        "critic: clever",
        "critic: clever\n    strategy: majority",
        "20 mixtures.mom.strategy",
        "auto, synthesize, arbitrate, select, single",
    ),
}


class Readable(unittest.TestCase):
    def check(self, message, place, remedy):
        """Whether a message says where and what, in a few lines, and tells no secret."""
        self.assertIn(place, message)
        self.assertIn(remedy, message)
        lines = [part for line in message.splitlines() for part in textwrap.wrap(line, COLUMNS)]
        self.assertLessEqual(len(lines), LINES, message)
        self.assertNotIn(CANARY, message)


class FileTest(Readable):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mom-newcomer.")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def start(self, program, config, *options, **env):
        (self.folder / "config.yaml").write_text(config)
        result = subprocess.run(
            [paths.program(program), *options],
            cwd=self.folder,
            env=clean_environment(E2E_SECRET=CANARY, **env),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        self.assertEqual(result.returncode, 1, result.stderr)
        return result.stderr

    def test_mistakes_in_the_file(self):
        for name, (old, new, place, remedy) in FILE_MISTAKES.items():
            with self.subTest(name):
                self.assertIn(old, CONFIG)
                message = self.start("momd", CONFIG.replace(old, new, 1))
                self.check(message, f"config.yaml:{place}", remedy)

    def test_no_file(self):
        message = self.start("momd", CONFIG, "--config", "konfig.yaml")
        self.check(message, "konfig.yaml: cannot be read", "the path of the config behind --config")

    def test_the_shipped_config_without_any_key(self):
        shipped = (paths.ROOT / "config.yaml").read_text()
        message = self.start("momd", shipped)
        self.check(message, "mixtures.mom.members", "set one or more of the environment variables")
        self.assertIn("OPENAI_API_KEY", message)

    def test_a_port_that_is_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            config = CONFIG.replace("127.0.0.1:0", f"127.0.0.1:{port}")
            message = self.start("momd", config)
            for program, place in (
                ("momd", f"server.listen: cannot listen on 127.0.0.1:{port}"),
                ("mom-rest", f"rest.listen: cannot listen on 127.0.0.1:{port}"),
            ):
                self.check(self.start(program, config), place, "write another port")


class ProviderTest(GatewayTest, Readable):
    @staticmethod
    def change_config(config):
        emulator = config["providers"]["emulator"]["base_url"]
        config["providers"]["bare"] = {"base_url": emulator.removesuffix("/v1")}
        config["providers"]["absent"] = {"base_url": f"http://127.0.0.1:{free_port()}/v1"}
        for provider in ("bare", "absent"):
            names = (f"{provider}-a", f"{provider}-b")
            for name in names:
                config["models"][name] = {**config["models"]["alpha"], "provider": provider}
            config["mixtures"][provider] = {"members": list(names)}

    def check_answer(self, model, place, remedy, status=502):
        for stream in (False, True):
            response = self.rest.chat(model=model, stream=stream)
            self.assertEqual(response.status, status, response.body)
            self.check(response.error()["message"], place, remedy)

    def test_a_wrong_key(self):
        denied = {"status": 401, "error": {"message": f"Incorrect key {CANARY}"}}
        self.script_mixture(alpha=denied, beta=denied)
        for model in ("mom", "alpha"):
            self.check_answer(
                model, "the provider rejects the key", "check providers.emulator.api_key"
            )

    def test_no_model_that_runs(self):
        for model in ("absent", "absent-a"):
            self.check_answer(model, "is its server running?", "check providers.absent.base_url")

    def test_a_url_without_v1(self):
        self.assertRegex(
            self.gateway.momd.output(),
            r'"level":"warning","event":"config","warning":"[^"]*providers.bare.base_url: has no '
            r"path; most APIs want /v1 at its end",
        )
        # As OpenAI answers it.
        message = "Invalid URL (POST /chat/completions)"
        error = {"message": message, "type": "invalid_request_error", "code": None}
        wrong_path = {"status": 404, "error": error}
        self.script(**{"bare-a": wrong_path, "bare-b": wrong_path})
        for model in ("bare", "bare-a"):
            self.check_answer(model, "HTTP 404", "check providers.bare.base_url, which has no /v1")
        self.assertEqual(self.emulator.requests()[0]["target"], "/chat/completions")

    def test_a_model_that_the_provider_does_not_have(self):
        absent = {"status": 404, "error": {"code": "model_not_found"}}
        self.script_mixture(alpha=absent)
        self.check_answer("alpha", "HTTP 404", "check models.alpha.id")

    def test_a_model_that_momd_does_not_have(self):
        self.check_answer("mon", "`mon` does not exist", "did you mean `mom`?", status=404)


class StartTest(GatewayTest):
    """A right start says what is in use."""

    @staticmethod
    def change_config(config):
        config["models"]["twin"] = {**config["models"]["beta"], "id": "alpha"}
        config["mixtures"]["twins"] = {"members": ["alpha", "twin"]}
        config["providers"]["off"] = {
            "base_url": "https://api.example/v1",
            "api_key": "${E2E_UNSET}",
        }
        config["models"]["cloudy"] = {"provider": "off"}

    def test_the_start_explains_itself(self):
        events = self.gateway.momd.events("config")
        uses = [event["use"] for event in events if "use" in event]
        emulator = self.emulator.base_url
        self.assertEqual(uses[0], f"file {self.gateway.config_file}")
        self.assertIn("mixture mom: synthesize of alpha, beta; critic judge, then spare", uses)
        self.assertIn(
            f"provider emulator at {emulator} with a key: alpha, beta, judge, spare, twin (alpha)",
            uses,
        )
        self.assertIn("provider off: off, as E2E_UNSET is not set", uses)
        warnings = [event["warning"] for event in events if "warning" in event]
        self.assertEqual({event["level"] for event in events if "warning" in event}, {"warning"})
        self.assertIn("mixture twins has no critic of its own", " ".join(warnings))
        self.assertIn("mixture twins asks one model twice: alpha and twin", " ".join(warnings))
        addresses = [event["address"] for event in self.gateway.momd.events("listening")]
        self.assertIn(f"127.0.0.1:{self.gateway.grpc_port}", addresses)

    def test_check_config_says_the_same(self):
        result = subprocess.run(
            [paths.program("momd"), "--config", self.gateway.config_file, "--check-config"],
            env=self.gateway.env,
            capture_output=True,
            text=True,
            check=True,
        )
        for event in self.gateway.momd.events("config"):
            self.assertIn(event.get("use", event.get("warning")), result.stdout)
        self.assertNotIn(CANARY, result.stdout)
