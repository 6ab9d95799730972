"""grpcurl against the reflection of momd, and buf over proto/."""

import json
import subprocess
import unittest

from harness import paths
from harness.gateway import GatewayTest

GRPCURL = paths.tool("grpcurl")
BUF = paths.tool("buf")
NOT_FOUND = 64 + 5  # grpcurl's exit code: 64 and the status


@unittest.skipUnless(GRPCURL, "grpcurl is not installed: it needs Go")
class GrpcurlTest(GatewayTest):
    tries_other_programs = True

    def grpcurl(self, *arguments, data=None):
        command = [GRPCURL, "-plaintext", "-max-time", "60"]
        if data is not None:
            command += ["-d", json.dumps(data)]
        address = f"127.0.0.1:{self.gateway.grpc_port}"
        return subprocess.run(
            [*command, address, *arguments], capture_output=True, text=True, timeout=90, check=False
        )

    def ok(self, *arguments, data=None):
        result = self.grpcurl(*arguments, data=data)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def question(self, text="Hello"):
        return {"messages": [{"role": "ROLE_USER", "content": [{"text": text}]}]}

    def test_list(self):
        services = self.ok("list").split()
        for service in ("mom.v1.MomService", "grpc.health.v1.Health"):
            self.assertIn(service, services)

    def test_describe(self):
        self.assertIn("rpc SynthesizeStream", self.ok("describe", "mom.v1.MomService"))
        self.assertIn("optional double temperature", self.ok("describe", "mom.v1.SamplingParams"))
        self.assertIn("ErrorInfo", self.ok("describe", "google.rpc.ErrorInfo"))

    def test_synthesize(self):
        self.script_mixture()
        answer = json.loads(
            self.ok("mom.v1.MomService/Synthesize", data={"input": self.question()})
        )
        self.assertEqual(answer["message"]["content"], [{"text": "Paris it is."}])

    def test_synthesize_stream(self):
        self.script_mixture()
        request = {"request": {"input": self.question()}}
        self.assertIn('"completed"', self.ok("mom.v1.MomService/SynthesizeStream", data=request))

    def test_model_query(self):
        self.script(alpha="From alpha.")
        request = {"model": "alpha", "input": self.question()}
        self.assertIn("From alpha.", self.ok("mom.v1.MomService/ModelQuery", data=request))
        self.ok("mom.v1.MomService/ModelQueryStream", data={"request": request})

    def test_list_models(self):
        models = json.loads(self.ok("mom.v1.MomService/ListModels"))["models"]
        self.assertEqual(models[0]["name"], "mom")

    def test_get_run(self):
        self.script(alpha="From alpha.")
        request = {"model": "alpha", "input": self.question(), "request_id": "asked-by-grpcurl"}
        self.ok("mom.v1.MomService/ModelQuery", data=request)
        run = json.loads(
            self.ok("mom.v1.MomService/GetRun", data={"request_id": "asked-by-grpcurl"})
        )["run"]
        self.assertEqual((run["answeredBy"], run["strategy"]), ("alpha", "single"))

    def test_health(self):
        self.assertIn("SERVING", self.ok("grpc.health.v1.Health/Check"))
        one = self.ok("grpc.health.v1.Health/Check", data={"service": "mom.v1.MomService"})
        self.assertIn("SERVING", one)

    def test_the_protoset_says_what_reflection_says(self):
        command = [GRPCURL, "-protoset", str(paths.protoset())]
        for symbol in ("mom.v1.MomService", "mom.v1.SamplingParams", "google.rpc.ErrorInfo"):
            with self.subTest(symbol):
                result = subprocess.run(
                    [*command, "describe", symbol], capture_output=True, text=True, check=True
                )
                lines = result.stdout.splitlines()
                told = [line for line in lines if not line.lstrip().startswith("//")]
                self.assertEqual(told, self.ok("describe", symbol).splitlines())

    def test_error_details_are_readable(self):
        request = {"model": "mum", "input": self.question()}
        result = self.grpcurl("mom.v1.MomService/Synthesize", data=request)
        self.assertEqual(result.returncode, NOT_FOUND)
        self.assertIn("MODEL_NOT_FOUND", result.stderr)


@unittest.skipUnless(BUF, "buf is not installed: it needs Node")
class BufTest(unittest.TestCase):
    tries_other_programs = True

    def test_lint(self):
        command = [BUF, "lint", str(paths.ROOT / "proto")]
        result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
