"""Of five members one is a black hole and one is 20 times as slow as the others; the quorum is 3.

The black hole takes connections and says nothing, for ever; with a few of them waiting it does not
even take these. So every answer has to come from the three others, once the grace is over.
"""

import concurrent.futures
import contextlib
import socket
import time

import grpc
import timing
from harness import stubs
from harness.gateway import Gateway
from table import exactly

SHORT_ANSWERS, FULL_ANSWERS = 60, 1_000
AT_A_TIME = 6
HEALTHY = ("one", "two", "three")
STRUCK = ("slow", "hole")
QUORUM = len(HEALTHY)
DELAY_MS = 100
SLOWNESS = 20
GRACE_MAX_MS = 200
REQUEST_SECONDS = 60
SHOWN = 10  # problems that are printed


def change_config(config, hole_port):
    config["providers"]["hole"] = {"base_url": f"http://127.0.0.1:{hole_port}/v1"}
    for name in (*HEALTHY, *STRUCK, "four", "five"):
        config["models"][name] = {"provider": "hole" if name == "hole" else "emulator"}
    for mixture, others in (("struck", STRUCK), ("healthy", ("four", "five"))):
        config["mixtures"][mixture] = {
            "strategy": "synthesize",
            "members": [*HEALTHY, *others],
            "critic": "judge",
            "quorum": QUORUM,
            "grace": {"min": "50ms", "max": f"{GRACE_MAX_MS}ms"},
            "timeout": f"{REQUEST_SECONDS}s",
        }


@contextlib.contextmanager
def black_hole():
    """A port whose connections nobody accepts."""
    with socket.create_server(("127.0.0.1", 0), backlog=1) as hole:
        yield hole.getsockname()[1]


@contextlib.contextmanager
def started_gateway():
    with black_hole() as port:
        gateway = Gateway(lambda config: change_config(config, port))
        try:
            quick = [{"text": "A draft.", "first_token_delay_ms": DELAY_MS}]
            slow = [{"text": "A late draft.", "first_token_delay_ms": SLOWNESS * DELAY_MS}]
            quick_ones = {name: quick for name in (*HEALTHY, "four", "five")}
            gateway.emulator.load(**quick_ones, slow=slow, judge=[{"text": "The answer."}])
            yield gateway
        finally:
            gateway.stop()


class Answer:
    """What came of one question, and when."""

    def __init__(self):
        self.text = self.error = self.why_gathered = ""
        self.states = {}  # of the candidates, by model
        self.first_byte = None  # seconds after the question
        self.stages = {}  # name -> the same

    def grace(self):
        """Seconds from the quorum until nobody was waited for any more."""
        return self.stages["gathered"] - self.stages["quorum"]


class Client:
    def __init__(self, gateway):
        self._chat, self._pb, service = stubs.load()
        self._channel = grpc.insecure_channel(f"127.0.0.1:{gateway.grpc_port}")
        self._stub = service.MomServiceStub(self._channel)

    def close(self):
        self._channel.close()

    def ask(self, mixture):
        chat = self._chat
        message = chat.Message(role=chat.ROLE_USER, content=[chat.ContentPart(text="What now?")])
        question = self._pb.SynthesizeRequest(
            model=mixture, input=chat.ChatInput(messages=[message]), include_candidates=True
        )
        request = self._pb.SynthesizeStreamRequest(request=question, include_progress=True)
        answer, start = Answer(), time.monotonic()
        try:
            for event in self._stub.SynthesizeStream(request, timeout=REQUEST_SECONDS):
                self._take(event, time.monotonic() - start, answer)
        except grpc.RpcError as error:
            answer.error = f"{error.code().name}: {error.details()}"
        return answer

    def _take(self, event, at, answer):
        kind = event.WhichOneof("event")
        if kind == "stage":
            answer.stages[event.stage.name] = at
            if event.stage.name == "gathered":
                answer.why_gathered = event.stage.detail
        elif kind == "delta":
            answer.first_byte = answer.first_byte or at
            answer.text += event.delta.text
        elif kind == "completed":
            name_of = self._pb.CandidateState.Name
            answer.states = {c.model: name_of(c.state) for c in event.completed.candidates}


def problems_of(answer):
    """Why an answer of the struck mixture is none by quorum and grace."""
    if answer.error or answer.text != "The answer.":
        yield answer.error or f"says {answer.text!r}"
        return
    for name in HEALTHY:
        if answer.states[name] != "CANDIDATE_STATE_SUCCEEDED":
            yield f"{name}: {answer.states[name]}"
    for name in STRUCK:
        if answer.states[name] != "CANDIDATE_STATE_CANCELLED":
            yield f"{name}: {answer.states[name]}"
    if answer.why_gathered != f"{QUORUM} usable; the grace after the quorum is over":
        yield answer.why_gathered


def ask_all(client, mixture, count):
    with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        return list(pool.map(lambda _: client.ask(mixture), range(count)))


def rows(full, _):
    count = FULL_ANSWERS if full else SHORT_ANSWERS
    with started_gateway() as gateway, timing.ControlTimer() as control:
        client = Client(gateway)
        healthy = ask_all(client, "healthy", count)
        struck = ask_all(client, "struck", count)
        client.close()
    problems = {number: list(problems_of(answer)) for number, answer in enumerate(struck)}
    wrong = {number: found for number, found in problems.items() if found}
    for number, found in list(wrong.items())[:SHOWN]:
        print(f"   answer {number}: {'; '.join(found)}", flush=True)
    whole = sum(answer.text == "The answer." for answer in healthy)
    yield exactly("healthy: whole answers", whole, count)
    yield exactly("black hole, slow one: answers by quorum and grace", count - len(wrong), count)
    for what, answers in (("healthy", healthy), ("struck", struck)):
        times = [answer.first_byte for answer in answers if answer.first_byte]
        yield from timing.rows(f"{what}: first byte", times, (0.5, 0.99), control)
    waits = [answer.grace() for answer in struck if "gathered" in answer.stages]
    yield from timing.rows(f"struck: the grace, of {GRACE_MAX_MS} ms", waits, (0.5, 1), control)
