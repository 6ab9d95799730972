"""The command-line client, from a test's side: with pipes, and on a terminal."""

import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import termios

from harness import paths
from harness.gateway import GatewayTest
from harness.process import SANITIZER_MARKS, WAIT_SECONDS, clean_environment
from harness.screen import Screen

DONE, FAILED, USAGE, UNREACHABLE, CUT = range(5)  # exit codes
WRONG_KEY = {"status": 401, "error": {"message": "no"}}


def held(text, token=0):
    """An answer that waits before a token until the test opens "answer"."""
    return {"text": text, "gates": [{"name": "answer", "token": token}]}


def command(*arguments):
    return [str(paths.program("mom")), *map(str, arguments)]


def check_sanitizer(text):
    found = [line for line in text.splitlines() if any(mark in line for mark in SANITIZER_MARKS)]
    if found:
        raise AssertionError("\n".join(found))


def run(*arguments, env, stdin="", cwd=None):
    """Runs `mom` to its end, without a terminal."""
    result = subprocess.run(
        command(*arguments),
        env=env,
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    check_sanitizer(result.stderr)
    return result


class Terminal:
    """`mom` on a terminal of its own."""

    def __init__(self, *arguments, env, columns=80, rows=24, cwd=None):
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._popen = subprocess.Popen(
            command(*arguments),
            env=env,
            cwd=cwd,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            start_new_session=True,
        )
        os.close(slave)
        self.output = b""
        self.screen = Screen(columns, rows)

    def type(self, text):
        os.write(self._master, text.encode())

    def wait_for(self, text):
        """Until a text is on the screen."""
        while text not in self.screen.text():
            if not self._read():
                raise AssertionError(f"{text!r} did not come:\n{self.screen.text()}")

    def wait(self):
        """Until the end; gives the exit code, negative after a signal."""
        while self._read():
            pass
        code = self._popen.wait(timeout=WAIT_SECONDS)
        if not termios.tcgetattr(self._master)[3] & termios.ECHO:
            raise AssertionError("what is typed is not shown any more")
        os.close(self._master)
        check_sanitizer(self.output.decode(errors="replace"))
        return code

    def _read(self):
        ready, _, _ = select.select([self._master], [], [], WAIT_SECONDS)
        if not ready:
            self._popen.kill()
            raise AssertionError(f"nothing came any more:\n{self.screen.text()}")
        try:
            data = os.read(self._master, 65536)
        except OSError:  # the other side is closed
            return False
        self.output += data
        self.screen.write(data)
        return bool(data)


class CliTest(GatewayTest):
    """A test of `mom` against a gateway."""

    @staticmethod
    def change_config(config):
        for model in config["models"].values():
            model["price"] = {"input": 1, "output": 10}

    def env(self, **changes):
        address = f"127.0.0.1:{self.gateway.grpc_port}"
        usual = {"MOM_ADDRESS": address, "TERM": "xterm", "LC_ALL": "C.UTF-8"}
        return clean_environment(**{**usual, **changes})

    def mom(self, *arguments, **options):
        return run(*arguments, env=self.env(), **options)

    def ok(self, *arguments, **options):
        result = self.mom(*arguments, **options)
        self.assertEqual(result.returncode, DONE, result.stderr)
        return result.stdout

    def terminal(self, *arguments, columns=80, rows=24, **env):
        return Terminal(*arguments, env=self.env(**env), columns=columns, rows=rows)

    def asked(self, model="alpha"):
        """What a model was asked: roles and texts."""
        body = json.loads(self.emulator.requests(model)[-1]["body"])
        return [(m["role"], m["content"]) for m in body["messages"]]
