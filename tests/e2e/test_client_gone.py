"""A client that leaves stops every upstream call, in every phase, and none is started afterwards."""

from harness.gateway import GatewayTest
from harness.process import wait_until

ANSWER = {"tokens": [f"token{i} " for i in range(8)]}


def held(gate, token=None):
    """An answer that waits at a gate: before its first byte, or before a token."""
    return {
        **ANSWER,
        "gates": [{"name": gate} if token is None else {"name": gate, "token": token}],
    }


# Phase: (script, gates that are reached and how many answers wait there, calls that are cut)
PHASES = {
    "both members were asked": ({"alpha": held("a"), "beta": held("b")}, {"a": 1, "b": 1}, 2),
    "both members are answering": (
        {"alpha": held("a", 3), "beta": held("b", 3)},
        {"a": 1, "b": 1},
        2,
    ),
    "one member has answered": ({"alpha": ANSWER, "beta": held("b", 3)}, {"b": 1}, 1),
    "the critic was asked": ({"judge": held("c")}, {"c": 1}, 1),
    "the critic is answering": ({"judge": held("c", 5)}, {"c": 1}, 1),
}


class ClientGoneTest(GatewayTest):
    def leaves(self, stream, abruptly):
        for phase, (script, gates, cut) in PHASES.items():
            with self.subTest(phase=phase):
                self.script_mixture(**script)
                client = self.rest.start(stream=stream)
                for gate, count in gates.items():
                    self.emulator.wait_held(gate, count)
                asked = len(self.emulator.requests())
                client.leave(abruptly)
                self.emulator.wait_idle()
                self.nothing_is_asked_afterwards(asked, cut, gates)

    def nothing_is_asked_afterwards(self, asked, cut, gates):
        # A request of another client goes all the way; had the lost one gone on, it would show.
        for gate in gates:
            self.emulator.open(gate)
        self.assertEqual(self.rest.chat("afterwards").status, 200)
        before = [r for r in self.emulator.requests() if "afterwards" not in r["body"]]
        self.assertEqual(len(before), asked)
        self.assertEqual(sum(i["cut_by_client"] for i in self.emulator.invoices()), cut)

    def test_unary(self):
        self.leaves(stream=False, abruptly=False)

    def test_unary_reset(self):
        self.leaves(stream=False, abruptly=True)

    def test_streamed(self):
        self.leaves(stream=True, abruptly=False)

    def test_streamed_reset(self):
        self.leaves(stream=True, abruptly=True)

    def test_after_the_first_text(self):
        self.script_mixture(judge=held("c", 5))
        client = self.rest.stream()
        next(client.texts())
        asked = len(self.emulator.requests())
        client.leave()
        self.emulator.wait_idle()
        self.nothing_is_asked_afterwards(asked, 1, ["c"])

    def test_between_retries(self):
        self.script(
            alpha={
                "status": 503,
                "error": {"message": "busy"},
                "headers": {"retry-after": "30"},
            }
        )
        client = self.rest.start(model="patient")
        wait_until(lambda: self.emulator.state()["invoices"] == 1, "the first attempt")
        client.leave()
        self.assertEqual(self.rest.chat("afterwards", model="beta").status, 200)
        self.assertEqual(len(self.emulator.requests("alpha")), 1)

    @staticmethod
    def change_config(config):
        config["models"]["patient"] = {
            "provider": "emulator",
            "id": "alpha",
            "retry": {"attempts": 3},
        }
