"""What both programs tell the service manager that started them."""

import signal
import unittest

from harness import paths
from harness.gateway import Gateway
from harness.process import Process, accepts_connections
from harness.service_manager import ServiceManager

HELD = {"tokens": ["one ", "two "], "gates": [{"name": "g", "token": 1}]}


def two_loops(config):
    config["server"]["threads"] = 2


class ServiceManagerTest(unittest.TestCase):
    def setUp(self):
        self.gateway = Gateway(two_loops)
        self.addCleanup(self.gateway.stop)
        self.manager = ServiceManager(self.gateway.folder, watchdog_usec=10_000)
        self.addCleanup(self.manager.close)

    def start(self, name):
        return Process(
            name,
            [paths.program(name), "--config", str(self.gateway.config_file)],
            self.gateway.folder / f"{name}.log",
            {**self.gateway.env, **self.manager.environment},
        )

    def next_other_than(self, message):
        while (other := self.manager.next()) == message:
            pass
        return other

    def tells_of_its_life(self, process, port):
        """Returns with a stream under way and the program draining."""
        self.assertEqual(self.manager.next(), "READY=1")
        self.assertTrue(accepts_connections(port), "it says so when it listens")
        pings = [self.manager.next() for _ in range(3)]
        self.assertEqual(pings, ["WATCHDOG=1"] * 3)
        self.gateway.emulator.load(alpha=[HELD])
        # Where momd was started anew, mom-rest finds it again.
        self.gateway.mom_rest.wait_until(self.gateway.is_ready, "/readyz")
        texts = self.gateway.rest.stream(model="alpha").texts()
        self.assertEqual(next(texts), "one ")
        process.send(signal.SIGTERM)
        self.assertEqual(self.next_other_than("WATCHDOG=1"), "STOPPING=1")
        self.assertEqual(self.manager.next(), "WATCHDOG=1", "a drain is not taken for a hang")
        self.gateway.emulator.open("g")
        self.assertEqual("".join(texts), "two ")
        self.assertEqual(process.wait(), 0)

    def test_momd(self):
        self.gateway.momd.stop()
        self.gateway.momd = self.start("momd")
        self.tells_of_its_life(self.gateway.momd, self.gateway.grpc_port)

    def test_mom_rest(self):
        self.gateway.mom_rest.stop()
        self.gateway.mom_rest = self.start("mom-rest")
        self.tells_of_its_life(self.gateway.mom_rest, self.gateway.rest_port)
