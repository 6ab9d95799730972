"""Every fault case in every cell that it applies to, drawn at random, many at a time."""

import random
import time

import batches
import clients
import fault_run
from fault_cases import CASES
from fault_cases.connections import BAD_CERTIFICATES
from fault_gateway import FaultGateway
from table import Row, exactly

SHORT_RUNS, FULL_RUNS = 2_000, 20_000
SHOWN = 20  # problems that are printed

# What may be wrong with an outcome.
BYTES = "runs with lost, doubled or reordered visible bytes"
MARKER = "runs that look complete without a terminal marker"
CODE = "failures without a documented code"
OUTCOME = "runs with another outcome than the table's"
RUNS = "runs with anything else wrong"
KINDS = (BYTES, MARKER, CODE, OUTCOME, RUNS)


def problems_of(run, seen):
    """(kind, text) of all that is wrong with what a run has come to."""
    problems = [(RUNS, wrong) for wrong in seen.wrong]
    if run.fault.leaves_after is not None:
        return problems
    if not seen.is_documented:
        problems.append((CODE, seen.error))
    allowed = run.allowed()
    own_text = run.fault.effect.text
    if seen.is_whole:
        if fault_run.Whole(seen.text, seen.tool_calls) not in allowed:
            is_own = own_text and seen.text == own_text or seen.tool_calls
            others = {outcome.text for outcome in allowed if isinstance(outcome, fault_run.Whole)}
            kind = MARKER if is_own else OUTCOME if seen.text in run.texts.values() else BYTES
            problems.append((kind, f"{seen.text!r} in place of one of {others}"))
    else:
        problems += problems_of_failure(run, seen, allowed)
    known = documented_candidates(run, seen)
    return problems + [(OUTCOME, f"candidate {name}: {reason}") for name, reason in known]


def problems_of_failure(run, seen, allowed):
    failures = [outcome for outcome in allowed if isinstance(outcome, fault_run.Failed)]
    if not failures:
        return [(OUTCOME, f"failed: {seen.error}")]
    problems = []
    if not any(outcome.part_of.startswith(seen.text) for outcome in failures):
        problems.append((BYTES, f"{seen.text!r}, then {seen.error}"))
    reasons = frozenset().union(*(outcome.reasons for outcome in failures))
    if run.cell.rim == "grpc" and seen.reason not in reasons:
        problems.append((OUTCOME, f"{seen.reason} in place of {set(reasons)}: {seen.error}"))
    return problems


def documented_candidates(run, seen):
    """The struck candidates that failed for another reason than the table's."""
    effect = run.fault.effect
    for name, reason in seen.candidates.items():
        allowed = effect.reasons if name == run.fault.target else ()
        if reason and reason not in allowed:
            yield name, reason
        if not reason and name == run.fault.target and not (effect.ends or effect.is_lesser):
            yield name, "ended well"


class Tally:
    """The problems of all runs."""

    def __init__(self):
        self.counts = dict.fromkeys(KINDS, 0)
        self.failures = 0
        self.calls = 0  # that reached a provider
        self.betrayals = 0  # of them, those to one whose certificate is not valid
        self._shown = 0

    def add(self, run, seen):
        self.failures += bool(seen.error)
        problems = problems_of(run, seen)
        for kind in {kind for kind, _ in problems}:
            self.counts[kind] += 1
        for kind, text in problems:
            if self._shown < SHOWN:
                self._shown += 1
                where = f"case {run.case.number} ({run.cell}), run {run.number}, seed {run.seed}"
                print(f"   {where}: {kind}: {text[:1000]}", flush=True)

    def add_calls(self, invoices):
        called = [invoice["model"] for invoice in invoices]
        self.calls += len(called)
        self.betrayals += sum(model in BAD_CERTIFICATES for model in called)


def drawn(count, seed):
    """Runs spread evenly over all cells, in a random order."""
    places = [(case, cell) for case in CASES for cell in case.cells()]
    order = random.Random(seed)
    cells = []
    while len(cells) < count:
        cells += order.sample(places, len(places))
    for number, (case, cell) in enumerate(cells[:count]):
        yield fault_run.draw(number, seed, case, cell)


def rows(full, seed):
    count = FULL_RUNS if full else SHORT_RUNS
    runs = list(drawn(count, seed))
    tally = Tally()
    with FaultGateway() as gateway, clients.connected(gateway) as by_rim:
        start = time.monotonic()
        for batch in batches.performed(gateway, by_rim, runs):
            for run, seen in batch:
                tally.add(run, seen)
            tally.add_calls(gateway.emulator.invoices())
        took = time.monotonic() - start
    places = sum(len(case.cells()) for case in CASES)
    yield exactly("cells of the table that were run", len({(r.case.number, r.cell) for r in runs}),
                  places, seed)
    for kind in KINDS:
        of = tally.failures if kind == CODE else count
        yield Row(kind, tally.counts[kind], of, tally.counts[kind] == 0, seed)
    yield Row("calls that reached a provider with a bad certificate", tally.betrayals, tally.calls,
              tally.betrayals == 0, seed)
    yield Row("seconds for all runs", took, count)
