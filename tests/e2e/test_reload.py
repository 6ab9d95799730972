"""The config changes while both programs run."""

import copy
import json
import os
import pathlib
import signal
import tempfile
import unittest

from harness.gateway import CANARY, Gateway
from harness.process import free_port
from harness.rest import user


class ReloadTest(unittest.TestCase):
    def setUp(self):
        self.gateway = Gateway(self.change_config)
        self.addCleanup(self.gateway.stop)
        self.momd, self.mom_rest = self.gateway.momd, self.gateway.mom_rest
        self.emulator = self.gateway.emulator
        self.emulator.load(alpha=[{"text": "A."}], beta=[{"text": "B."}], judge=[{"text": "J."}])
        self.original = copy.deepcopy(self.gateway.config)

    @staticmethod
    def change_config(config):
        """For a class to change the config before the start."""

    def seen(self, process, event, count=1):
        """Waits until an event was logged so often, and gives the last one."""
        process.wait_until(lambda: len(process.events(event)) >= count, f"{count} {event}")
        return process.events(event)[-1]

    def ask(self, **parameters):
        response = self.gateway.rest.chat(**parameters)
        self.assertEqual(response.status, 200, response.body)
        return response.json()

    def seed(self):
        """Which of the contents that set_seed() wrote answers."""
        self.ask(model="alpha")
        return json.loads(self.emulator.requests("alpha")[-1]["body"]).get("seed")

    def set_seed(self, seed):
        self.gateway.config["models"]["alpha"]["extra"] = {"seed": seed}

    def hang_up(self):
        self.momd.send(signal.SIGHUP)
        self.mom_rest.send(signal.SIGHUP)


class ContentTest(ReloadTest):
    def test_the_file_alone_is_enough(self):
        self.set_seed(1)
        self.gateway.write_config()
        self.assertEqual(self.seen(self.momd, "config_live")["config_generation"], 2)
        self.assertEqual(self.seed(), 1)
        request = self.momd.events("request")[-1]
        self.assertEqual(request["config_generation"], 2)

    def test_written_in_place(self):
        self.set_seed(2)
        self.gateway.config_file.write_text(json.dumps(self.gateway.config))
        self.seen(self.momd, "config_live")
        self.assertEqual(self.seed(), 2)

    def test_a_hangup(self):
        for seed in (1, 2, 3):
            self.set_seed(seed)
            self.gateway.write_config()
            self.momd.send(signal.SIGHUP)
            self.seen(self.momd, "config_live", seed)
            self.assertEqual(self.seed(), seed)

    def test_an_invalid_file_keeps_the_old_one(self):
        config = self.gateway.config
        config["mixtures"]["mom"]["critic"] = "jugde"
        config["rest"]["usage"] = "summ"
        self.gateway.write_config()
        for process, mistake in (
            (self.momd, 'mixtures.mom.critic: no model is called "jugde"; did you mean "judge"?'),
            (self.mom_rest, 'rest.usage: "summ" does not exist here; write one of answer, sum'),
        ):
            line = self.seen(process, "config_invalid")
            self.assertEqual(line["level"], "error")
            self.assertIn(mistake, line["mistakes"])
            self.assertRegex(line["mistakes"], r"config\.yaml:\d+ ")
            self.assertEqual(line["config_generation"], 1)
        self.assertEqual(self.ask()["choices"][0]["message"]["content"], "J.")
        self.gateway.config = copy.deepcopy(self.original)
        self.set_seed(4)
        self.gateway.write_config()
        self.seen(self.momd, "config_live")
        self.assertEqual(self.seed(), 4)

    def test_a_missing_file_keeps_the_old_one(self):
        self.gateway.config_file.unlink()
        self.assertIn("cannot be read", self.seen(self.momd, "config_invalid")["mistakes"])
        self.seed()

    def test_the_same_again_is_no_new_generation(self):
        os.utime(self.gateway.config_file)
        self.seen(self.momd, "config_unchanged")
        self.gateway.write_config()
        self.hang_up()
        self.seen(self.mom_rest, "config_unchanged")
        self.seen(self.momd, "config_unchanged", 2)
        self.assertEqual(self.momd.events("config_live"), [])
        self.seed()
        self.assertEqual(self.momd.events("request")[-1]["config_generation"], 1)

    def test_models_and_mixtures_come_and_go(self):
        config = self.gateway.config
        config["models"]["fresh"] = {"provider": "emulator", "id": "beta"}
        config["mixtures"]["duo"] = {"members": ["fresh"], "strategy": "single"}
        del config["mixtures"]["alone"]
        self.gateway.write_config()
        self.seen(self.momd, "config_live")
        self.assertEqual(self.ask(model="duo")["choices"][0]["message"]["content"], "B.")
        self.assertEqual(self.gateway.rest.chat(model="alone").status, 404)
        names = [m["id"] for m in self.gateway.rest.request("GET", "/v1/models").json()["data"]]
        self.assertIn("fresh", names)
        self.assertNotIn("alone", names)

    def test_requests_end_under_the_config_they_began_with(self):
        held = {"text": "A.", "gates": [{"name": "g", "token": 0}]}
        answers = {"beta": "B.", "judge": "J.", "spare": "S."}
        self.emulator.load(alpha=[held], **{name: [{"text": t}] for name, t in answers.items()})
        pending = self.gateway.rest.start()
        self.emulator.wait_held("g")
        mom = self.gateway.config["mixtures"]["mom"]
        mom["critic"], mom["critic_fallbacks"] = "spare", []
        del self.gateway.config["models"]["judge"]
        self.gateway.write_config()
        self.seen(self.momd, "config_live")
        self.emulator.open("g")
        answer = json.loads(pending.response().read())
        self.assertEqual(answer["choices"][0]["message"]["content"], "J.")
        self.assertEqual(self.ask()["choices"][0]["message"]["content"], "S.")
        generations = [line["config_generation"] for line in self.momd.events("request")]
        self.assertEqual(generations, [1, 2])

    def test_connections_to_providers_stay(self):
        self.seed()
        before = self.emulator.state()["connections"]
        for seed in (1, 2, 3):
            self.set_seed(seed)
            self.gateway.write_config()
            self.momd.send(signal.SIGHUP)
            self.seen(self.momd, "config_live", seed)
            self.seed()
        self.assertEqual(self.emulator.state()["connections"], before)


