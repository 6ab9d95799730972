"""A log that is followed while it grows."""

import collections
import json


class Events:
    def __init__(self, process):
        self._process = process
        self._position = 0
        self._events = collections.defaultdict(list)

    def of(self, name):
        """The lines of an event so far, parsed."""
        with open(self._process.log, "rb") as log:
            log.seek(self._position)
            lines = log.read().rpartition(b"\n")[0]
        if lines:
            self._position += len(lines) + 1
            for line in lines.split(b"\n"):
                if line.startswith(b"{"):  # a sanitizer may write, too
                    event = json.loads(line)
                    self._events[event["event"]].append(event)
        return self._events[name]

    def wait_until(self, condition, what):
        self._process.wait_until(condition, what)
