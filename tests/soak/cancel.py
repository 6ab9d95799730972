"""Clients that leave at a random time, in each phase of a request: nothing goes on, nothing stays.

Each phase lasts longer than the test, so that a run ends only because its client has left.
"""

import collections
import concurrent.futures
import dataclasses
import itertools
import random

import batches
import clients
import timing
from clients import Question
from events import Events
from fault_cases.case import FORMS, RIMS
from fault_cases.scripts import sentence
from fault_cases.statuses import error
from harness.black_hole import BlackHole
from harness.gateway import CRITIC, MEMBERS, Gateway
from table import Row, exactly

SHORT_RUNS, FULL_RUNS = 200, 2_000
# How long a client stays at most, in times of a whole answer: half of them leave in the midst of it,
# had the phase an end.
STAYS = (0.7, 5)
FOREVER = "30m"
FOREVER_MS = 1_800_000
UNREACHABLE = ("unreachable", "silent")
SHOWN = 10  # problems that are printed


def change_config(hole):
    def change(config):
        # A run that stays would hold up the shutdown, and so fail the test.
        config["server"]["drain_timeout"] = config["rest"]["drain_timeout"] = FOREVER
        config["rest"]["timeout"] = FOREVER
        config["providers"]["unreachable"] = {
            "base_url": f"http://127.0.0.1:{hole.unreachable_port}/v1"
        }
        config["providers"]["silent"] = {"base_url": f"https://127.0.0.1:{hole.silent_port}/v1"}
        for name in UNREACHABLE:
            config["models"][name] = {"provider": name}
        for model in config["models"].values():
            limits = ("connect", "first_token", "idle", "total")
            model["timeouts"] = dict.fromkeys(limits, FOREVER) | {"connect": "10m"}
            model["retry"] = {"attempts": 3, "floor": 1_000_000}
            model["breaker"] = {"failures": 0}
        mixture = {"strategy": "synthesize", "critic": CRITIC, "quorum": 2}
        mixture["grace"] = {"first_max": FOREVER}
        config["mixtures"] = {
            name: {**mixture, "members": list(members), "timeout": FOREVER}
            for name, members in (("mom", MEMBERS), ("connecting", UNREACHABLE))
        }

    return change


def says(rng, name):
    """A whole answer. No connection is kept, so that in the end none may be there."""
    text = sentence(rng, name, least=2)
    return {"text": text, "pace_ms": rng.choice((0, 0, 1, 5)), "connection": "close"}


def stays_silent(rng, name):
    silence = rng.choice(
        (
            {"delay_ms": FOREVER_MS},
            {"first_token_delay_ms": FOREVER_MS},
            {"first_token_delay_ms": FOREVER_MS, "drip": {"every_ms": rng.choice((1, 20))}},
            {"fault": {"kind": "stall"}},
        )
    )
    return {**says(rng, name), **silence}


def stalls(rng, name):
    """In the midst of its answer."""
    return {**says(rng, name), "fault": {"kind": "stall", "after_tokens": rng.randint(1, 3)}}


def is_busy(rng, _):
    call = error(rng.choice((429, 503)), headers={"Retry-After": "600"})
    return {**call, "connection": "close"}


# Phase -> what the members and the critic do. At least one member always does the first of its two.
PHASES = {
    "connecting": ((), ()),
    "before the first token": ((stays_silent, says), ()),
    "candidates streaming": ((stalls, says), ()),
    "critic streaming": ((says,), (stalls, stalls, stays_silent)),
    "in a backoff sleep": ((is_busy, stays_silent), ()),
    "in a backoff sleep of the critic": ((says,), (is_busy,)),
}


@dataclasses.dataclass(frozen=True)
class Run:
    id: str  # in the question and so in every call upstream: finds the scripts of this run
    phase: str
    form: str
    rim: str
    stays: float  # seconds
    is_abrupt: bool
    calls: dict  # model -> what it does

    def question(self):
        return Question(
            f"What about {self.id}?",
            "connecting" if self.phase == "connecting" else "mom",
            is_streamed=self.form == "stream",
            id=self.id,
            deadline=FOREVER_MS / 1000,
            leaves_after=self.stays,
            leaves_abruptly=self.is_abrupt,
        )

    def scripts(self):
        return batches.marked({name: [call] for name, call in self.calls.items()}, self.id)

    def is_in_phase(self, attempts, calls):
        """Whether the calls (and momd's count of them) show that it came as far."""
        if self.phase == "connecting":
            return attempts == len(UNREACHABLE)
        if "backoff" in self.phase:
            busy = [call for call in calls if call["invoice"]["status"] in (429, 503)]
            return any(call["model"] == CRITIC for call in busy) == ("critic" in self.phase) and busy
        cut = [call for call in calls if call["invoice"]["cut_by_client"]]
        if self.phase == "critic streaming":
            return any(call["model"] == CRITIC for call in cut)
        is_begun = any(call["invoice"]["completion_tokens"] for call in cut)
        return cut and is_begun == (self.phase == "candidates streaming")


