"""What a run of the soak tests prints."""

import dataclasses


@dataclasses.dataclass
class Row:
    """One line: what was looked at, what came out, out of how many, and whether that is right.

    Equalities decide; `right` is None where the figure is a time, which is only shown.
    """

    what: str
    figure: object
    count: object = ""
    right: bool | None = None
    seed: object = "-"

    def verdict(self):
        return {True: "ok", False: "FAIL", None: "-"}[self.right]


def exactly(what, figure, count, seed="-"):
    """A row that is right where the two are the same."""
    return Row(what, figure, count, figure == count, seed)


def show(row):
    figure = f"{row.figure:.3f}" if isinstance(row.figure, float) else str(row.figure)
    print(f"{row.what:58}{figure:>12}{row.count!s:>10}{row.seed!s:>8}  {row.verdict()}", flush=True)


def show_header():
    print(f"{'what':58}{'figure':>12}{'count':>10}{'seed':>8}  verdict", flush=True)
