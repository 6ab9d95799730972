"""Clients that leave while their requests wait for their turn: no provider ever hears of these."""

import concurrent.futures
import random

import batches
import clients
from clients import Question
from events import Events
from fault_cases.case import FORMS, RIMS
from harness.gateway import Gateway
from table import Row, exactly

SHORT_RUNS, FULL_RUNS = 60, 600
HOLDER, WAITING = "alpha", "beta"
LONGEST_STAY = 0.1  # seconds
FOREVER = "30m"


def set_up(config):
    """One request has the place of all; the others may wait as long as they like."""
    config["server"] |= {"max_requests": 1, "max_queue": FULL_RUNS, "max_wait": FOREVER}


def waiting(count, seed):
    """(rim, question) of each client."""
    for number in range(count):
        rng = random.Random(f"{seed} {number}")
        yield rng.choice(RIMS), Question(
            "Is it my turn?",
            WAITING,
            is_streamed=rng.choice(FORMS) == "stream",
            id=f"queued-{number:05d}",
            leaves_after=rng.uniform(0, LONGEST_STAY),
            leaves_abruptly=rng.random() < 0.3,
        )


def rows(full, seed):
    count = FULL_RUNS if full else SHORT_RUNS
    said = {"text": "x", "connection": "close"}
    with (
        Gateway(set_up) as gateway,
        clients.connected(gateway) as by_rim,
        concurrent.futures.ThreadPoolExecutor(batches.AT_A_TIME) as pool,
    ):
        held = {**said, "gates": [{"name": "place", "token": 0}]}
        gateway.emulator.load(**{HOLDER: [held], WAITING: [said]})
        holder = pool.submit(by_rim["grpc"].ask, Question("Hello", HOLDER, is_streamed=False))
        gateway.emulator.wait_held("place")
        momd = Events(gateway.momd)
        files = gateway.momd.open_files()
        asked = [pool.submit(by_rim[rim].ask, question) for rim, question in waiting(count, seed)]
        concurrent.futures.wait(asked)
        files_after = batches.settled(gateway.momd.open_files, files)
        lines = [line for line in momd.of("request") if line["request_id"].startswith("queued-")]
        calls = len(gateway.emulator.requests(WAITING))
        gateway.emulator.open("place")
        whole = holder.result().is_whole
        whole += by_rim["rest"].ask(Question("And now?", WAITING, is_streamed=True)).is_whole
    yield Row("left while queued", len(lines), count, len(lines) > 0, seed)
    cancelled = sum(line["code"] == "CANCELLED" for line in lines)
    yield exactly("of them, told as cancelled", cancelled, len(lines), seed)
    yield exactly("calls for them", calls, 0, seed)
    yield exactly("open files of momd, and before they came", files_after, files, seed)
    yield exactly("who had the place, and who comes next: whole answers", whole, 2, seed)
