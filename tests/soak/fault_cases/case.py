"""What a fault case is."""

import dataclasses
import itertools
import random
from collections.abc import Callable

LEGS = ("candidate", "critic", "alone")  # alone: the model is asked by its own name
FORMS = ("unary", "stream")
RIMS = ("grpc", "rest")


@dataclasses.dataclass(frozen=True)
class Cell:
    """Where a fault strikes, and how the client asks."""

    leg: str
    form: str
    rim: str

    def __str__(self):
        return f"{self.leg} {self.form} {self.rim}"


CELLS = tuple(Cell(*cell) for cell in itertools.product(LEGS, FORMS, RIMS))


@dataclasses.dataclass(frozen=True)
class Effect:
    """What a leg may make of a fault. At least one of `ends`, `is_lesser` and `reasons` is set.

    As a candidate, a leg that ends is one of several drafts, and any other is dropped: the critic
    answers all the same. As the critic, a leg that ends at once is the answer; in place of any other the
    next critic's goes out, unless a part was shown, which ends in a typed error. Alone, a leg that does not
    end is a typed error.
    """

    text: str = ""  # all that it says
    tool_calls: tuple = ()  # (name, arguments) of each
    ends: bool = False  # with its terminal marker
    is_lesser: bool = False  # so too, but what it says is cut, refused or not in form
    reasons: frozenset = frozenset()  # of docs/errors.md: why it may fail
    begins: bool = False  # may say a part of its text before it fails
    yields: bool = False  # fails once before it ends, so a critic's place goes to the next


def ends(text, tool_calls=()):
    return Effect(text, tuple(tool_calls), ends=True)


def ends_in_the_end(text):
    return Effect(text, ends=True, yields=True)


def is_lesser(text, tool_calls=()):
    return Effect(text, tuple(tool_calls), is_lesser=True)


def fails(*reasons, text="", begins=False):
    return Effect(text, reasons=frozenset(reasons), begins=begins)


def ends_or_fails(text, *reasons, begins=False):
    return Effect(text, ends=True, reasons=frozenset(reasons), begins=begins)


@dataclasses.dataclass(frozen=True)
class Fault:
    """One drawing of a case: the script of the leg's model, and what to expect."""

    calls: list  # docs/emulator.md; the last one again and again
    effect: Effect
    target: str = "steady"  # the model that is the leg: see fault_gateway
    offers_tool: bool = False
    wants_json: bool = False
    reads_after: float = 0.0  # seconds before the client reads
    leaves_after: float | None = None  # seconds; the client takes no answer then


@dataclasses.dataclass(frozen=True)
class Case:
    """A row of the table. `blanks` says of which cells it is left out, and why.

    A key of `blanks` is "all", a leg, a form or a rim.
    """

    number: int
    title: str
    draw: Callable[[random.Random, str], Fault] | None = None  # of a rng and the leg's text
    blanks: dict = dataclasses.field(default_factory=dict)

    def why_blank(self, cell):
        """Why it does not apply there; "" where it does."""
        for where in ("all", cell.leg, cell.form, cell.rim):
            if where in self.blanks:
                return self.blanks[where]
        return ""

    def cells(self):
        return tuple(cell for cell in CELLS if not self.why_blank(cell))
