"""The table of the fault cases: their scripts, the cells they apply to, what must come of them."""

from fault_cases import clients, connections, contents, streams, statuses
from fault_cases.case import CELLS, Case, Cell, Effect, Fault

CASES = tuple(
    sorted(
        (
            *connections.CASES,
            *statuses.CASES,
            *streams.CASES,
            *contents.CASES,
            *clients.CASES,
        ),
        key=lambda case: case.number,
    )
)

__all__ = ["CASES", "CELLS", "Case", "Cell", "Effect", "Fault"]
