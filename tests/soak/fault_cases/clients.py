"""Cases 41 to 44: the client, and what MoM has no part of yet."""

from fault_cases.case import Case, Fault, ends
from fault_cases.scripts import said, sentence

WAITS = "an answer that is not streamed is one write"


def client_leaves(rng, text):
    call = said(rng, text, delay_ms=rng.choice((0, 20)), pace_ms=rng.randint(1, 10))
    return Fault([call], ends(text), leaves_after=rng.uniform(0, 0.15))


def slow_reader(rng, text):
    long_text = text + " " + sentence(rng, "long", 20_000, 40_000)
    call = said(rng, long_text, chunk_chars=2000, split=0, pace_ms=0)
    return Fault([call], ends(long_text), reads_after=rng.uniform(0.05, 0.3))


CASES = (
    Case(41, "the client leaves", client_leaves),
    Case(42, "the same Idempotency-Key again", blanks={"all": "waits for idempotency keys"}),
    Case(43, "the client reads slowly", slow_reader, blanks={"unary": WAITS}),
    Case(44, "a slow or broken store, a clock that jumps", blanks={"all": "waits for the ledger"}),
)
