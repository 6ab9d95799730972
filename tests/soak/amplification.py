"""What it costs where every provider fails: clients that ask again, and MoM that tries again."""

import collections
import concurrent.futures
import dataclasses
import itertools
import random
import re
import subprocess

import batches
import clients
from clients import Question
from fault_cases.case import FORMS, RIMS
from fault_cases.statuses import error
from harness import paths
from harness.gateway import Gateway
from table import Row, exactly

SHORT_REQUESTS, FULL_REQUESTS = 100, 1_000
SENDS = 4  # of one request: a client retries three times
# The budget binds the thrifty ones, with nothing on top of its share; the greedy ones only the cap of
# each request.
RETRIES = {
    "thrifty": {"attempts": 3, "floor": 0},
    "greedy": {"attempts": 10, "budget": 1, "floor": 1_000_000},
}
MOST_AMPLIFICATION = 1.2
MOST_RETRIES = 3  # of one request
# Whom a mixture asks in vain.
VICTIMS = ("members", "critics")
KEEP = 100_000  # of the emulator's records
FAILURES = (
    error(408),
    error(500),
    error(502),
    error(503),
    error(529),
    error(429, headers={"Retry-After": "0"}),
    {"text": "x", "fault": {"kind": "reset"}},
    {"text": "x", "fault": {"kind": "close", "after_tokens": 0}},
    {"error": {"type": "overloaded_error", "message": "m"}},
)


def change_config(config):
    config["server"]["threads"] = 2  # they share the budgets
    models = config["models"] = {name: {"provider": "emulator"} for name in ("alive-a", "alive-b")}
    mixtures = config["mixtures"] = {}
    for kind, retry in RETRIES.items():
        retry = {"base": "1ms", "cap": "5ms", **retry}
        failing = [f"{kind}-{name}" for name in ("alpha", "beta", "judge", "spare")]
        # A breaker would leave nothing to count.
        model = {"provider": "emulator", "retry": retry, "breaker": {"failures": 0}}
        models.update(dict.fromkeys(failing, model))
        for victim in VICTIMS:
            mixtures[f"{kind}-{victim}"] = {
                "strategy": "synthesize",
                "members": failing[:2] if victim == "members" else ["alive-a", "alive-b"],
                "critic": failing[2],
                "critic_fallbacks": [failing[3]],
                "quorum": 2,
            }


def scripts(rng, count):
    failing = [f"{kind}-{name}" for kind in RETRIES for name in ("alpha", "beta", "judge", "spare")]
    alive = {name: [{"text": f"{name} says so."}] for name in ("alive-a", "alive-b")}
    return {**alive, **{name: rng.choices(FAILURES, k=count) for name in failing}}


def plans(gateway):
    """The calls that each mixture declares, its fallbacks included."""
    command = [paths.program("momd"), "--config", str(gateway.config_file), "--print-config"]
    output = subprocess.run(command, env=gateway.env, capture_output=True, text=True, check=True)
    names = re.findall(r"^  (\S+):\n(?:    .*\n)*?.*calls of a request: (\d+), fallbacks: (\d+)",
                       output.stdout.partition("\nmixtures:\n")[2], re.MULTILINE)
    return {name: int(calls) + int(fallbacks) for name, calls, fallbacks in names}


@dataclasses.dataclass(frozen=True)
class Request:
    number: int
    mixture: str
    form: str
    rim: str

    def send(self, by_rim):
        """As a client does that does not give up; returns the id of each time and what came of it."""
        sent = {}
        for number in range(SENDS):
            send_id = f"{self.mixture}-{self.number}-{number}"
            is_streamed = self.form == "stream"
            question = Question("Anybody?", self.mixture, is_streamed, id=send_id)
            sent[send_id] = by_rim[self.rim].ask(question)
            if sent[send_id].is_whole:
                break
        return sent


def requests(count):
    kinds = itertools.cycle(itertools.product(VICTIMS, FORMS, RIMS))
    for kind in RETRIES:
        for number, (victim, form, rim) in zip(range(count), kinds, strict=False):
            yield Request(number, f"{kind}-{victim}", form, rim)


def rows(full, seed):
    count = FULL_REQUESTS if full else SHORT_REQUESTS
    asked = list(requests(count))
    random.Random(seed).shuffle(asked)
    with (
        Gateway(change_config, emulator_options=("--keep", str(KEEP))) as gateway,
        clients.connected(gateway) as by_rim,
        concurrent.futures.ThreadPoolExecutor(batches.AT_A_TIME) as pool,
    ):
        gateway.emulator.load(**scripts(random.Random(seed), SENDS * count))
        sent = list(pool.map(lambda request: request.send(by_rim), asked))
        gateway.emulator.wait_idle()
        calls = gateway.emulator.calls()
        plan_of = plans(gateway)
    yield from outcome_rows(asked, sent, seed)
    for kind in RETRIES:
        yield from call_rows(kind, asked, sent, calls, plan_of, seed)


def outcome_rows(asked, sent, seed):
    """Who has no member alive fails each time, and who has no critic gets the anchor at once."""
    failed = [each for request, each in zip(asked, sent, strict=True) if "-members" in request.mixture]
    right = sum(len(s) == SENDS and all(x.is_documented and x.error for x in s.values()) for s in failed)
    yield exactly("requests without a member that fail, documented", right, len(failed), seed)
    others = [each for request, each in zip(asked, sent, strict=True) if "-critics" in request.mixture]
    right = sum(len(s) == 1 and all(x.is_whole and x.is_degraded for x in s.values()) for s in others)
    yield exactly("requests without a critic that are answered", right, len(others), seed)


def call_rows(kind, asked, sent, calls, plan_of, seed):
    legs = total = beyond = most = 0
    for request, ids in zip(asked, sent, strict=True):
        if not request.mixture.startswith(kind):
            continue
        for send_id in ids:
            made = collections.Counter(call["model"] for call in calls[send_id])
            failing = {model: made[model] for model in made if model.startswith(kind)}
            legs += len(failing)
            total += sum(failing.values())
            most = max(most, made.total() - plan_of[request.mixture])
            beyond += made.total() > plan_of[request.mixture] + MOST_RETRIES
    if kind == "thrifty":
        yield Row("calls of models that fail, <= 1.2 x their legs", total, legs,
                  legs < total <= MOST_AMPLIFICATION * legs, seed)
    yield exactly(f"{kind}: requests with more calls than their plan + 3", beyond, 0, seed)
    yield Row(f"{kind}: most calls of a request beyond its plan", most, MOST_RETRIES)
