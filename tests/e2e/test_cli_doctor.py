"""`mom doctor` against models that each have one fault."""

from harness import paths
from harness.cli import DONE, FAILED, WRONG_KEY, CliTest

COUNT = " ".join(map(str, range(1, 21)))


class DoctorTest(CliTest):
    @staticmethod
    def change_config(config):
        provider = config["providers"]["emulator"]
        config["providers"]["wrong"] = {**provider, "api_key": "sk-wrong"}
        config["providers"]["unset"] = {**provider, "api_key": "${E2E_NO_KEY}"}
        model = config["models"]["alpha"]
        for name in ("missing", "no-tools", "no-usage", "no-schema", "lump"):
            config["models"][name] = model
        # Each test tries what the others have found broken.
        always = {"breaker": {"failures": 0}}
        config["models"]["missing"] = {**model, **always}
        config["models"]["wrong-key"] = {**model, **always, "provider": "wrong"}
        config["models"]["shut"] = {
            **model,
            "breaker": {"failures": 1, "open": "1h", "open_max": "1h"},
        }
        config["models"]["off"] = {"provider": "unset"}
        config["models"]["plain"] = {"provider": "emulator", "id": "alpha", "tools": False}

    def setUp(self):
        text = {"text": COUNT}
        tool = {
            "match_body": '"tools"',
            "tool_calls": [{"name": "report", "arguments": {"sum": 4}}],
        }
        schema = {"match_body": "json_schema", "text": '{"sum": 4}'}
        refused = {"status": 400, "error": {"message": "unsupported"}}
        self.script(
            alpha=[text, tool, schema],
            **{
                "wrong-key": WRONG_KEY,
                "shut": {"status": 500},
                "missing": {"status": 404, "error": {"message": "no such model"}},
                "no-tools": [text, {**tool, **refused}, schema],
                "no-usage": [{**text, "usage": "none"}, tool, schema],
                "no-schema": [text, tool, {**schema, "text": "four"}],
                "lump": [{**text, "chunk_chars": 1000}, tool, schema],
            },
        )

    def line_of(self, section, name, key):
        """The line of a key in the config, or of what it belongs to where it is not there."""
        lines = self.gateway.config_file.read_text().splitlines()
        line = lines.index(next(x for x in lines if x.startswith(f'  "{section}": ')))
        line = next(i for i in range(line, len(lines)) if lines[i].startswith(f'    "{name}": '))
        for i in range(line + 1, len(lines)):
            if lines[i].startswith("    }"):
                break
            if lines[i].startswith(f'      "{key}": '):
                return i + 1
        return line + 1

    def doctor(self, *names):
        return self.mom("doctor", "--yes", "--config", self.gateway.config_file, *names)

    def test_every_finding_and_where_to_change_it(self):
        # Of each: the row behind model and provider, and where the remark points.
        cases = {
            "alpha": ("yes yes yes yes yes yes good", None),
            "plain": ("yes yes yes yes off yes good", None),
            "wrong-key": ("NO - - - - - broken", ("providers", "wrong", "api_key")),
            "missing": ("- NO - - - - broken", ("models", "missing", "id")),
            "no-tools": ("yes yes yes yes NO yes limited", ("models", "no-tools", "tools")),
            "no-usage": ("yes yes yes NO yes yes limited", ("models", "no-usage", "price")),
            "no-schema": ("yes yes yes yes yes NO limited", ("models", "no-schema", "id")),
            "lump": (
                "yes yes NO yes yes yes limited",
                ("models", "lump", "timeouts.first_token"),
            ),
        }
        result = self.doctor(*cases)
        self.assertEqual(result.returncode, FAILED, result.stderr)
        table, _, remarks = result.stdout.partition("\n\n")
        rows = {line.split()[0]: " ".join(line.split()[2:]) for line in table.splitlines()}
        self.assertEqual(rows.pop("MODEL"), "KEY FOUND STREAM USAGE TOOLS SCHEMA VERDICT")
        self.assertEqual(rows, {name: row for name, (row, _) in cases.items()})
        places = [place for _, place in cases.values() if place]
        self.assertEqual(len(remarks.splitlines()), len(places))
        for remark, place in zip(remarks.splitlines(), places, strict=True):
            where = f"config.yaml:{self.line_of(*place)} {'.'.join(place)}: "
            self.assertIn(where, remark)
        self.assertNotIn("sk-", result.stdout + result.stderr)

    def test_a_model_that_momd_does_not_ask_is_not_called_broken(self):
        verdicts = [self.doctor("shut") for _ in range(2)]
        first, second = (v.stdout.splitlines()[1].split(maxsplit=8)[8].strip() for v in verdicts)
        self.assertEqual((first, second), ("broken", "not asked"))
        self.assertRegex(verdicts[1].stdout, r"TARGET_OPEN\); try it again in \d+ s")
        self.assertEqual(verdicts[1].returncode, FAILED)

    def test_it_tells_how_far_it_is(self):
        lines = self.doctor("alpha", "wrong-key", "no-usage").stderr.splitlines()
        self.assertEqual(lines[0], "mom: trying 3 models")
        told = [line.rpartition(" (") for line in lines[1:]]
        self.assertEqual([count for _, _, count in told], ["1 of 3)", "2 of 3)", "3 of 3)"])
        self.assertEqual(
            {line for line, _, _ in told},
            {"mom: alpha answers", "mom: wrong-key does not answer", "mom: no-usage answers"},
        )

    def test_a_model_that_thinks_its_tokens_away_is_to_get_more(self):
        self.script(alpha={"text": "", "reasoning": "Hmm.", "finish_reason": "length"})
        result = self.doctor("alpha")
        where = f"config.yaml:{self.line_of('models', 'alpha', 'max_tokens')} models.alpha.max_tokens"
        self.assertIn(f"{where}: model `alpha`: its limit of tokens", result.stdout)

    def test_all_models_and_those_that_are_off(self):
        result = self.doctor()
        self.assertIn(
            ["off", "unset", *"------", "off"], [x.split() for x in result.stdout.splitlines()]
        )
        where = (
            f"config.yaml:{self.line_of('providers', 'unset', 'api_key')} providers.unset.api_key"
        )
        self.assertIn(f"{where}: momd has no key", result.stdout)
        asked = {r["model"] for r in self.emulator.requests()}
        missing = set(self.gateway.config["models"]) - asked
        self.assertEqual(missing - {"shut"}, {"off", "plain"})

    def test_good_models_are_a_success(self):
        self.assertEqual(self.doctor("alpha", "no-tools").returncode, DONE)

    def test_it_asks_before_it_costs_money(self):
        terminal = self.terminal("doctor", "alpha")
        terminal.wait_for("3 small calls to each of 1 models")
        self.assertEqual(self.emulator.requests(), [])
        terminal.type("n\n")
        self.assertEqual(terminal.wait(), FAILED)
        self.assertEqual(self.emulator.requests(), [])
        terminal = self.terminal("doctor", "alpha")
        terminal.wait_for("[y/N]")
        terminal.type("y\n")
        self.assertEqual(terminal.wait(), DONE)
        self.assertEqual(len(self.emulator.requests("alpha")), 3)

    def test_the_config_that_lies_here_is_used_where_it_fits(self):
        result = self.mom("doctor", "--yes", "lump", cwd=self.gateway.folder)
        self.assertIn(
            f"config.yaml:{self.line_of('models', 'lump', '')} models.lump", result.stdout
        )
        result = self.mom("doctor", "--yes", "lump", cwd=paths.ROOT)
        self.assertIn("\nmodels.lump.timeouts.first_token: ", result.stdout)
