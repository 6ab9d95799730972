"""The provider emulator (docs/emulator.md), from a test's side."""

import collections
import http.client
import json
import re

from harness import paths
from harness.process import Process, wait_until


class Emulator:
    """A started mom-emulator, whose script each test replaces.

    With `serves_tls`, `tls` has its URLs with TLS, by the kind of certificate; `ca_file` is to be
    trusted for them.
    """

    def __init__(self, folder, env, options=(), serves_tls=False):
        script = folder / "script.json"
        script.write_text('{"models": {}}')
        self.ca_file = folder / "ca.pem"
        command = [
            paths.program("mom-emulator"),
            "--script",
            str(script),
            "--listen",
            "127.0.0.1:0",
            *(("--tls", str(self.ca_file)) if serves_tls else ()),
            *options,
        ]
        self.process = Process("mom-emulator", command, folder / "emulator.log", env)
        last_line = re.compile("^tls old_tls .*\n" if serves_tls else "^listening .*\n", re.M)
        self.process.wait_until(lambda: last_line.search(self.process.output()), "its addresses")
        output = self.process.output()
        self.port = int(re.search(r"^listening http://127\.0\.0\.1:(\d+)", output, re.M).group(1))
        self.tls = dict(re.findall(r"^tls (\w+) (\S+)$", output, re.M))
        self.base_url = f"http://127.0.0.1:{self.port}/v1"

    def load(self, **models):
        """Replaces the script and forgets what was: {model: [call, ...]}."""
        self._admin("POST", "reset")
        self._admin("POST", "script", {"models": models})

    def open(self, gate):
        self._admin("POST", f"open/{gate}")

    def state(self):
        return self._admin("GET", "state")

    def requests(self, model=None):
        """Chat completion requests, in order of arrival; of one model where named."""
        requests = [r for r in self._admin("GET", "requests?secrets=1") if r["model"]]
        return [r for r in requests if model in (None, r["model"])]

    def invoices(self):
        return self._admin("GET", "invoices")

    def calls(self):
        """The requests by their `x-request-id`, each with its `invoice`, or None until it ended."""
        invoices = {invoice["request_id"]: invoice for invoice in self.invoices()}
        calls = collections.defaultdict(list)
        for request in self.requests():
            headers = {name.lower(): value for name, value in request["headers"]}
            request["invoice"] = invoices.get(request["id"])
            calls[headers.get("x-request-id", "")].append(request)
        return calls

    def wait_held(self, gate, count=1):
        wait_until(lambda: self.state()["held"].get(gate, 0) >= count, f"answers held at {gate}")

    def wait_idle(self):
        """Until no call is going on."""
        wait_until(lambda: self.state()["active_calls"] == 0, "all upstream calls to end")

    def _admin(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(
                method, "/_emulator/" + path, None if body is None else json.dumps(body)
            )
            response = connection.getresponse()
            text = response.read()
            if response.status >= 300:
                raise AssertionError(f"emulator {path}: {response.status} {text.decode()}")
            return json.loads(text) if text else None
        finally:
            connection.close()
