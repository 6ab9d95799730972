"""A program under test, and waiting for what it does."""

import atexit
import collections
import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import time

# Generous, for a busy machine: how long it takes decides nothing.
STOP_SECONDS = 120
WAIT_SECONDS = 120
SANITIZER_MARKS = ("ERROR: AddressSanitizer", "LeakSanitizer", "runtime error:", "ThreadSanitizer")


def free_port():
    return free_ports(1)[0]


def free_ports(count):
    """Different ones. To be taken after all that listens on a port of the system's choice."""
    with contextlib.ExitStack() as held:
        listeners = [held.enter_context(socket.socket()) for _ in range(count)]
        for listener in listeners:
            listener.bind(("127.0.0.1", 0))
        return [listener.getsockname()[1] for listener in listeners]


def accept_interrupts():
    """Where the tests run in the background, the programs would inherit that Ctrl-C is ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def wait_until(condition, what, seconds=WAIT_SECONDS):
    """Waits for a condition and returns its value; what it is for goes into the failure."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.01)
    return value


def accepts_connections(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def clean_environment(**changes):
    """The environment without keys and proxies, so that no test can reach a provider."""
    dropped = ("_API_KEY", "_PROXY", "_proxy")
    kept = {k: v for k, v in os.environ.items() if not k.endswith(dropped) and k[:4] != "MOM_"}
    return {**kept, "NO_PROXY": "*", **{k: str(v) for k, v in changes.items()}}


class Process:
    """A started program; its output goes to a file."""

    def __init__(self, name, command, log, env=None, cwd=None):
        self.name = name
        self.log = pathlib.Path(log)
        with open(self.log, "ab") as out:
            self._popen = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=cwd,
                start_new_session=True,
            )
        self.pid = self._popen.pid
        atexit.register(self.kill)  # where a test failed before it could stop it

    def output(self):
        return self.log.read_text(errors="replace")

    def events(self, name):
        """The log lines of one event, parsed; not one that is still being written."""
        lines = self.output().splitlines(keepends=True)
        ours = [line for line in lines if f'"event":"{name}"' in line and line.endswith("\n")]
        return [json.loads(line) for line in ours]

    def is_running(self):
        return self._popen.poll() is None

    def wait_until(self, condition, what):
        def check():
            if not self.is_running():
                raise AssertionError(f"{self.name} ended while starting:\n{self.output()[-3000:]}")
            return condition()

        return wait_until(check, f"{self.name}: {what}")

    def threads(self):
        """How many threads have which name."""
        tasks = pathlib.Path(f"/proc/{self.pid}/task").iterdir()
        return collections.Counter((task / "comm").read_text().strip() for task in tasks)

    def open_files(self):
        """How many it has open, sockets included."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def kill(self):
        """As a crash: no chance to clean up."""
        self._popen.kill()
        self._popen.wait()

    def send(self, number):
        self._popen.send_signal(number)

    def wait(self, seconds=STOP_SECONDS):
        return self._popen.wait(timeout=seconds)

    def stop(self):
        """Ends it as a service manager does, and returns the exit code."""
        if self.is_running():
            self.send(signal.SIGTERM)
        try:
            return self.wait()
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.name} did not end within {STOP_SECONDS} s") from None

    def sanitizer_reports(self):
        return [
            line for line in self.output().splitlines() if any(m in line for m in SANITIZER_MARKS)
        ]
