"""Times, which are shown and decide nothing, and how far they can be trusted."""

import threading
import time

from clients import Question, RestClient
from table import Row


class ControlTimer:
    """Sleeps again and again, and knows how much too long: what the machine adds to every time."""

    PERIOD = 0.005

    def __init__(self):
        self.oversleeps = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._stop.set()
        self._thread.join()

    def longest(self):
        return max(self.oversleeps, default=0.0)

    def _run(self):
        while not self._stop.is_set():
            start = time.monotonic()
            time.sleep(self.PERIOD)
            self.oversleeps.append(time.monotonic() - start - self.PERIOD)


def percentile(values, share):
    """The least value that at least this share of all are no greater than."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def rows(what, values, shares, control):
    """Seconds, each beside the control timer's oversleep at the same share."""
    for share in shares if values else ():
        name = f"p{share * 100:g}"
        yield Row(f"{what}, {name}, s", percentile(values, share), len(values))
        yield Row(f"  oversleep of a control timer, {name}, s",
                  percentile(control.oversleeps, share), len(control.oversleeps))


def clock_of(emulator, times=20):
    """What the emulator's milliseconds are on our monotonic clock: a function."""
    client = RestClient(emulator.port)
    question = Question("What time is it?", "clock", is_streamed=True)
    offsets = []
    for _ in range(times):
        start = time.monotonic()
        client.ask(question)
        end = time.monotonic()
        arrived = emulator.requests(question.model)[-1]["at_ms"] / 1000
        offsets.append((end - start, (start + end) / 2 - arrived))
    offset = min(offsets)[1]
    return lambda milliseconds: milliseconds / 1000 + offset
