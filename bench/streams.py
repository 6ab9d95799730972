"""Many token streams at once, and how late each token comes."""

import asyncio
import dataclasses
import json

MARK = b"zzq"  # in every token, and nowhere else in an answer
PACE = 0.05  # seconds between tokens: 20 tokens/s
TOKENS = 100
SPREAD = 1.0  # seconds over which the streams start


@dataclasses.dataclass
class Outcome:
    lags: list  # seconds of each token behind its time, counted from when the request was sent
    failed: int  # streams that did not come to their end


class _Stream(asyncio.Protocol):
    def __init__(self, request, lags, done):
        self._request, self._lags, self._done = request, lags, done
        self._seen = 0
        self._tail = b""

    def connection_made(self, transport):
        self._clock = asyncio.get_running_loop().time
        self._sent = self._clock()
        transport.write(self._request)

    def data_received(self, data):
        elapsed = self._clock() - self._sent
        data = self._tail + data
        for _ in range(data.count(MARK)):
            self._lags.append(elapsed - self._seen * PACE)
            self._seen += 1
        self._tail = data[-16:] if MARK not in data[-16:] else b""
        if b"[DONE]" in data and not self._done.done():
            self._done.set_result(self._seen == TOKENS)

    def connection_lost(self, _):
        if not self._done.done():
            self._done.set_result(False)


def _request(port):
    body = json.dumps(
        {"model": "paced", "stream": True, "messages": [{"role": "user", "content": "Go on."}]}
    ).encode()
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _run(port, count):
    loop = asyncio.get_running_loop()
    lags = []

    async def one(index):
        await asyncio.sleep(SPREAD * index / count)
        done = loop.create_future()
        transport, _ = await loop.create_connection(
            lambda: _Stream(_request(port), lags, done), "127.0.0.1", port
        )
        try:
            return await asyncio.wait_for(done, TOKENS * PACE + 30)
        except TimeoutError:
            return False
        finally:
            transport.abort()

    ends = await asyncio.gather(*(one(i) for i in range(count)), return_exceptions=True)
    return Outcome(lags, sum(end is not True for end in ends))


def run(port, count):
    return asyncio.run(_run(port, count))
