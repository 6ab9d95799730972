"""Where members give lesser answers or none: an answer wherever a bare model would have given one.

The bare models are asked, too, without MoM in between; the mixture's answer has to be the best of
theirs.
"""

import dataclasses
import itertools
import json
import random

import batches
import clients
import documented
from clients import Question
from fault_cases import contents, statuses, streams
from fault_cases.case import FORMS, RIMS, Fault, ends, is_lesser
from fault_cases.scripts import said, sentence
from fault_gateway import FaultGateway, name_of
from table import exactly

SHORT_ROUNDS, FULL_ROUNDS = 8, 80  # in each, every case once over each rim in each form
MEMBERS = ("steady", "alpha", "beta")
MIXTURE = name_of("steady", "candidate")
USABLE, CUT, REFUSED, DEAD = range(4)  # best first
SHOWN = 10  # problems that are printed
# What MoM makes of finish reasons that OpenAI has not.
FINISH_REASONS = {"SAFETY": "content_filter"}


@dataclasses.dataclass(frozen=True)
class Member:
    grade: int
    fault: Fault


def usable(rng, text):
    return Member(USABLE, Fault([said(rng, text)], ends(text)))


def cut(rng, text):
    if rng.random() < 0.2:
        return Member(CUT, contents.half_json(rng, text))
    return Member(CUT, Fault([said(rng, text, finish_reason="length")], is_lesser(text)))


def first_token(rng, _):
    return cut(rng, rng.choice(("Yes", "I", "{", "日", " ", "\n")))


def refused(rng, text):
    return Member(REFUSED, contents.filtered_answer(rng, text))


def dead(rng, text):
    """A fault of the table that ends in an error, and needs no other provider."""
    while True:
        fault = rng.choice((*statuses.CASES, *streams.CASES)).draw(rng, text)
        effect = fault.effect
        if fault.target == MEMBERS[0] and not (effect.ends or effect.is_lesser):
            return Member(DEAD, fault)


def any_lesser(rng, text):
    return rng.choice((cut, refused, dead))(rng, text)


def any_alive(rng, text):
    return rng.choice((usable, cut, refused))(rng, text)


CASES = {
    "max_tokens: 1": (first_token, first_token, first_token),
    "all refuse": (refused, refused, refused),
    "all cut": (cut, cut, cut),
    "lesser ones and none": (any_lesser, any_lesser, any_lesser),
    "one of three alive": (any_alive, dead, dead),
    "none alive": (dead, dead, dead),
}


@dataclasses.dataclass(frozen=True)
class Run:
    id: str  # in the question and so in every call upstream: finds the scripts of this run
    case: str
    form: str
    rim: str
    members: dict  # name -> Member

    @property
    def best(self):
        """The name of the first member of the best grade; None where all are dead."""
        name = min(MEMBERS, key=lambda name: self.members[name].grade)
        return None if self.members[name].grade == DEAD else name

    def question(self):
        return Question(
            f"What about {self.id}?",
            MIXTURE,
            is_streamed=self.form == "stream",
            id=self.id,
            max_tokens=1 if self.case == "max_tokens: 1" else None,
        )

    def scripts(self):
        scripts = {name: member.fault.calls for name, member in self.members.items()}
        return batches.marked(scripts, self.id)


def drawn(count, seed):
    places = itertools.product(range(count), CASES, FORMS, RIMS)
    for number, (_, case, form, rim) in enumerate(places):
        run_id = f"grade-{number:05d}-"
        rng = random.Random(f"{seed} {run_id}")
        draws = rng.sample(CASES[case], len(MEMBERS))
        members = {
            name: draw(rng, sentence(rng, f"{name}-{run_id}"))
            for name, draw in zip(MEMBERS, draws, strict=True)
        }
        yield Run(run_id, case, form, rim, members)


def said_by(seen):
    return seen.text, seen.refusal, FINISH_REASONS.get(seen.finish_reason, seen.finish_reason)


def has_all_reasons(run, seen):
    """Over gRPC each member's own reason; over REST their names."""
    if not seen.error or not seen.is_documented:
        return False
    if run.rim == "rest":
        return all(f"{name}" in seen.error for name in MEMBERS)
    return set(seen.member_reasons) == set(MEMBERS) and all(
        reason in run.members[name].fault.effect.reasons & documented.reasons()
        for name, reason in seen.member_reasons.items()
    )


class Tally:
    def __init__(self):
        self.answerable = self.answers = self.marked = 0
        self.unanswerable = self.errors = self.odd = 0
        self.critic_calls = self.short_calls = self.calls_with_limit = 0
        self._shown = 0

    def add(self, run, seen, bare):
        """`bare` is what the best member says without MoM; None where all are dead."""
        self.odd += self._is_problem(bool(seen.wrong), run, seen.wrong)
        if bare is None:
            self.unanswerable += 1
            self.errors += not self._is_problem(not has_all_reasons(run, seen), run, seen)
        else:
            self.answerable += 1
            is_same = seen.is_whole and bare.is_whole and said_by(seen) == said_by(bare)
            self.answers += not self._is_problem(not is_same, run, (seen, bare))
            self.marked += seen.is_degraded

    def add_calls(self, run, calls):
        self.critic_calls += sum(call["model"] not in MEMBERS for call in calls)
        if run.question().max_tokens:
            self.short_calls += len(calls)
            self.calls_with_limit += sum(json.loads(c["body"]).get("max_tokens") == 1 for c in calls)

    def _is_problem(self, is_one, run, what):
        if is_one and self._shown < SHOWN:
            self._shown += 1
            print(f"   {run.case} ({run.form} {run.rim}), {run.id}: {what}"[:2000], flush=True)
        return is_one


def rows(full, seed):
    runs = list(drawn(FULL_ROUNDS if full else SHORT_ROUNDS, seed))
    tally = Tally()
    with FaultGateway() as gateway, clients.connected(gateway) as by_rim:
        provider = clients.RestClient(gateway.emulator.port)
        for batch in batches.performed(gateway, by_rim, runs):
            calls = gateway.emulator.calls()
            for run, seen in batch:
                tally.add_calls(run, calls[run.id])
                asked = dataclasses.replace(run.question(), model=run.best, is_streamed=True)
                tally.add(run, seen, provider.ask(asked) if run.best else None)
    yield exactly("answers that are the best bare model's", tally.answers, tally.answerable, seed)
    yield exactly("of them, marked as degraded", tally.marked, tally.answerable, seed)
    yield exactly("nobody alive: documented errors with all reasons", tally.errors,
                  tally.unanswerable, seed)
    yield exactly("calls of members with max_tokens: 1", tally.calls_with_limit,
                  tally.short_calls, seed)
    yield exactly("calls of a critic, where there is nothing to judge", tally.critic_calls, 0, seed)
    yield exactly("runs with anything else wrong", tally.odd, 0, seed)
