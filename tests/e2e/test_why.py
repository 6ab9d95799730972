"""Why an answer is what it is: GetRun, `mom why`, and what REST says of the strategy."""

import json

import grpc

from harness import stubs
from harness.cli import DONE, FAILED, USAGE, WRONG_KEY, CliTest

QUESTION_CANARY = "question-canary-51"
ANSWER_CANARY = "answer-canary-52"


class WhyTest(CliTest):
    momd_options = ("--debug-requests", "traces")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        _, cls.pb, service = stubs.load()
        cls.channel = grpc.insecure_channel(f"127.0.0.1:{cls.gateway.grpc_port}")
        cls.stub = service.MomServiceStub(cls.channel)

    @classmethod
    def tearDownClass(cls):
        cls.channel.close()
        super().tearDownClass()

    def run_of(self, request_id):
        request = self.pb.GetRunRequest(request_id=request_id)
        return self.stub.GetRun(request, timeout=60, wait_for_ready=True).run

    def ask(self, request_id, **parameters):
        body = {"model": "mom", "messages": [{"role": "user", "content": QUESTION_CANARY}]}
        return self.rest.request(
            "POST", "/v1/chat/completions", {**body, **parameters}, {"x-request-id": request_id}
        )

    def test_it_tells_who_won_and_why_the_others_lost(self):
        self.script_mixture(beta=WRONG_KEY)
        answer = self.ask("why-1").json()
        for arguments in (("why-1",), (answer["id"],), ("latest",), ()):
            with self.subTest(arguments=arguments):
                text = self.ok("why", *arguments)
                head, who, strategy, sums, *rest = text.splitlines()
                self.assertRegex(head, r"^why-1  .* UTC  degraded$")
                self.assertRegex(who, r"^mom, alpha answered after \d+\.\d\d s$")
                self.assertEqual(strategy, "strategy synthesize: configured; form: none")
                self.assertRegex(sums, r"^2 calls, .* tokens, cost \$0\.")
                self.assertEqual(rest[0], "degraded: member beta failed: UPSTREAM_AUTH")
                self.assertRegex(text, r"\nalpha +usable .* chosen\n")
                self.assertRegex(text, r"\nbeta +failed .* model `beta`")
                self.assertRegex(text, r"\nbeta +member +emulator .* 401 UPSTREAM_AUTH: ")

    def test_json_is_the_run_without_content(self):
        self.script_mixture(alpha=ANSWER_CANARY, beta=ANSWER_CANARY, judge=ANSWER_CANARY)
        self.assertIn(ANSWER_CANARY.encode(), self.ask("why-2", stream=True).body)
        text = self.ok("why", "why-2", "--json")
        run = json.loads(text)
        self.assertTrue(run["streamed"])
        self.assertEqual((run["answered_by"], run["strategy"]), ("judge", "synthesize"))
        self.assertEqual([c["model"] for c in run["candidates"]], ["alpha", "beta"])
        self.assertEqual([a["role"] for a in run["attempts"]], ["member", "member", "critic"])
        for canary in (QUESTION_CANARY, ANSWER_CANARY):
            self.assertNotIn(canary, text)
            self.assertNotIn(canary.encode(), self.run_of("why-2").SerializeToString())

    def test_a_failed_run_has_its_reason(self):
        self.script(alpha=WRONG_KEY, beta=WRONG_KEY)
        self.ask("why-3")
        text = self.ok("why", "why-3")
        self.assertRegex(text, r"^why-3 .* ALL_MEMBERS_FAILED\nmom, nobody answered after")
        self.assertIn("\nfailed: no model answered: ", text)

    def test_after_a_restart_it_is_read_from_the_trace(self):
        self.script_mixture(beta=WRONG_KEY)
        self.ask("why-4")
        before = self.run_of("why-4")
        self.gateway.momd.stop()  # writes what it has to write
        self.gateway.start_momd()
        after = self.run_of("why-4")
        self.assertEqual(after.answered_by, before.answered_by)
        self.assertEqual([c.why for c in after.candidates], [c.why for c in before.candidates])
        self.assertEqual(after.usage, before.usage)
        self.assertNotIn(QUESTION_CANARY.encode(), after.SerializeToString())
        self.assertRegex(self.ok("why", "why-4"), r"\nalpha +usable .* chosen\n")

    def test_an_unknown_one_says_where_it_looked(self):
        result = self.mom("why", "nobody")
        self.assertEqual(result.returncode, FAILED)
        for part in ("`nobody`", "the last 10000", "server.run_history", "(RUN_NOT_FOUND)"):
            self.assertIn(part, result.stderr)
        result = self.mom("why", "one", "two")
        self.assertEqual(result.returncode, USAGE)
        self.assertIn("mom why ID", result.stderr)

    def test_rest_says_which_strategy_ran_and_why(self):
        self.script_mixture()
        whole = self.ask("why-5")
        self.script_mixture()
        stream = self.ask("why-6", stream=True)
        last = stream.body.decode().split("data: ")[-2]
        for response, mom in ((whole, whole.json()["mom"]), (stream, json.loads(last)["mom"])):
            self.assertEqual(response.headers["x-mom-strategy"], "synthesize")
            self.assertEqual(mom["strategy"], "synthesize")
            self.assertEqual(mom["strategy_reason"], "configured")
            self.assertEqual(mom["contract"], "none")


class ForgetfulTest(CliTest):
    @staticmethod
    def change_config(config):
        config["server"]["run_history"] = 1

    def test_only_as_many_are_kept_as_the_config_says(self):
        for request_id in ("first", "second"):
            self.script_mixture()
            self.rest.request(
                "POST",
                "/v1/chat/completions",
                {"model": "mom", "messages": [{"role": "user", "content": "?"}]},
                {"x-request-id": request_id},
            )
        self.assertEqual(self.mom("why", "second").returncode, DONE)
        forgotten = self.mom("why", "first")
        self.assertEqual(forgotten.returncode, FAILED)
        self.assertIn("the last 1 since its start", forgotten.stderr)
        self.assertIn("it writes no traces (--debug-requests)", forgotten.stderr)
