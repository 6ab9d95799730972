"""Many runs, each with scripts of its own, some at a time."""

import concurrent.futures

AT_A_TIME = 32
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
