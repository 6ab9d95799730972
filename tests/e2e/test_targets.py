"""Models that are not asked for a while, and what clients and operators see of it."""

from harness.cli import CliTest
from harness.gateway import GatewayTest


FOR_THE_TEST = {"open_max": "1h"}  # is how long they are left alone


class TargetTest(GatewayTest):
    """Each test has models of its own, whose breakers are on."""

    MODELS = ("denied", "absent", "empty", "slowed", "used-up", "full")

    @classmethod
    def change_config(cls, config):
        for name in cls.MODELS:
            config["models"][name] = {**config["models"]["alpha"], "breaker": FOR_THE_TEST}
            config["mixtures"][f"with-{name}"] = {
                **config["mixtures"]["mom"],
                "members": [name, *config["mixtures"]["mom"]["members"]],
                "quorum": 3,
            }
        config["models"]["full"]["max_concurrent"] = 1
        config["providers"]["dark"] = {"base_url": "https://a.example/v1", "api_key": "${E2E_UNSET}"}
        config["models"]["dark"] = {"provider": "dark"}

    def check_skipped(self, name, reason):
        """The mixture answers without it, and says why."""
        calls = len(self.emulator.requests(name))
        answer = self.rest.chat(model=f"with-{name}").json()
        self.assertEqual(answer["choices"][0]["message"]["content"], "Paris it is.")
        skipped = f"member {name} skipped: {reason}"
        self.assertEqual(answer["mom"]["degraded_reasons"], [skipped])
        self.assertEqual(len(self.emulator.requests(name)), calls)

    def check_refused(self, name, *parts):
        """A request for it alone says why, and when to ask again."""
        response = self.rest.chat(model=name)
        error = response.error()
        self.assertEqual((response.status, error["code"]), (503, "overloaded"), error)
        self.assertGreaterEqual(int(response.headers["retry-after"]), 1)
        for part in parts:
            self.assertIn(part, error["message"])

    def test_a_model_whose_provider_is_off(self):
        error = self.rest.chat(model="dark").error()
        self.assertEqual(error["code"], "model_not_found")
        self.assertIn("`dark` is off: its provider dark has no key; set E2E_UNSET", error["message"])

    def test_what_was_rejected_is_skipped_at_once(self):
        cases = {
            "denied": (401, "UPSTREAM_AUTH", "providers.emulator.api_key"),
            "absent": (404, "UPSTREAM_MODEL_NOT_FOUND", "models.absent.id"),
            "empty": (402, "UPSTREAM_QUOTA", "is not asked"),
        }
        for name, (status, cause, place) in cases.items():
            with self.subTest(name):
                answer = {"status": status, "error": {"message": "no"}}
                self.script_mixture(**{name: answer})
                first = self.rest.chat(model=f"with-{name}").json()
                self.assertIn(cause, str(first["mom"]["degraded_reasons"]))
                self.check_skipped(name, "TARGET_OPEN")
                self.check_refused(name, cause, place)

    def test_nobody_asks_before_the_time_of_a_rate_limit(self):
        slow_down = {"status": 429, "headers": {"Retry-After": "600"}, "error": {}}
        self.script_mixture(slowed=slow_down)
        self.assertEqual(self.rest.chat(model="with-slowed").status, 200)
        self.check_skipped("slowed", "TARGET_NOT_BEFORE")
        self.check_refused("slowed", "wants no call yet")

    def test_an_answer_that_uses_a_limit_up_is_the_last_one(self):
        headers = {
            "x-ratelimit-remaining-requests": "0",
            "x-ratelimit-reset-requests": "6m0s",
            "x-ratelimit-remaining-tokens": "17",
            "x-ratelimit-reset-tokens": "1ms",
        }
        self.script_mixture(**{"used-up": {"text": "It is Paris.", "headers": headers}})
        whole = self.rest.chat(model="with-used-up").json()
        self.assertFalse(whole["mom"]["degraded"])
        self.check_skipped("used-up", "TARGET_NOT_BEFORE")
        self.check_refused("used-up")

    def test_no_more_calls_at_once_than_the_config_allows(self):
        held = {"text": "Paris.", "gates": [{"name": "gate"}]}
        self.script_mixture(full=held)
        pending = self.rest.start(model="full")
        self.emulator.wait_held("gate")
        self.check_skipped("full", "TARGET_BUSY")
        self.check_refused("full", "models.full.max_concurrent")
        self.emulator.open("gate")
        self.assertEqual(pending.status, 200)
        pending.close()
        self.assertEqual(self.rest.chat(model="full").text(), "Paris.")


class DoctorTest(CliTest):
    @staticmethod
    def change_config(config):
        config["models"]["alpha"]["breaker"] = FOR_THE_TEST

    def test_it_tells_why_a_model_is_not_asked(self):
        self.script(alpha={"status": 401, "error": {"message": "no"}})
        self.rest.chat(model="alpha")
        result = self.mom("doctor", "--yes", "--config", self.gateway.config_file, "alpha")
        self.assertEqual(len(self.emulator.requests("alpha")), 1)
        row = result.stdout.splitlines()[1].split()
        self.assertEqual(row, ["alpha", "emulator", *"------", "not", "asked"])
        self.assertIn("try it again in", result.stdout)
        self.assertIn("TARGET_OPEN", result.stdout)