class PlaceTest(ReloadTest):
    def test_a_listener_needs_a_restart(self):
        config = self.gateway.config
        config["server"]["listen"] = [f"127.0.0.1:{free_port()}"]
        config["server"]["threads"] = 3
        config["rest"]["listen"] = f"127.0.0.1:{free_port()}"
        self.set_seed(1)
        self.gateway.write_config()
        line = self.seen(self.momd, "config_needs_restart")
        self.assertEqual(line["keys"], "server.listen, server.threads")
        self.assertEqual(line["level"], "warning")
        self.assertEqual(self.seen(self.mom_rest, "config_needs_restart")["keys"], "rest.listen")
        self.assertEqual(self.seed(), 1, "what can change has changed")

    def test_the_part_rest(self):
        usage = self.ask()["usage"]["total_tokens"]
        rest = self.gateway.config["rest"]
        rest["usage"] = "sum"
        rest["cors_origins"] = ["http://localhost:3000"]
        rest["max_body_size"] = "2KiB"
        self.gateway.write_config()
        self.seen(self.mom_rest, "config_live")
        self.assertGreater(self.ask()["usage"]["total_tokens"], usage)
        body = {"model": "alpha", "messages": user("Hi")}
        response = self.gateway.rest.request(
            "POST", "/v1/chat/completions", body, {"origin": "http://localhost:3000"}
        )
        allowed = response.headers["access-control-allow-origin"]
        self.assertEqual(allowed, "http://localhost:3000")
        self.assertEqual(self.gateway.rest.chat("x" * 4096).status, 413)

    def test_the_timeout_of_rest(self):
        self.gateway.config["rest"]["timeout"] = "1ms"
        self.gateway.write_config()
        self.seen(self.mom_rest, "config_live")
        self.assertEqual(self.gateway.rest.chat().status, 504)


class KeyFileTest(ReloadTest):
    def change_config(self, config):
        # Outside of the gateway's folder, which is searched for keys at the end.
        folder = tempfile.TemporaryDirectory(prefix="mom-key.")
        self.addCleanup(folder.cleanup)
        self.key_file = pathlib.Path(folder.name) / "key"
        self.key_file.write_text(CANARY + "-old\n")
        provider = config["providers"]["emulator"]
        del provider["api_key"]
        provider["api_key_file"] = str(self.key_file)

    def key(self):
        self.ask(model="alpha")
        headers = self.emulator.requests("alpha")[-1]["headers"]
        return {name.lower(): value for name, value in headers}["authorization"]

    def test_a_new_key_is_used(self):
        self.assertEqual(self.key(), f"Bearer {CANARY}-old")
        self.key_file.write_text(CANARY + "-new\n")
        self.seen(self.momd, "config_live")
        self.assertEqual(self.key(), f"Bearer {CANARY}-new")

    def test_a_key_file_that_goes_and_comes(self):
        self.key_file.unlink()
        mistakes = self.seen(self.momd, "config_invalid")["mistakes"]
        self.assertIn("providers.emulator.api_key_file: cannot be read", mistakes)
        self.assertEqual(self.key(), f"Bearer {CANARY}-old")
        self.key_file.write_text(CANARY + "-new\n")
        self.seen(self.momd, "config_live")
        self.assertEqual(self.key(), f"Bearer {CANARY}-new")


class ConfigMapTest(ReloadTest):
    """The config behind links, as Kubernetes mounts a config map."""

    def test_a_swapped_link(self):
        folder = self.gateway.folder
        self.gateway.momd.stop()
        self.set_seed(1)
        self.put(1)
        (folder / "..data").symlink_to("..1")
        self.gateway.config_file.unlink()
        self.gateway.config_file.symlink_to("..data/config.yaml")
        self.gateway.start_momd()
        self.momd = self.gateway.momd
        self.momd.wait_until(self.gateway.is_ready, "/readyz")
        before = len(self.momd.events("config_live"))
        for seed in (2, 3):
            self.set_seed(seed)
            self.put(seed)
            (folder / "..data_tmp").symlink_to(f"..{seed}")
            (folder / "..data_tmp").rename(folder / "..data")
            self.seen(self.momd, "config_live", before + seed - 1)
            self.assertEqual(self.seed(), seed)

    def put(self, number):
        folder = self.gateway.folder / f"..{number}"
        folder.mkdir()
        (folder / "config.yaml").write_text(json.dumps(self.gateway.config))
