"""The config changes again and again under load.

Each valid content has a number, which goes along with every call upstream as the parameter `seed`,
and in the name of a model; each invalid one has a number too, in the name of a critic that does not
exist.
"""

import collections
import copy
import json
import random
import signal
import time

from events import Events
from harness.gateway import Gateway
from load import Load
from table import Row, exactly

RATE = 200  # requests a second
SIGNAL_PERIOD = 0.1
WRITE_PERIOD = 0.02
SHORT_SECONDS, FULL_SECONDS = 3, 30
ANSWERS = {"alpha": [{"text": "A."}], "beta": [{"text": "B."}], "judge": [{"text": "Both."}]}


class Contents:
    """Writes contents of the config, valid and invalid ones in turn."""

    def __init__(self, gateway, momd):
        self.valid = self.invalid = 0  # the number of the last one
        self._gateway = gateway
        self._momd = momd

    def write_valid(self, in_place=False):
        self.valid += 1
        config = copy.deepcopy(self._gateway.config)
        config["models"][f"content-{self.valid}"] = {"provider": "emulator"}
        for model in config["models"].values():
            model["extra"] = {"seed": self.valid}
        self._write(config, in_place)

    def write_invalid(self, in_place=False):
        self.invalid += 1
        config = copy.deepcopy(self._gateway.config)
        config["mixtures"]["mom"]["critic"] = f"nobody-{self.invalid}."
        self._write(config, in_place)

    def live(self):
        """The number of the content that is live; 0: that of the start."""
        models = self._gateway.rest.request("GET", "/v1/models").json()["data"]
        numbers = [m["id"].removeprefix("content-") for m in models if "content-" in m["id"]]
        return int(numbers[0]) if numbers else 0

    def _write(self, config, in_place):
        text = json.dumps(config)
        if in_place:
            self._gateway.config_file.write_text(text)
        else:
            self._gateway.write_config(text)

    def is_reported(self, number):
        """Whether momd said what is wrong with an invalid content."""
        mark = f'"nobody-{number}."'
        return any(mark in line["mistakes"] for line in self._momd.of("config_invalid"))


def started_gateway():
    """Whose emulator keeps all calls, to be looked at in the end."""
    gateway = Gateway(emulator_options=("--keep", str(10 * RATE * FULL_SECONDS)))
    gateway.emulator.load(**ANSWERS)
    return gateway


def by_signal(full, seed):
    """SIGHUP after each content, at a fixed rate, but never before the last one was looked at."""
    del seed  # nothing is random
    seconds = FULL_SECONDS if full else SHORT_SECONDS
    with started_gateway() as gateway:
        momd = Events(gateway.momd)
        contents = Contents(gateway, momd)
        load = Load(gateway.rest_port, RATE, seconds, "signal")
        start = time.monotonic()
        delays = []
        for number in range(int(seconds / SIGNAL_PERIOD)):
            time.sleep(max(0.0, start + number * SIGNAL_PERIOD - time.monotonic()))
            sent = time.monotonic()
            hang_up(gateway, momd, contents, is_valid=number % 2 == 0)
            delays.append(time.monotonic() - sent)
        took = time.monotonic() - start
        load.wait()
        live = len(momd.of("config_live"))
        yield exactly("valid contents that became a generation", live, contents.valid)
        reported = sum(contents.is_reported(n + 1) for n in range(contents.invalid))
        yield exactly("invalid contents that were reported", reported, contents.invalid)
        yield from request_rows(gateway, load, momd)
        yield Row("seconds for all reloads", took, len(delays))
        yield Row("seconds from SIGHUP to its log line, the longest", max(delays), len(delays))


def hang_up(gateway, momd, contents, is_valid):
    if is_valid:
        contents.write_valid()
        gateway.momd.send(signal.SIGHUP)
        momd.wait_until(lambda: len(momd.of("config_live")) == contents.valid, "a config_live")
    else:
        contents.write_invalid()
        gateway.momd.send(signal.SIGHUP)
        momd.wait_until(lambda: contents.is_reported(contents.invalid), "a config_invalid")


def by_file(full, seed):
    """Contents alone, faster than they are looked at, some written in place, some renamed."""
    seconds = FULL_SECONDS if full else SHORT_SECONDS
    ways = random.Random(seed)
    with started_gateway() as gateway:
        momd = Events(gateway.momd)
        contents = Contents(gateway, momd)
        load = Load(gateway.rest_port, RATE, seconds, "file")
        for number in range(int(seconds / WRITE_PERIOD)):
            time.sleep(WRITE_PERIOD)
            write = contents.write_valid if number % 2 == 0 else contents.write_invalid
            write(in_place=ways.random() < 0.5)
        contents.write_valid()
        written = time.monotonic()
        momd.wait_until(lambda: contents.live() == contents.valid, "the last content")
        took = time.monotonic() - written
        load.wait()
        live = contents.live()
        yield exactly("the content that is live, and the last one", live, contents.valid, seed)
        yield from request_rows(gateway, load, momd)
        yield Row("seconds until the last content is live", took)
        generations = len(momd.of("config_live"))
        yield Row("generations, of the valid contents", generations, contents.valid)


def request_rows(gateway, load, momd):
    """Every request was answered, and knew one config from its start to its end."""
    for failure in load.failures[:5]:
        print(f"  {failure}")
    yield exactly("requests that were answered", load.count - len(load.failures), load.count)
    ids = set(load.ids)
    momd.wait_until(
        lambda: sum(line["request_id"] in ids for line in momd.of("request")) >= len(ids),
        "a log line of each request",
    )
    generations, contents = collections.defaultdict(list), collections.defaultdict(set)
    for line in momd.of("request"):
        generations[line["request_id"]].append(line["config_generation"])
    for request_id, calls in gateway.emulator.calls().items():
        contents[request_id] = {json.loads(call["body"]).get("seed") for call in calls}
    once = [i for i in load.ids if len(generations[i]) == 1 and len(contents[i]) == 1]
    yield exactly("requests with one log line and one content", len(once), load.count)
    pairs = {(generations[i][0], *contents[i]) for i in once}
    for side, name in enumerate(("generations", "contents")):
        different = len({pair[side] for pair in pairs})
        yield exactly(f"{name} that requests saw, each with one partner", different, len(pairs))
