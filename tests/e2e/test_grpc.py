"""mom.v1.MomService with a generated Python client."""

import grpc

from harness import stubs
from harness.gateway import GatewayTest
from harness.process import wait_until

TOKENS = [f"token{i} " for i in range(8)]
ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"


class GrpcTest(GatewayTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chat, cls.pb, service = stubs.load()
        cls.channel = grpc.insecure_channel(f"127.0.0.1:{cls.gateway.grpc_port}")
        cls.stub = service.MomServiceStub(cls.channel)

    @classmethod
    def tearDownClass(cls):
        cls.channel.close()
        super().tearDownClass()

    def input(self, text="Hello"):
        part = self.chat.ContentPart(text=text)
        message = self.chat.Message(role=self.chat.ROLE_USER, content=[part])
        return self.chat.ChatInput(messages=[message])

    def synthesize(self, model="mom", timeout=60, **options):
        request = self.pb.SynthesizeRequest(model=model, input=self.input(), **options)
        return self.stub.Synthesize(request, timeout=timeout)

    def synthesize_stream(self, model="mom", timeout=60, **options):
        request = self.pb.SynthesizeRequest(model=model, input=self.input())
        wrapped = self.pb.SynthesizeStreamRequest(request=request, **options)
        return self.stub.SynthesizeStream(wrapped, timeout=timeout)

    def assert_fails(self, call, code):
        with self.assertRaises(grpc.RpcError) as caught:
            call()
        self.assertEqual(caught.exception.code(), code, caught.exception.details())
        return caught.exception

    def test_synthesize(self):
        self.script_mixture(judge="Paris it is.")
        response = self.synthesize(include_candidates=True)
        self.assertEqual(response.message.content[0].text, "Paris it is.")
        self.assertEqual(response.finish_reason, self.chat.FINISH_REASON_STOP)
        self.assertEqual([c.model for c in response.candidates], ["alpha", "beta"])
        self.assertEqual(
            [c.grade for c in response.candidates], [self.pb.CANDIDATE_GRADE_USABLE] * 2
        )
        self.assertEqual(response.answered_by, "judge")
        self.assertFalse(response.degraded)
        self.assertEqual(
            response.usage.total_tokens, sum(u.usage.total_tokens for u in response.model_usages)
        )

    def test_the_stream_is_the_whole_answer_in_pieces(self):
        self.script_mixture(judge={"tokens": TOKENS})
        events = list(self.synthesize_stream())
        self.assertEqual([e.sequence for e in events], list(range(1, len(events) + 1)))
        kinds = [e.WhichOneof("event") for e in events]
        self.assertEqual((kinds[0], kinds[-1]), ("started", "completed"))
        self.assertEqual(set(kinds[1:-1]) - {"heartbeat"}, {"delta"})
        text = "".join(e.delta.text for e in events)
        self.assertEqual(text, "".join(TOKENS))
        self.assertEqual(events[-1].completed.message.content[0].text, text)

    def test_progress_is_told_where_asked_for(self):
        self.script_mixture()
        events = list(self.synthesize_stream(include_candidate_deltas=True, include_progress=True))
        kinds = {e.WhichOneof("event") for e in events}
        self.assertLessEqual({"candidate_delta", "candidate_finished", "stage"}, kinds)

    def test_model_query(self):
        self.script(alpha="From alpha.")
        request = self.pb.ModelQueryRequest(model="alpha", input=self.input())
        response = self.stub.ModelQuery(request, timeout=60)
        self.assertEqual(response.message.content[0].text, "From alpha.")
        wrapped = self.pb.ModelQueryStreamRequest(request=request)
        events = list(self.stub.ModelQueryStream(wrapped, timeout=60))
        self.assertEqual("".join(e.delta.text for e in events), "From alpha.")
        self.assertEqual(events[-1].completed.message.content[0].text, "From alpha.")

    def test_list_models(self):
        models = self.stub.ListModels(self.pb.ListModelsRequest(), timeout=60).models
        names = [m.name for m in models]
        self.assertEqual(names, ["mom", "alone", "alpha", "beta", "judge", "spare"])
        self.assertEqual((list(models[0].members), models[0].critic), (["alpha", "beta"], "judge"))

    def test_cancel(self):
        self.script_mixture(judge={"tokens": TOKENS, "gates": [{"name": "c", "token": 5}]})
        call = self.synthesize_stream()
        while next(call).WhichOneof("event") != "delta":
            pass
        self.emulator.wait_held("c")
        call.cancel()
        self.emulator.wait_idle()
        self.assertEqual(self.emulator.state()["cut_by_client"], 1)
        self.assertEqual(len(self.emulator.requests()), 3)

    def test_cancel_of_a_unary_call(self):
        self.script_mixture(
            alpha={"text": "x", "gates": [{"name": "a"}]},
            beta={"text": "x", "gates": [{"name": "a"}]},
        )
        request = self.pb.SynthesizeRequest(input=self.input())
        call = self.stub.Synthesize.future(request, timeout=60)
        self.emulator.wait_held("a", 2)
        call.cancel()
        self.emulator.wait_idle()
        self.assertEqual(self.emulator.state()["cut_by_client"], 2)

    def test_deadline(self):
        stalled = {"text": "x", "gates": [{"name": "never"}]}
        self.script_mixture(alpha=stalled, beta=stalled)
        self.assert_fails(lambda: self.synthesize(timeout=0.5), grpc.StatusCode.DEADLINE_EXCEEDED)
        self.assert_fails(
            lambda: list(self.synthesize_stream(timeout=0.5)), grpc.StatusCode.DEADLINE_EXCEEDED
        )
        self.emulator.wait_idle()
        self.assertEqual(self.emulator.state()["cut_by_client"], 4)

    def test_unknown_model(self):
        error = self.assert_fails(lambda: self.synthesize("mum"), grpc.StatusCode.NOT_FOUND)
        self.assertIn("MODEL_NOT_FOUND", self.details(error))

    def test_bad_requests(self):
        code = grpc.StatusCode.INVALID_ARGUMENT
        empty = self.pb.SynthesizeRequest(model="mom")
        calls = {
            "input.messages": lambda: self.stub.Synthesize(empty, timeout=60),
            "members": lambda: self.synthesize(members=["mum"]),
            "critic": lambda: self.synthesize(critic="mum"),
            "quorum": lambda: self.synthesize(quorum=7),
        }
        for field, call in calls.items():
            text = self.assert_fails(call, code).details()
            self.assertTrue(text.startswith(f"`{field}` "), text)

    def test_a_mixture_is_no_model(self):
        request = self.pb.ModelQueryRequest(model="mom", input=self.input())
        error = self.assert_fails(
            lambda: self.stub.ModelQuery(request, timeout=60), grpc.StatusCode.NOT_FOUND
        )
        text = error.details()
        self.assertEqual(text, "`mom` is a mixture, and ModelQuery asks one model; use Synthesize.")

    def test_all_members_failed(self):
        failed = {"status": 500, "error": {"message": "internal detail"}}
        self.script_mixture(alpha=failed, beta=failed)
        error = self.assert_fails(self.synthesize, grpc.StatusCode.UNAVAILABLE)
        self.assertIn("ALL_MEMBERS_FAILED", self.details(error))
        self.assertNotIn("internal detail", error.details())

    @staticmethod
    def details(error):
        """The google.rpc.Status that goes along with an error."""
        metadata = dict(error.trailing_metadata())
        return metadata["grpc-status-details-bin"].decode(errors="replace")

    def test_health(self):
        self.assertEqual(self.health(""), b"\x08\x01")
        self.assertEqual(self.health("mom.v1.MomService"), b"\x08\x01")
        self.assert_fails(lambda: self.health("nobody.Service"), grpc.StatusCode.NOT_FOUND)

    def health(self, service):
        """grpc.health.v1.Health/Check; 1 is SERVING. Encoded by hand: the stubs' package is taken."""
        check = self.channel.unary_unary("/grpc.health.v1.Health/Check")
        name = service.encode()
        return check(b"\x0a" + bytes([len(name)]) + name if name else b"", timeout=10)

    def test_many_at_once(self):
        self.script_mixture()
        request = self.pb.SynthesizeRequest(input=self.input())
        calls = [self.stub.Synthesize.future(request, timeout=60) for _ in range(100)]
        self.assertEqual({c.result().message.content[0].text for c in calls}, {"Paris it is."})
        wait_until(lambda: self.emulator.state()["active_calls"] == 0, "the end of all calls")
