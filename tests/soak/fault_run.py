"""One run: a case, drawn by its seed, in a cell; and what may come of it."""

import dataclasses
import json
import random

from batches import marked
from clients import Question
from fault_cases.case import Case, Cell, Fault
from fault_cases.scripts import said, sentence
from fault_gateway import STEADY_MODELS, name_of


@dataclasses.dataclass(frozen=True)
class Whole:
    """An answer that came to its end."""

    text: str
    tool_calls: tuple = ()


@dataclasses.dataclass(frozen=True)
class Failed:
    """A typed error, with a part of the answer before it or without."""

    reasons: frozenset
    part_of: str = ""  # what was shown must be the start of this


@dataclasses.dataclass(frozen=True)
class Run:
    number: int
    seed: int
    case: Case
    cell: Cell
    mark: str  # in the question and so in every call upstream: finds the scripts of this run
    fault: Fault
    texts: dict  # what each of the healthy models says

    @property
    def model(self):
        return name_of(self.fault.target, self.cell.leg)

    @property
    def rim(self):
        return self.cell.rim

    def question(self):
        return Question(
            f"What about {self.mark}?",
            self.model,
            is_streamed=self.cell.form == "stream",
            offers_tool=self.fault.offers_tool,
            wants_json=self.fault.wants_json,
            wants_candidates=self.cell.leg == "candidate",
            reads_after=self.fault.reads_after,
            leaves_after=self.fault.leaves_after,
        )

    def scripts(self):
        """The emulator's calls by model, for this run's requests only."""
        rng = random.Random(f"{self.seed} {self.number} paces")
        calls = {name: [said(rng, text)] for name, text in self.texts.items()}
        calls[self.fault.target] = self.fault.calls
        return marked(calls, self.mark)

    def allowed(self):
        """Every outcome that is right."""
        effect = self.fault.effect
        own = Whole(effect.text, effect.tool_calls)
        is_streamed = self.cell.form == "stream"
        if self.cell.leg == "candidate":
            # A tool call that is in form goes out as it is.
            goes_out = effect.ends and effect.tool_calls
            return [own if goes_out else Whole(self.texts["judge"])]
        is_alone = self.cell.leg == "alone"
        if effect.yields and not is_alone:
            return [Whole(self.texts["spare"])]
        outcomes = []
        if effect.ends and (is_alone or not effect.tool_calls):
            outcomes.append(own)
        if effect.is_lesser and (is_alone or is_streamed) and (is_alone or not effect.tool_calls):
            outcomes.append(own)
        does_not_end = not effect.ends or effect.reasons
        if not is_alone and (does_not_end or effect.tool_calls):
            outcomes.append(Whole(self.texts["spare"]))
        if effect.reasons and is_alone:
            outcomes.append(Failed(effect.reasons))
        if effect.reasons and effect.begins and is_streamed:
            outcomes.append(Failed(effect.reasons, effect.text))
        return outcomes


def draw(number, seed, case, cell):
    rng = random.Random(f"{seed} {number} {case.number} {cell}")
    mark = f"run-{number:06d}-"
    texts = {name: sentence(rng, f"{name}-{mark}") for name in STEADY_MODELS}
    fault = case.draw(rng, sentence(rng, f"leg-{mark}"))
    if fault.wants_json:
        texts = {name: json.dumps({"said": text}) for name, text in texts.items()}
    return Run(number, seed, case, cell, mark, fault, texts)
