"""Many runs, each with scripts of its own, some at a time."""

import concurrent.futures
import time

AT_A_TIME = 32
SETTLE_SECONDS = 30  # for what ends in the background
SIZE = 128  # runs whose scripts the emulator has at a time


def marked(scripts, mark):
    """Scripts, {model: [call, ...]}, for those requests only that have a mark in their body."""
    return {name: [{**call, "match_body": mark} for call in each] for name, each in scripts.items()}


def performed(gateway, clients, runs):
    """Yields batches, [(run, seen), ...], each when its providers are idle again.

    A run has `rim`, `question()` and `scripts()`, which are marked. Until the next batch, the
    emulator has what this one did.
    """
    with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        for first in range(0, len(runs), SIZE):
            batch = runs[first : first + SIZE]
            models = {}
            for run in batch:
                for name, calls in run.scripts().items():
                    models.setdefault(name, []).extend(calls)
            gateway.emulator.load(**models)
            asked = [pool.submit(clients[run.rim].ask, run.question()) for run in batch]
            seen = [each.result() for each in asked]
            gateway.emulator.wait_idle()
            yield list(zip(batch, seen, strict=True))


def settled(read, wanted):
    """What `read` gives once it is what is wanted, or when it has had the time to be."""
    end = time.monotonic() + SETTLE_SECONDS
    while (value := read()) != wanted and time.monotonic() < end:
        time.sleep(0.01)
    return value


def lines_of(momd, calls):
    """The log line of each request that momd has ended so far, and of all that have calls."""
    settled(lambda: calls.keys() - {line["request_id"] for line in momd.of("request")}, set())
    return {line["request_id"]: line for line in momd.of("request")}
