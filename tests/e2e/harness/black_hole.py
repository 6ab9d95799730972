"""Addresses at which nobody answers."""

import contextlib
import socket


class BlackHole(contextlib.ExitStack):
    """A port that takes no connection, and one that takes them and never says a word."""

    def __init__(self):
        super().__init__()
        unreachable = self._listener(0)
        # The one connection that the kernel keeps for a listener that accepts none; it drops others.
        self.enter_context(socket.create_connection(unreachable.getsockname()))
        self.unreachable_port = unreachable.getsockname()[1]
        self.silent_port = self._listener(4096).getsockname()[1]

    def _listener(self, backlog):
        listener = self.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(backlog)
        return listener
