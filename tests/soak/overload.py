"""Ten times as many clients as momd admits, each of which asks again and again."""

import collections
import concurrent.futures
import contextlib
import http.client
import importlib
import json
import resource
import threading
import time

import grpc
from harness import stubs
from harness.gateway import Gateway
from table import Row, exactly

ADMITTED = 20  # requests at a time
QUEUE = 10
CLIENTS = 10 * ADMITTED
MAX_MEMORY_MIB = 8  # about as many as that
# Of what is no request's: gRPC's buffers, and memory that the allocator keeps for the next one.
SLACK_MIB = 64
SHORT_SECONDS, FULL_SECONDS = 6, 60
PAUSE_SECONDS = 0.2  # between a refusal and the next request
SAMPLE_SECONDS = 0.05
TIMEOUT_SECONDS = 60
TOKENS = [f"token{number} " for number in range(20)]
ANSWER = "".join(TOKENS)
QUESTIONS = ("Hello", "Hello " * 40_000)  # every fourth one is long

ANSWERED, REFUSED = "answered", "refused"


class RestAsker:
    """Asks over REST, streamed or whole. Gives ANSWERED, REFUSED, or what is wrong."""

    def __init__(self, port, stream):
        self._port = port
        self._stream = stream

    def ask(self, question):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT_SECONDS)
        body = {"model": "alpha", "stream": self._stream}
        body["messages"] = [{"role": "user", "content": question}]
        with contextlib.closing(connection):
            headers = {"Content-Type": "application/json"}
            connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
            response = connection.getresponse()
            return self._outcome(response, response.read().decode())

    def _outcome(self, response, text):
        if response.status == 503:
            is_told = json.loads(text)["error"]["code"] == "overloaded"
            return REFUSED if is_told and response.getheader("retry-after") else f"503 {text}"
        if response.status != 200:
            return f"{response.status} {text}"
        if not self._stream:
            said = json.loads(text)["choices"][0]["message"]["content"]
            return ANSWERED if said == ANSWER else f"said {said!r}"
        is_whole = all(token in text for token in TOKENS) and text.endswith("data: [DONE]\n\n")
        return ANSWERED if is_whole else f"cut: {text[-200:]}"


class GrpcAsker:
    """The same over gRPC; all share one channel."""

    def __init__(self, channel, stream):
        self._chat, self._pb, service = stubs.load()
        self._status = importlib.import_module("google.rpc.status_pb2")
        self._details = importlib.import_module("google.rpc.error_details_pb2")
        self._stub = service.MomServiceStub(channel)
        self._stream = stream

    def ask(self, question):
        part = self._chat.ContentPart(text=question)
        message = self._chat.Message(role=self._chat.ROLE_USER, content=[part])
        chat_input = self._chat.ChatInput(messages=[message])
        request = self._pb.ModelQueryRequest(model="alpha", input=chat_input)
        try:
            said = self._said(request)
        except grpc.RpcError as error:
            return self._refusal(error)
        return ANSWERED if said == ANSWER else f"said {said!r}"

    def _said(self, request):
        if not self._stream:
            response = self._stub.ModelQuery(request, timeout=TIMEOUT_SECONDS)
        else:
            wrapped = self._pb.ModelQueryStreamRequest(request=request)
            *_, last = self._stub.ModelQueryStream(wrapped, timeout=TIMEOUT_SECONDS)
            response = last.completed
        return "".join(part.text for part in response.message.content)

    def _refusal(self, error):
        packed = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
        info, retry = self._details.ErrorInfo(), self._details.RetryInfo()
        for detail in self._status.Status.FromString(packed).details:
            detail.Unpack(info) or detail.Unpack(retry)
        is_refused = (
            error.code() == grpc.StatusCode.UNAVAILABLE
            and info.reason == "OVERLOADED"
            and retry.retry_delay.seconds > 0
        )
        return REFUSED if is_refused else f"{error.code()} {info.reason} {error.details()}"


class Crowd:
    """Clients that ask until the time is over; what they were told, and how long that took."""

    def __init__(self, askers, seconds):
        self.outcomes = collections.Counter()
        self.refusal_seconds = []
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        with concurrent.futures.ThreadPoolExecutor(len(askers)) as pool:
            for done in [pool.submit(self._ask_on, n, asker) for n, asker in enumerate(askers)]:
                done.result()

    def _ask_on(self, number, asker):
        while time.monotonic() < self._end:
            number += 1
            start = time.monotonic()
            try:
                outcome = asker.ask(QUESTIONS[number % 4 == 0])
            except OSError as error:
                outcome = repr(error)
            took = time.monotonic() - start
            with self._lock:
                self.outcomes[outcome] += 1
                if outcome == REFUSED:
                    self.refusal_seconds.append(took)
            if outcome == REFUSED:
                time.sleep(PAUSE_SECONDS)