def drawn(count, seed, whole):
    """`whole` is how many seconds an answer takes where nothing holds it up."""
    places = itertools.cycle(itertools.product(PHASES, FORMS, RIMS))
    for number, (phase, form, rim) in zip(range(count), places, strict=False):
        run_id = f"cancel-{number:05d}-"
        rng = random.Random(f"{seed} {run_id}")
        of_members, of_critic = PHASES[phase]
        calls = {}
        if of_members:
            deeds = [of_members[0], rng.choice(of_members)]
            rng.shuffle(deeds)
            calls = {name: deed(rng, name) for name, deed in zip(MEMBERS, deeds, strict=True)}
        if of_critic:
            calls[CRITIC] = rng.choice(of_critic)(rng, CRITIC)
        stays = rng.uniform(0, rng.choice(STAYS)) * whole
        yield Run(run_id, phase, form, rim, stays, rng.random() < 0.3, calls)


class Tally:
    def __init__(self, clock):
        self._clock = clock
        self._shown = 0
        self.in_phase = collections.Counter()
        self.after_a_cut = self.twice = self.strays = self.endless = 0
        self.ends = []  # the code of each run that momd has seen
        # Seconds from a client's leaving to its last upstream socket's end, by rim.
        self.closed_after = {rim: [] for rim in RIMS}

    def add(self, run, seen, calls, line):
        """`line` is momd's of the run; None where the client had left before momd heard of it."""
        if line:
            self.ends.append(line["code"])
            self._is_problem(line["code"] != "CANCELLED", run, "another end", line)
            self.in_phase[run.phase] += bool(run.is_in_phase(line["attempts"], calls))
        self.endless += self._is_problem(bool(calls) and not line, run, "calls, but no end", calls)
        cut = [c["invoice"] for c in calls if c["invoice"] and c["invoice"]["cut_by_client"]]
        closed = [invoice["ended_ms"] - invoice["notice_ms"] for invoice in cut]
        # The critic is only asked when no member is under way.
        members_cut = [invoice for invoice in cut if invoice["model"] != CRITIC]
        late = [call for call in calls if members_cut and call["model"] == CRITIC]
        self.after_a_cut += self._is_problem(bool(late), run, "a critic after a cut", late)
        by_model = collections.Counter(call["model"] for call in calls)
        twice = by_model.total() - len(by_model)
        self.twice += twice
        self._is_problem(bool(twice), run, "called twice", by_model)
        if closed:
            self.closed_after[run.rim].append(self._clock(max(closed)) - seen.left_at)

    def _is_problem(self, is_one, run, what, details):
        if is_one and self._shown < SHOWN:
            self._shown += 1
            print(f"   {run.phase} ({run.form} {run.rim}), {run.id}: {what}: {details}"[:2000])
        return is_one


def warm_up(gateway, by_rim):
    """Opens all that is opened once and stays, and returns how long an answer takes, at most."""
    gateway.emulator.load(**{m: [{"text": "x", "connection": "close"}] for m in (*MEMBERS, CRITIC)})
    with concurrent.futures.ThreadPoolExecutor(batches.AT_A_TIME) as pool:
        asked = [
            pool.submit(client.ask, Question("Hello", "mom", is_streamed=form == "stream"))
            for client, form, _ in itertools.product(by_rim.values(), FORMS, range(16))
        ]
        seen = [each.result() for each in asked]
    batches.settled(lambda: gateway.emulator.state()["open_connections"], 0)
    return max(each.over_at - each.asked_at for each in seen)


def take(gateway, momd, files, tally, batch):
    """A batch whose clients are gone. `files` is how many momd has open where it has no run."""
    batches.settled(gateway.momd.open_files, files)
    calls = gateway.emulator.calls()
    lines = batches.lines_of(momd, calls)
    for run, seen in batch:
        tally.add(run, seen, calls.pop(run.id, []), lines.get(run.id))
    tally.strays += sum(map(len, calls.values()))


def rows(full, seed):
    with (
        BlackHole() as hole,
        Gateway(change_config(hole)) as gateway,
        clients.connected(gateway) as by_rim,
        timing.ControlTimer() as control,
    ):
        whole = warm_up(gateway, by_rim)
        runs = list(drawn(FULL_RUNS if full else SHORT_RUNS, seed, whole))
        tally = Tally(timing.clock_of(gateway.emulator))
        momd = Events(gateway.momd)
        programs = (gateway.momd, gateway.mom_rest)
        before = [program.open_files() for program in programs]
        for batch in batches.performed(gateway, by_rim, runs):
            take(gateway, momd, before[0], tally, batch)
        sockets = batches.settled(lambda: gateway.emulator.state()["open_connections"], 0)
        after = [
            batches.settled(program.open_files, files)
            for program, files in zip(programs, before, strict=True)
        ]
    for phase in PHASES:
        count = sum(run.phase == phase for run in runs)
        reached = tally.in_phase[phase]
        yield Row(f"left while {phase}", reached, count, reached > 0, seed)
    yield exactly("runs that were cancelled, of those that momd saw",
                  tally.ends.count("CANCELLED"), len(tally.ends), seed)
    yield exactly("calls of critics after a member's was cut", tally.after_a_cut, 0, seed)
    yield exactly("calls begun a second time, or after a run's end", tally.twice + tally.strays, 0,
                  seed)
    yield exactly("runs with calls, but without an end", tally.endless, 0, seed)
    yield exactly("sockets to providers that are still open", sockets, 0, seed)
    for program, files, files_after in zip(programs, before, after, strict=True):
        yield exactly(f"open files of {program.name}, and at the start", files_after, files, seed)
    for rim, closed_after in tally.closed_after.items():
        what = f"{rim}: client leaves to last upstream socket closed"
        yield from timing.rows(what, closed_after, (0.5, 0.99), control)
