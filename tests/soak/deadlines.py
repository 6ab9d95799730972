"""Requests with a random deadline, under random faults and waits: none outlives it.

Neither the client's answer, nor the run in momd, nor a call upstream.
"""

import dataclasses
import random

import batches
import clients
import fault_run
import timing
from events import Events
from fault_cases import CASES
from fault_gateway import STEADY_MODELS, FaultGateway
from table import Row, exactly

SHORT_RUNS, FULL_RUNS = 300, 5_000
# Seconds: who is alive so long after the deadline is too late. What the control timer overslept at
# most is added, for the machine's part.
GRACE = 1.0
LEAST, MOST = 0.02, 1.5  # of the deadlines, in seconds
# Over REST the deadline is the mixture's: there is one of each kind with each of these, in ms.
MIXTURE_TIMEOUTS = (20, 50, 100, 200, 400, 800, 1500)
FOREVER_MS = 600_000
SHOWN = 10  # problems that are printed


class DeadlineGateway(FaultGateway):
    def _set_up(self, config):
        super()._set_up(config)
        mixtures = config["mixtures"]
        for target in {name.rpartition("-")[0] for name in mixtures}:
            mixtures[f"{target}-alone"] = {"strategy": "single", "members": [target]}
        for name, mixture in list(mixtures.items()):
            for timeout in MIXTURE_TIMEOUTS:
                mixtures[f"{name}-{timeout}"] = {**mixture, "timeout": f"{timeout}ms"}


@dataclasses.dataclass(frozen=True)
class Run:
    fault_run: fault_run.Run
    deadline: float  # seconds
    is_of_client: bool  # gRPC's own deadline, not one that MoM alone knows
    waits: dict  # model -> keys that are added to its calls

    @property
    def id(self):
        return self.fault_run.mark

    @property
    def rim(self):
        return self.fault_run.rim

    def question(self):
        question = dataclasses.replace(self.fault_run.question(), id=self.id)
        if self.is_of_client:
            return dataclasses.replace(question, deadline=self.deadline)
        if self.rim == "grpc":
            return dataclasses.replace(question, timeout=self.deadline)
        target, leg = self.fault_run.fault.target, self.fault_run.cell.leg
        mixture = f"{target}-{leg}-{round(self.deadline * 1000)}"
        return dataclasses.replace(question, model=mixture)

    def scripts(self):
        return {
            name: [{**call, **self.waits.get(name, {})} for call in calls]
            for name, calls in self.fault_run.scripts().items()
        }


def slowness(rng):
    """What makes an answer slow; {} for nothing."""
    return rng.choice(
        (
            {},
            {"delay_ms": rng.randint(1, 1500)},
            {"delay_ms": FOREVER_MS},
            {"first_token_delay_ms": rng.randint(1, 1500), "drip": {"every_ms": rng.randint(1, 50)}},
            {"first_token_delay_ms": FOREVER_MS},
            {"pace_ms": rng.randint(1, 300)},
        )
    )


def drawn(count, seed):
    places = [(case, cell) for case in CASES for cell in case.cells()]
    rng = random.Random(seed)
    runs = []
    while len(runs) < count:
        run = fault_run.draw(len(runs), seed, *rng.choice(places))
        fault = run.fault
        if fault.leaves_after is not None or fault.reads_after:
            continue  # the client is to wait for its answer
        waits = {name: slowness(rng) for name in STEADY_MODELS}
        waits[fault.target] = rng.choice(({}, {"delay_ms": rng.randint(1, 1500)}))
        is_of_client = run.rim == "grpc" and rng.random() < 0.5
        is_fixed = run.rim == "rest"
        deadline = rng.choice(MIXTURE_TIMEOUTS) / 1000 if is_fixed else rng.uniform(LEAST, MOST)
        runs.append(Run(run, deadline, is_of_client, waits))
    return runs


class Tally:
    def __init__(self, clock, control):
        self._clock = clock
        self._control = control
        self._shown = 0
        self.alive = dict.fromkeys(("answers", "runs in momd", "calls upstream"), 0)
        self.late = {"answers": [], "calls upstream": []}  # seconds after the deadline
        self.endless = self.failures = self.undocumented = self.odd = 0

    def add(self, run, seen, calls, line):
        """`line` is momd's of the run; None where its client had given up before momd heard of it."""
        end = seen.asked_at + run.deadline
        ended = max((self._clock(call["invoice"]["ended_ms"]) for call in calls), default=end)
        over = {
            "answers": seen.over_at - end,
            "runs in momd": line["latency_ms"] / 1000 - run.deadline if line else 0.0,
            "calls upstream": ended - end,
        }
        longest = GRACE + self._control.longest()
        for what, seconds in over.items():
            self.alive[what] += self._is_problem(seconds > longest, run, f"{what}: {seconds} s late")
            if what in self.late and seconds > 0:
                self.late[what].append(seconds)
        self.endless += self._is_problem(bool(calls) and not line, run, "calls, but no end")
        self.odd += self._is_problem(bool(seen.wrong), run, seen.wrong)
        self.failures += bool(seen.error)
        is_its_own = run.is_of_client and seen.error.startswith("DEADLINE_EXCEEDED")
        is_strange = not seen.is_documented and not is_its_own
        self.undocumented += self._is_problem(is_strange, run, seen.error)

    def _is_problem(self, is_one, run, what):
        if is_one and self._shown < SHOWN:
            self._shown += 1
            known = f"{run.id} ({run.fault_run.cell}), case {run.fault_run.case.number}"
            print(f"   {known}, {run.deadline} s: {what}"[:2000], flush=True)
        return is_one


def rows(full, seed):
    runs = drawn(FULL_RUNS if full else SHORT_RUNS, seed)
    with (
        DeadlineGateway() as gateway,
        clients.connected(gateway) as by_rim,
        timing.ControlTimer() as control,
    ):
        momd = Events(gateway.momd)
        tally = Tally(timing.clock_of(gateway.emulator), control)
        for batch in batches.performed(gateway, by_rim, runs):
            calls = gateway.emulator.calls()
            lines = batches.lines_of(momd, calls)
            for run, seen in batch:
                tally.add(run, seen, calls[run.id], lines.get(run.id))
    for what, count in tally.alive.items():
        yield Row(f"{what}, alive 1 s after the deadline", count, len(runs), count == 0, seed)
    yield exactly("runs with calls, but without an end", tally.endless, 0, seed)
    yield Row("failures without a documented code", tally.undocumented, tally.failures,
              tally.undocumented == 0, seed)
    yield Row("runs with anything else wrong", tally.odd, len(runs), tally.odd == 0, seed)
    for what, late in tally.late.items():
        yield from timing.rows(f"{what}: over after the deadline by", late, (0.5, 0.999), control)
