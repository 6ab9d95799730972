"""Raw HTTP to mom-rest: what is on the wire, without a client library's kindness."""

import http.client
import json
import socket
import struct


def user(text):
    return [{"role": "user", "content": text}]


class Response:
    def __init__(self, response):
        self.status = response.status
        self.headers = {k.lower(): v for k, v in response.getheaders()}
        self.body = response.read()

    def json(self):
        return json.loads(self.body)

    def error(self):
        return self.json()["error"]

    def text(self):
        return self.json()["choices"][0]["message"]["content"]


class Rest:
    """A client of one gateway. Each request has a connection of its own."""

    def __init__(self, port):
        self.port = port

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def request(self, method, path, body=None, headers=None):
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        connection = self.connect()
        try:
            connection.request(method, path, body, self._headers(headers))
            return Response(connection.getresponse())
        finally:
            connection.close()

    def chat(self, messages="Hello", model="mom", **parameters):
        if isinstance(messages, str):
            messages = user(messages)
        body = {"model": model, "messages": messages, **parameters}
        return self.request("POST", "/v1/chat/completions", body)

    def start(self, messages="Hello", model="mom", **parameters):
        """Sends a request and returns at once: for clients that leave, and for streams."""
        if isinstance(messages, str):
            messages = user(messages)
        return Pending(self, {"model": model, "messages": messages, **parameters})

    def stream(self, messages="Hello", model="mom", **parameters):
        return self.start(messages, model, stream=True, **parameters)

    @staticmethod
    def _headers(headers):
        return {"Content-Type": "application/json", "Authorization": "Bearer x", **(headers or {})}


class Pending:
    """A request whose answer was not read yet."""

    def __init__(self, rest, body):
        self._connection = rest.connect()
        self._connection.request(
            "POST", "/v1/chat/completions", json.dumps(body), rest._headers({})
        )
        self._socket = self._connection.sock  # the response takes it over later
        self._response = None

    def response(self):
        if self._response is None:
            self._response = self._connection.getresponse()
        return self._response

    @property
    def status(self):
        return self.response().status

    def header(self, name):
        return self.response().getheader(name)

    def lines(self):
        """The lines of the body as they come."""
        while line := self.response().readline():
            yield line.decode().rstrip("\r\n")

    def data(self):
        """The data of each event: parsed, or "[DONE]"."""
        for line in self.lines():
            if line.startswith("data: "):
                payload = line.removeprefix("data: ")
                yield payload if payload == "[DONE]" else json.loads(payload)

    def texts(self):
        """The pieces of the answer as they come."""
        for event in self.data():
            if event != "[DONE]":
                for choice in event["choices"]:
                    if text := choice["delta"].get("content"):
                        yield text

    def leave(self, abruptly=False):
        """Closes the connection, as a client does that is interrupted: FIN, or RST."""
        if abruptly:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            self._socket.shutdown(socket.SHUT_RDWR)
        if self._response is not None:
            self._response.close()
        self._connection.close()
        self._socket.close()

    close = leave