class Watch:
    """Samples what must not suffer, until it is left: health, and the memory of both programs."""

    def __init__(self, gateway, channel):
        self.checks = self.healthy = 0
        self.slowest = 0.0
        self._gateway = gateway
        self._check = channel.unary_unary("/grpc.health.v1.Health/Check")
        self._before = self._resident()
        self.grown = dict.fromkeys(self._before, 0.0)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _run(self):
        while not self._over.wait(SAMPLE_SECONDS):
            start = time.monotonic()
            self.checks += 1
            self.healthy += self._is_healthy()
            self.slowest = max(self.slowest, time.monotonic() - start)
            for name, mib in self._resident().items():
                self.grown[name] = max(self.grown[name], mib - self._before[name])

    def _is_healthy(self):
        rest = self._gateway.rest
        paths = ("/healthz", "/readyz", "/v1/models")
        try:
            answers = [rest.request("GET", path).status == 200 for path in paths]
            return all(answers) and self._check(b"", timeout=TIMEOUT_SECONDS) == b"\x08\x01"
        except (OSError, grpc.RpcError):
            return False

    def _resident(self):
        """MiB of each."""
        mib = {}
        for process in (self._gateway.momd, self._gateway.mom_rest):
            with open(f"/proc/{process.pid}/statm", encoding="ascii") as statm:
                pages = int(statm.read().split()[1])
            mib[process.name] = pages * resource.getpagesize() / 2**20
        return mib


def set_up(config):
    config["server"] |= {
        "max_requests": ADMITTED,
        "max_queue": QUEUE,
        "max_wait": "1s",
        "max_memory": f"{MAX_MEMORY_MIB}MiB",
    }


def most_at_a_time(invoices):
    steps = [(i["started_ms"], 1) for i in invoices] + [(i["ended_ms"], -1) for i in invoices]
    most = now = 0
    for _, step in sorted(steps):
        now += step
        most = max(most, now)
    return most


def rows(full, seed):
    del seed  # nothing is random
    seconds = FULL_SECONDS if full else SHORT_SECONDS
    gateway = Gateway(set_up, emulator_options=("--keep", str(seconds * 1000)))
    try:
        gateway.emulator.load(alpha=[{"tokens": TOKENS, "pace_ms": 10}])
        with grpc.insecure_channel(f"127.0.0.1:{gateway.grpc_port}") as channel:
            askers = [make(channel, gateway, n) for n in range(CLIENTS)]
            with Watch(gateway, channel) as watch:
                crowd = Crowd(askers, seconds)
        gateway.emulator.wait_idle()
        yield from rows_of(gateway.emulator.invoices(), crowd, watch)
    finally:
        gateway.stop()


def make(channel, gateway, number):
    is_streamed = number % 2 == 1
    if number % 4 < 2:
        return RestAsker(gateway.rest_port, is_streamed)
    return GrpcAsker(channel, is_streamed)


def rows_of(invoices, crowd, watch):
    answered, refused = crowd.outcomes[ANSWERED], crowd.outcomes[REFUSED]
    count = sum(crowd.outcomes.values())
    for outcome in list(set(crowd.outcomes) - {ANSWERED, REFUSED})[:5]:
        print(f"  {outcome[:300]}")
    yield exactly("requests that were answered, or refused with a time", answered + refused, count)
    yield exactly("requests that came to a provider, and were answered", len(invoices), answered)
    yield Row("requests that were refused", refused, count, refused > 0)
    most = most_at_a_time(invoices)
    yield Row("requests that ran at a time, at most", most, ADMITTED, most <= ADMITTED)
    yield exactly("checks of health and models that were answered", watch.healthy, watch.checks)
    bound = 2 * MAX_MEMORY_MIB + SLACK_MIB
    for name, mib in watch.grown.items():
        yield Row(f"MiB that {name} grew by, at most", mib, bound, mib <= bound)
    if refused:
        times = sorted(crowd.refusal_seconds)
        yield Row("seconds to a refusal, the median", times[refused // 2], refused)
        yield Row("seconds to a refusal, the longest", times[-1], refused)
    yield Row("seconds for a check of health and models, the longest", watch.slowest, watch.checks)
