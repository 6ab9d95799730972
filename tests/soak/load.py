"""Requests at a fixed rate, whatever becomes of them."""

import concurrent.futures
import http.client
import json
import threading
import time

CONNECTIONS = 32
TIMEOUT_SECONDS = 60


class Load:
    """Sends chat requests to mom-rest in the background, every second one streamed.

    Each has an id, `PREFIX-NUMBER`. A request fails where its answer is not a whole one.
    """

    def __init__(self, port, rate, seconds, prefix):
        self.count = int(rate * seconds)
        self.failures = []
        self.ids = [f"{prefix}-{number}" for number in range(self.count)]
        self._port = port
        self._rate = rate
        self._local = threading.local()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def is_running(self):
        return self._thread.is_alive()

    def wait(self):
        self._thread.join()

    def _run(self):
        start = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
            for number in range(self.count):
                time.sleep(max(0.0, start + number / self._rate - time.monotonic()))
                pool.submit(self._ask, number)

    def _ask(self, number):
        try:
            wrong = self._wrong_of(number)
        except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
            self._local.connection = None
            wrong = repr(error)
        if wrong:
            self.failures.append(f"{self.ids[number]}: {wrong}")

    def _wrong_of(self, number):
        """What is wrong with an answer; "" for nothing."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, TIMEOUT_SECONDS)
            self._local.connection = connection
        stream = number % 2 == 1
        body = {"stream": stream, "messages": [{"role": "user", "content": "Hello"}]}
        headers = {"Content-Type": "application/json", "x-request-id": self.ids[number]}
        connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
        response = connection.getresponse()
        text = response.read().decode()
        if response.status != 200:
            return f"{response.status} {text}"
        if stream:
            return "" if text.rstrip().endswith("data: [DONE]") else f"cut: {text[-200:]}"
        return "" if json.loads(text)["choices"][0]["message"]["content"] else "empty"
