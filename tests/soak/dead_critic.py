"""The first critic dies under traffic, stays dead for a while, and comes back."""

import contextlib
import time

from events import Events
from harness.gateway import Gateway
from table import Row, exactly

# Of the short form; the full one has the defaults.
SHORT_BREAKER = {"failures": 5, "open": "500ms", "open_max": "2s"}
DEFAULT_BREAKER = {"failures": 5, "open": "1s", "open_max": "30s"}
HEALTHY = 20  # requests before it dies, and after it is back
SHORT_SECONDS, FULL_SECONDS = 3, 60  # that it stays dead
BACK_SECONDS = 35  # the longest that it may be left alone after its recovery
DEATH = {"delay_ms": 200, "status": 503, "error": {"message": "dead"}}
MEMBERS = {"alpha": [{"text": "A."}], "beta": [{"text": "B."}]}
BY_CRITIC, BY_FALLBACK = "By the critic.", "By its fallback."


@contextlib.contextmanager
def started_gateway(breaker):
    def change_config(config):
        config["models"]["judge"]["breaker"] = breaker
        # Its tries are to fail, not to be cancelled because another one is quicker.
        config["mixtures"]["mom"]["critic_hedge"] = 0

    gateway = Gateway(change_config, emulator_options=("--keep", "1000000"))
    try:
        yield gateway
    finally:
        gateway.stop()


class Client:
    """Asks one thing after the other, and keeps what came."""

    def __init__(self, gateway):
        self._rest = gateway.rest
        self.forget()

    def forget(self):
        self.texts, self.seconds = [], []

    def ask(self):
        start = time.monotonic()
        response = self._rest.chat()
        self.seconds.append(time.monotonic() - start)
        self.texts.append(response.text() if response.status == 200 else response.body)
        return self.texts[-1]

    def ask_for(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.ask()

    def median(self):
        return sorted(self.seconds)[len(self.seconds) // 2]


def seconds_of(text):
    return float(text[:-2]) / 1000 if text.endswith("ms") else float(text[:-1])


def most_probes(breaker, seconds):
    """The calls that a breaker lets go in so long a time: each pause is at least half of its
    longest, which doubles."""
    pause, longest = seconds_of(breaker["open"]), seconds_of(breaker["open_max"])
    probes = 0
    while (seconds := seconds - pause / 2) >= 0:
        probes += 1
        pause = min(2 * pause, longest)
    return probes


def rows(full, seed):
    del seed  # nothing is random
    breaker = DEFAULT_BREAKER if full else SHORT_BREAKER
    failures = breaker["failures"]
    with started_gateway(breaker) as gateway:
        client = Client(gateway)
        momd = Events(gateway.momd)

        def load(critic):
            client.forget()
            gateway.emulator.load(judge=[critic], spare=[{"text": BY_FALLBACK}], **MEMBERS)

        load({"text": BY_CRITIC})
        for _ in range(HEALTHY):
            client.ask()
        yield exactly("healthy: answers by the critic", client.texts.count(BY_CRITIC), HEALTHY)
        healthy = client.median()

        load(DEATH)
        for _ in range(failures):
            client.ask()
        yield exactly("dying: answers by the fallback", client.texts.count(BY_FALLBACK), failures)
        opened = time.monotonic()
        calls = len(gateway.emulator.requests("judge"))
        yield exactly("calls of the dead critic until its breaker opens", calls, failures)
        yield Row("seconds that it adds to an answer until then", client.median() - healthy)

        client.forget()
        client.ask_for(FULL_SECONDS if full else SHORT_SECONDS)
        answers = len(client.texts)
        yield exactly("dead: answers by the fallback", client.texts.count(BY_FALLBACK), answers)
        probes = len(gateway.emulator.requests("judge")) - failures
        most = most_probes(breaker, time.monotonic() - opened)
        yield Row("calls of it in this time, and the most by its pauses", probes, most,
                  probes <= most)
        openings = len(momd.of("target_open"))
        yield exactly("failed tries, each logged as target_open", openings, 1 + probes)
        yield Row("seconds that it adds to an answer then", client.median() - healthy, answers)

        load({"text": BY_CRITIC})
        recovered = time.monotonic()
        while client.ask() != BY_CRITIC and time.monotonic() - recovered < BACK_SECONDS:
            time.sleep(0.02)
        took = time.monotonic() - recovered
        known = {BY_CRITIC, BY_FALLBACK}
        answered = sum(text in known for text in client.texts)
        yield exactly("recovering: requests that were answered", answered, len(client.texts))
        is_back = client.texts[-1] == BY_CRITIC
        yield Row(f"it is back within {BACK_SECONDS} s", "yes" if is_back else "no", 1, is_back)
        yield Row("seconds from its recovery until it is back", took)
        for _ in range(HEALTHY):
            client.ask()
        back = client.texts[-HEALTHY:].count(BY_CRITIC)
        yield exactly("back: answers by the critic", back, HEALTHY)
        yield exactly("it was logged as target_back", len(momd.of("target_back")), 1)
