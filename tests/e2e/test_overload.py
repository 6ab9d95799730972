"""More than momd or mom-rest admits."""

from harness.gateway import GatewayTest
from harness.process import wait_until

HELD = {"text": "At last.", "gates": [{"name": "g"}]}


class OverloadTest(GatewayTest):
    """One request runs, and none may wait."""

    @staticmethod
    def change_config(config):
        config["server"] |= {"max_requests": 1, "max_queue": 0, "max_wait": "2s"}

    def setUp(self):
        self.script(alpha=HELD, beta="B.")
        self.running = self.rest.start(model="alpha")
        self.emulator.wait_held("g")

    def tearDown(self):
        self.emulator.open("g")
        self.assertEqual(self.running.status, 200)
        self.running.close()
        self.emulator.wait_idle()

    def test_the_next_one_is_refused_at_once(self):
        for stream in (False, True):
            with self.subTest(stream=stream):
                response = self.rest.chat(model="beta", stream=stream)
                self.assertEqual(response.status, 503)
                self.assertEqual(response.headers["retry-after"], "2")
                self.assertNotIn("x-should-retry", response.headers)
                error = response.error()
                self.assertEqual((error["type"], error["code"]), ("server_error", "overloaded"))
                self.assertIn("`server.max_requests`", error["message"])
                self.assert_logged(response.headers["x-request-id"])
        self.assertEqual(self.emulator.requests("beta"), [], "refused, so it cost no call")

    def assert_logged(self, request_id):
        def lines():
            events = self.gateway.momd.events("request")
            return [line for line in events if line["request_id"] == request_id]

        (line,) = wait_until(lines, "its log line")
        self.assertEqual((line["level"], line["code"]), ("warning", "UNAVAILABLE"))
        self.assertEqual(line["reason"], "OVERLOADED")
        self.assertGreater(line["config_generation"], 0)

    def test_what_asks_no_model_is_answered(self):
        for path in ("/healthz", "/readyz", "/v1/models"):
            self.assertEqual(self.rest.request("GET", path).status, 200, path)

    def test_the_place_is_free_again_afterwards(self):
        self.emulator.open("g")
        self.assertEqual(self.running.response().read()[:1], b"{")
        # The place is given up with the very end of the call, shortly after the answer.
        wait_until(lambda: self.rest.chat(model="beta").status == 200, "the place")

    def test_a_new_limit_holds_at_once(self):
        self.assertEqual(self.rest.chat(model="beta").status, 503)
        for limit, status in ((2, 200), (1, 503)):
            live = len(self.gateway.momd.events("config_live"))
            self.gateway.config["server"]["max_requests"] = limit
            self.gateway.write_config()
            wait_until(
                lambda live=live: len(self.gateway.momd.events("config_live")) > live, "the limit"
            )
            self.assertEqual(self.rest.chat(model="beta").status, status)
        self.assertEqual(self.gateway.momd.events("config_needs_restart"), [])


class ConnectionsTest(GatewayTest):
    """One connection is there, and another one may be."""

    @staticmethod
    def change_config(config):
        config["rest"]["max_connections"] = 2

    def test_a_new_limit_holds_at_once(self):
        kept = self.rest.connect()
        self.addCleanup(kept.close)
        kept.request("GET", "/healthz")
        self.assertEqual(kept.getresponse().read(), b'{"status":"ok"}')
        wait_until(lambda: self.rest.request("GET", "/readyz").status == 200, "a place")
        self.limit(1)
        refused = self.rest.chat(model="beta")
        self.assertEqual((refused.status, refused.error()["code"]), (503, "overloaded"))
        self.assertIn("`rest.max_connections`", refused.error()["message"])
        self.limit(3)
        wait_until(lambda: self.rest.chat(model="beta").status == 200, "a place")

    def limit(self, count):
        live = len(self.gateway.mom_rest.events("config_live"))
        self.gateway.config["rest"]["max_connections"] = count
        self.gateway.write_config()
        wait_until(
            lambda: len(self.gateway.mom_rest.events("config_live")) > live, "the new limit"
        )
        self.assertEqual(self.gateway.mom_rest.events("config_needs_restart"), [])
