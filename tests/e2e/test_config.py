"""The programs' options and what they say of a wrong config."""

import pathlib
import subprocess
import tempfile
import unittest

from harness import paths
from harness.gateway import CANARY, Gateway
from harness.process import clean_environment

GOOD = """\
providers:
  p: {base_url: "http://127.0.0.1:9/v1", api_key: "${E2E_SECRET}"}
models:
  one: {provider: p}
  two: {provider: p}
mixtures:
  mom: {members: [one, two], critic: one}
"""

# (what is replaced, with what, the line and path that the message names, a word of the message)
MISTAKES = (
    ("critic: one", "critic: non", "config.yaml:7 mixtures.mom.critic", "one"),
    ("members: [one, two]", "membres: [one, two]", "config.yaml:7 mixtures.mom", "members"),
    ("two: {provider: p}", "two: {provider: q}", "config.yaml:5 models.two.provider", "p"),
    (
        "two: {provider: p}",
        "two: {provider: p, temperature: hot}",
        "config.yaml:5 models.two.temperature",
        "",
    ),
    (
        "critic: one",
        "critic: one, strategy: magic",
        "config.yaml:7 mixtures.mom.strategy",
        "synthesize",
    ),
    ("critic: one", "critic: one, timeout: 5", "config.yaml:7 mixtures.mom.timeout", "30s"),
    ("http://127", "ftp://127", "config.yaml:2 providers.p.base_url", "http"),
    ("http://127.0.0.1:9/v1", "${E2E_UNSET}", "config.yaml:2 providers.p.base_url", "E2E_UNSET"),
    ("mixtures:", "mixtures: [", "config.yaml:", ""),
)


class ConfigTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mom-config.")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_program(self, name, *options, config=None, **env):
        if config is not None:
            (self.folder / "config.yaml").write_text(config)
        return subprocess.run(
            [paths.program(name), *options],
            cwd=self.folder,
            env=clean_environment(**{"E2E_SECRET": CANARY, **env}),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def check(self, config, **env):
        return self.run_program(
            "momd", "--config", "config.yaml", "--check-config", config=config, **env
        )

    def test_a_good_config(self):
        off = 'providers:\n  q: {base_url: "http://127.0.0.1:9/v1", api_key: "${E2E_UNSET}"}\n'
        members = "  three: {provider: q}\nmixtures:"
        config = GOOD.replace("providers:\n", off).replace("mixtures:", members)
        result = self.check(config.replace("[one, two]", "[one, three]"))
        self.assertEqual(result.returncode, 0, result.stderr)
        good, *summary = result.stdout.splitlines()
        self.assertEqual(good, "config.yaml: good")
        self.assertEqual(
            summary,
            [
                f"file {self.folder}/config.yaml",
                "mixture mom: auto of one; critic one",
                "provider q: off, as E2E_UNSET is not set",
                "provider p at http://127.0.0.1:9/v1 with a key: one, two",
                "warning: mixture mom goes without three (not set: E2E_UNSET)",
            ],
        )

    def test_each_mistake_names_its_line_and_path(self):
        for old, new, where, word in MISTAKES:
            with self.subTest(new=new):
                self.assertIn(old, GOOD)
                result = self.check(GOOD.replace(old, new))
                self.assertEqual(result.returncode, 1)
                self.assertIn(where, result.stderr)
                self.assertIn(word, result.stderr)
                self.assertNotIn(CANARY, result.stdout + result.stderr)

    def test_all_mistakes_at_once(self):
        config = GOOD.replace("critic: one", "critic: non").replace(
            "two: {provider: p}", "two: {provider: q}"
        )
        errors = self.check(config).stderr
        self.assertIn("mixtures.mom.critic", errors)
        self.assertIn("models.two.provider", errors)

    def test_a_missing_key_switches_its_provider_off_and_the_start_says_so(self):
        def change(config):
            config["providers"]["off"] = {
                "base_url": "http://127.0.0.1:9/v1",
                "api_key": "${E2E_UNSET}",
            }
            config["models"]["absent"] = {"provider": "off"}
            config["mixtures"]["mom"]["members"].append("absent")

        gateway = Gateway(change)
        try:
            self.assertIn("E2E_UNSET", gateway.momd.output())
            self.assertEqual(gateway.rest.chat().status, 200)
            self.assertEqual(gateway.rest.chat(model="absent").status, 404)
        finally:
            gateway.stop()

    def test_a_mixture_without_members_names_the_variable(self):
        result = self.check(GOOD.replace("E2E_SECRET", "E2E_UNSET"))
        self.assertEqual(result.returncode, 1)
        self.assertIn("E2E_UNSET", result.stderr)

    def test_print_config_masks_secrets(self):
        result = self.run_program("momd", "--config", "config.yaml", "--print-config", config=GOOD)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("base_url", result.stdout)
        self.assertNotIn(CANARY, result.stdout + result.stderr)

    def test_a_missing_file_is_named(self):
        for program in ("momd", "mom-rest"):
            result = self.run_program(program, "--config", "nowhere.yaml")
            self.assertNotEqual(result.returncode, 0)
            self.assertIn("nowhere.yaml", result.stderr)

    def test_help_and_version(self):
        for program in ("momd", "mom-rest", "mom-emulator"):
            with self.subTest(program=program):
                shown = self.run_program(program, "--help")
                self.assertEqual(shown.returncode, 0)
                self.assertIn("--", shown.stdout)
        for program in ("momd", "mom-rest"):
            self.assertRegex(self.run_program(program, "--version").stdout, r"\d+\.\d+\.\d+")

    def test_an_unknown_option_is_refused(self):
        for program in ("momd", "mom-rest"):
            result = self.run_program(program, "--frobnicate")
            self.assertNotEqual(result.returncode, 0)
            self.assertIn("--frobnicate", result.stderr)

    def test_the_shipped_config(self):
        shipped = str(paths.ROOT / "config.yaml")
        local = {
            "MOM_SMOLLM2_URL": "http://127.0.0.1:1/v1",
            "MOM_GEMMA3_URL": "http://127.0.0.1:2/v1",
            "MOM_LOCAL_KEY": "x",
        }
        keys = ("OPENROUTER_API_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY")
        for env in (local, *({key: "x"} for key in keys)):
            with self.subTest(env=list(env)):
                result = self.run_program("momd", "--config", shipped, "--check-config", **env)
                self.assertEqual(result.returncode, 0, result.stderr)
