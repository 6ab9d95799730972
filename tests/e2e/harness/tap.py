"""A relay before a port of 127.0.0.1 that keeps what the server sends."""

import collections
import json
import socket
import socketserver
import threading


class Tap:
    """Listens on `port` and passes all on to `server_port`, until the test ends."""

    def __init__(self, test, server_port):
        self._sent = []  # by connection
        tap = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                sent = bytearray()
                tap._sent.append(sent)
                with socket.create_connection(("127.0.0.1", server_port)) as server:
                    asks = threading.Thread(target=tap._pass_on, args=(self.request, server, None))
                    asks.start()
                    tap._pass_on(server, self.request, sent)
                    asks.join()

        relay = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.port = relay.server_address[1]
        threading.Thread(target=relay.serve_forever).start()
        test.addCleanup(relay.server_close)
        test.addCleanup(relay.shutdown)

    @staticmethod
    def _pass_on(source, target, kept):
        try:
            while data := source.recv(65536):
                if kept is not None:
                    kept += data
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # either side may leave as it likes

    def streams(self):
        """The events of each streamed answer, by the answer's id, in the order of their start."""
        streams = collections.defaultdict(list)
        for sent in self._sent:
            for line in bytes(sent).splitlines():
                if line.startswith(b"data: {"):
                    event = json.loads(line.removeprefix(b"data: "))
                    streams[event["id"]].append(event)
        return dict(streams)
