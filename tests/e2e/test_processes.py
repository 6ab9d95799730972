"""The programs as processes: threads, load, signals, ports, crashes."""

import signal
import socket
import unittest

from harness import paths
from harness.gateway import Gateway, GatewayTest
from harness.process import Process, free_port, wait_until

STREAMS = 100
HELD = {"tokens": ["one ", "two ", "three ", "four "], "gates": [{"name": "g", "token": 3}]}


class LoadTest(GatewayTest):
    def threads(self):
        """Of both programs, without gRPC's timer threads: the second starts when the first is busy."""
        threads = {p.name: p.threads() for p in (self.gateway.momd, self.gateway.mom_rest)}
        for names in threads.values():
            self.assertLessEqual(names.pop("grpc_global_tim", 0), 2)
        return threads

    def test_the_number_of_threads_stays(self):
        self.script(alpha=HELD)
        self.threads_stay_under_streams_of("alpha")

    def test_the_number_of_threads_stays_with_a_mixture(self):
        self.script_mixture(judge=HELD)
        self.threads_stay_under_streams_of("mom")
        self.assertEqual(len(self.emulator.requests()), 3 * STREAMS + 1)

    def threads_stay_under_streams_of(self, model):
        self.rest.chat(model="spare")  # whatever starts at the first request has started
        before = self.threads()
        streams = [self.rest.stream(model=model) for _ in range(STREAMS)]
        begun = [next(stream.texts()) for stream in streams]
        self.assertEqual(len(begun), STREAMS)
        self.assertEqual(self.threads(), before)
        self.emulator.open("g")
        for stream in streams:
            self.assertEqual(list(stream.data())[-1], "[DONE]")
            stream.close()
        self.assertEqual(self.threads(), before)


class SignalTest(unittest.TestCase):
    def setUp(self):
        self.gateway = Gateway()
        self.addCleanup(self.gateway.stop)
        self.gateway.emulator.load(alpha=[HELD])

    def test_sigterm_lets_momd_end_its_streams(self):
        self.lets_streams_end("momd", self.gateway.momd)

    def test_sigterm_lets_mom_rest_end_its_streams(self):
        self.lets_streams_end("mom-rest", self.gateway.mom_rest)

    def lets_streams_end(self, name, process):
        stream = self.gateway.rest.stream(model="alpha")
        texts = stream.texts()
        text = next(texts)
        process.send(signal.SIGTERM)
        self.refuses_new_calls(name)
        self.gateway.emulator.open("g")
        self.assertEqual(text + "".join(texts), "one two three four ")
        self.assertEqual(process.wait(), 0)

    def refuses_new_calls(self, name):
        def refused():
            try:
                return self.gateway.rest.request("GET", "/readyz").status == 503
            except OSError:
                return True  # it no longer listens

        wait_until(refused, f"{name} to refuse new calls")

    def test_a_port_in_use_is_named(self):
        config = self.gateway.folder / "second.yaml"
        config.write_text(self.gateway.config_file.read_text().replace("mom.sock", "second.sock"))
        for name, port in (("momd", self.gateway.grpc_port), ("mom-rest", self.gateway.rest_port)):
            with self.subTest(program=name):
                command = [paths.program(name), "--config", str(config)]
                log = self.gateway.folder / f"second-{name}.log"
                second = Process(name, command, log, self.gateway.env)
                self.assertNotEqual(second.wait(), 0)
                (line,) = second.output().splitlines()
                for part in (f"127.0.0.1:{port}", "stop it, or write another port in `"):
                    self.assertIn(part, line)
        self.assertEqual(self.gateway.rest.chat(model="beta").status, 200, "the first still serves")

    def test_a_socket_in_use_is_named(self):
        config = self.gateway.folder / "second.yaml"
        address = f"127.0.0.1:{self.gateway.grpc_port}"
        config.write_text(
            self.gateway.config_file.read_text().replace(address, f"127.0.0.1:{free_port()}")
        )
        command = [paths.program("momd"), "--config", str(config)]
        second = Process("momd", command, self.gateway.folder / "second.log", self.gateway.env)
        self.assertNotEqual(second.wait(), 0)
        self.assertIn("mom.sock", second.output())
        self.assertEqual(self.gateway.rest.chat(model="beta").status, 200, "the first still serves")

    def test_a_crash_leaves_no_stale_socket(self):
        self.gateway.momd.kill()
        self.gateway.start_momd()
        self.gateway.mom_rest.wait_until(self.gateway.is_ready, "/readyz")
        self.assertEqual(self.gateway.rest.chat(model="beta").status, 200)

    def test_the_socket_is_its_owners(self):
        path = self.gateway.folder / "mom.sock"
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)

    def test_garbage_on_the_ports_harms_nobody(self):
        for port in (self.gateway.grpc_port, self.gateway.rest_port):
            for garbage in (
                b"\x00" * 64,
                b"GET / HTTP/1.1\r\nHost",
                b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 99,
            ):
                with socket.create_connection(("127.0.0.1", port)) as client:
                    client.sendall(garbage)
        self.assertEqual(self.gateway.rest.chat(model="beta").status, 200)
