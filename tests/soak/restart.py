"""Either program ends, in an orderly way or killed, with requests in flight; then it is back."""

import collections
import concurrent.futures
import signal
import time

import clients
from clients import Question
from harness.gateway import Gateway
from harness.process import wait_until
from table import Row, exactly

IN_FLIGHT = 200
AFTERWARDS = 40  # requests that are asked when the program is back
SHORT_ROUNDS, FULL_ROUNDS = 1, 10
WHILE_DRAINING = 4  # new requests
DRAIN_TIMEOUT = "4s"
ANSWER = "one two three four"
HELD_BEFORE = 3  # the token: a part of the text is shown by then
# Answers of the first kind go on when the test says so, those of the second only after the end.
BRIEF, LONG, QUICK = "alpha", "beta", "spare"

WHOLE, TOLD, BROKEN = "whole", "told", "broken"


def questions(count, models):
    """(rim, question): evenly over both rims, both forms and the models."""
    for number in range(count):
        is_streamed = number // 2 % 2 == 1
        model = models[number // 4 % len(models)]
        yield ("rest", "grpc")[number % 2], Question(f"Question {number}?", model, is_streamed)


def outcome_of(seen):
    """WHOLE, TOLD, BROKEN (which tells no lie), or what is wrong."""
    if seen.is_whole:
        return WHOLE if seen.text == ANSWER and not seen.wrong else f"whole, but {seen}"
    is_told = seen.is_documented or seen.error.startswith("UNAVAILABLE: ")
    if seen.error and is_told and not seen.wrong:
        return TOLD
    return BROKEN if not seen.error else f"not told so: {seen}"


class Flight:
    """Requests that are all held in the midst of their answers."""

    def __init__(self, gateway):
        self._gateway = gateway
        self._emulator = gateway.emulator
        self._connected = clients.connected(gateway)
        self._clients = self._connected.__enter__()
        self._pool = concurrent.futures.ThreadPoolExecutor(IN_FLIGHT + WHILE_DRAINING)
        said = {"text": ANSWER, "pace_ms": 1}
        held = {
            model: [{**said, "gates": [{"name": model, "token": HELD_BEFORE}]}]
            for model in (BRIEF, LONG)
        }
        self._emulator.load(**held, **{QUICK: [said]})
        self._asked = self._ask(IN_FLIGHT, (BRIEF, LONG))
        for model in (BRIEF, LONG):
            self._emulator.wait_held(model, IN_FLIGHT // 2)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for model in (BRIEF, LONG):
            self._emulator.open(model)
        self._pool.shutdown()
        self._connected.__exit__(None, None, None)

    def _ask(self, count, models):
        return [
            (rim, question, self._pool.submit(self._clients[rim].ask, question))
            for rim, question in questions(count, models)
        ]

    def go_on(self, model):
        self._emulator.open(model)

    def seen(self):
        """(rim, question, what came of it) of each, once all are over."""
        return [(rim, question, asked.result()) for rim, question, asked in self._asked]

    def told_now(self, count):
        """How many of new requests over both rims are told that they are not taken."""
        asked = self._ask(count, (QUICK,))
        return sum(outcome_of(answer.result()) == TOLD for _, _, answer in asked)


def told_as(flight, expected, name):
    """Rows: by rim and model, what came of the requests, and what must have."""
    counts = collections.Counter()
    surprises = []
    for rim, question, seen in flight.seen():
        outcome = outcome_of(seen)
        counts[rim, question.model, outcome] += 1
        if expected[rim, question.model] != outcome:
            surprises.append(f"  {rim}, {question}: {outcome}")
    for surprise in surprises[:5]:
        print(surprise[:300])
    for outcome in (WHOLE, TOLD, BROKEN):
        places = [place for place, right in expected.items() if right == outcome]
        if places:
            right = sum(counts[(*place, outcome)] for place in places)
            yield exactly(f"{name}: {outcome}", right, len(places) * IN_FLIGHT // 4)


def back_again(gateway, name):
    """The program that stayed finds the other one by itself; every request is answered."""
    start = time.monotonic()
    wait_until(gateway.is_ready, "/readyz")
    took = time.monotonic() - start
    asked = questions(AFTERWARDS, (QUICK,))
    with clients.connected(gateway) as by_rim:
        whole = sum(outcome_of(by_rim[rim].ask(question)) == WHOLE for rim, question in asked)
    yield exactly(f"{name}: answered when it is back", whole, AFTERWARDS)
    yield Row(f"{name}: seconds until the other one found it", took)


def expect(**outcomes):
    """What must come of the requests: rest_alpha="whole", ..."""
    return {tuple(place.split("_")): outcome for place, outcome in outcomes.items()}


def sigterm_momd(gateway, name):
    with Flight(gateway) as flight:
        gateway.momd.send(signal.SIGTERM)
        wait_until(lambda: not gateway.is_ready(), "the drain")
        told = flight.told_now(WHILE_DRAINING)
        yield exactly(f"{name}: new requests that were told", told, WHILE_DRAINING)
        flight.go_on(BRIEF)
        code = gateway.momd.wait()
        cut = [seen for rim, question, seen in flight.seen() if (rim, question.model) == ("grpc", LONG)]
        expected = expect(rest_alpha=WHOLE, grpc_alpha=WHOLE, rest_beta=TOLD, grpc_beta=TOLD)
        yield from told_as(flight, expected, name)
    down = sum(seen.reason == "SHUTTING_DOWN" for seen in cut)
    yield exactly(f"{name}: told over gRPC that it shuts down", down, len(cut))
    yield exactly(f"{name}: exit code", code, 0)


def sigterm_mom_rest(gateway, name):
    with Flight(gateway) as flight:
        gateway.mom_rest.send(signal.SIGTERM)
        flight.go_on(BRIEF)
        code = gateway.mom_rest.wait()
        flight.go_on(LONG)
        expected = expect(rest_alpha=WHOLE, grpc_alpha=WHOLE, rest_beta=TOLD, grpc_beta=WHOLE)
        yield from told_as(flight, expected, name)
    yield exactly(f"{name}: exit code", code, 0)


def kill_momd(gateway, name):
    with Flight(gateway) as flight:
        gateway.momd.kill()
        expected = expect(rest_alpha=TOLD, grpc_alpha=TOLD, rest_beta=TOLD, grpc_beta=TOLD)
        yield from told_as(flight, expected, name)
        gateway.emulator.wait_idle()  # before the answers could go on


def kill_mom_rest(gateway, name):
    with Flight(gateway) as flight:
        gateway.mom_rest.kill()
        # Nobody is left who could tell its clients; momd ends what it does for them.
        cut = IN_FLIGHT // 2
        wait_until(lambda: gateway.emulator.state()["cut_by_client"] == cut, "the calls to end")
        flight.go_on(BRIEF)
        flight.go_on(LONG)
        expected = expect(rest_alpha=BROKEN, grpc_alpha=WHOLE, rest_beta=BROKEN, grpc_beta=WHOLE)
        yield from told_as(flight, expected, name)


def set_up(config):
    config["server"]["drain_timeout"] = config["rest"]["drain_timeout"] = DRAIN_TIMEOUT


def rows(full, seed):
    del seed  # nothing is random
    gateway = Gateway(set_up)
    try:
        for _ in range(FULL_ROUNDS if full else SHORT_ROUNDS):
            for name, end, start in (
                ("SIGTERM of momd", sigterm_momd, gateway.start_momd),
                ("SIGTERM of mom-rest", sigterm_mom_rest, gateway.start_mom_rest),
                ("kill -9 of momd", kill_momd, gateway.start_momd),
                ("kill -9 of mom-rest", kill_mom_rest, gateway.start_mom_rest),
            ):
                yield from end(gateway, name)
                gateway.emulator.wait_idle()
                start()
                yield from back_again(gateway, name)
    finally:
        gateway.stop()
