"""The embedded default with real models: `make run` as a newcomer has it."""

import json
import pathlib
import signal
import subprocess
import tempfile
import unittest

from harness import paths, stubs
from harness.process import Process, clean_environment, free_port, wait_until
from harness.rest import Rest, user

QUESTION = "What is the capital of France?"
START_SECONDS = 300


def processes_of(marker):
    """Command lines of the processes whose environment has a marker."""
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if marker.encode() in (folder / "environ").read_bytes():
                yield (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue  # it has ended, or is another user's


class RunScriptTest(unittest.TestCase):
    tries_other_programs = True

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mom-run.")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.rest_port = free_port()
        self.env = clean_environment(
            BIN=paths.programs(),
            MOM_GRPC_PORT=free_port(),
            MOM_REST_PORT=self.rest_port,
            TMPDIR=self.folder,
            QUESTION=QUESTION,
        )

    def nothing_is_left_running(self):
        self.assertEqual(list(processes_of(f"TMPDIR={self.folder}")), [])

    def test_once(self):
        result = subprocess.run(
            [paths.ROOT / "scripts/run.sh"],
            env={**self.env, "ONCE": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn(f"http://127.0.0.1:{self.rest_port}/v1", result.stdout)
        self.nothing_is_left_running()

    def test_real_models_make_one_answer(self):
        traces = self.folder / "traces"
        script = Process(
            "run.sh",
            [paths.ROOT / "scripts/run.sh"],
            self.folder / "run.log",
            {**self.env, "DEBUG_REQUESTS": str(traces)},
            self.folder,
        )
        try:
            wait_until(
                lambda: "Ctrl-C" in script.output() or not script.is_running(),
                "make run",
                START_SECONDS,
            )
            self.assertTrue(script.is_running(), script.output())
            self.ask_over_rest()
            self.ask_with_the_openai_sdk()
            self.ask_over_grpc()
            self.read_trace(traces)
        finally:
            script.send(signal.SIGINT)
        self.assertEqual(script.wait(), 0, script.output())
        self.nothing_is_left_running()

    def ask_over_rest(self):
        rest = Rest(self.rest_port)
        whole = rest.request(
            "POST",
            "/v1/chat/completions",
            {"model": "mom", "messages": user(QUESTION)},
            {"x-request-id": "real-rest"},
        )
        self.assertEqual(whole.status, 200, whole.body)
        self.assertTrue(whole.text().strip())
        self.assertTrue("".join(rest.stream(QUESTION).texts()).strip())

    def ask_with_the_openai_sdk(self):
        import openai

        base_url = f"http://127.0.0.1:{self.rest_port}/v1"
        with openai.OpenAI(base_url=base_url, api_key="x", max_retries=0) as client:
            question = {"model": "mom", "messages": user(QUESTION)}
            whole = client.chat.completions.create(**question)
            self.assertTrue(whole.choices[0].message.content.strip())
            with client.chat.completions.stream(**question) as stream:
                final = stream.get_final_completion()
            self.assertTrue(final.choices[0].message.content.strip())
            self.assertEqual(client.models.retrieve("mom").context_window, 4096)

    def ask_over_grpc(self):
        import grpc

        chat, pb, service = stubs.load()
        part = chat.ContentPart(text=QUESTION)
        message = chat.Message(role=chat.ROLE_USER, content=[part])
        request = pb.SynthesizeRequest(input=chat.ChatInput(messages=[message]))
        with grpc.insecure_channel(f"127.0.0.1:{self.env['MOM_GRPC_PORT']}") as channel:
            stub = service.MomServiceStub(channel)
            self.assertTrue(stub.Synthesize(request, timeout=60).message.content[0].text.strip())
            wrapped = pb.SynthesizeStreamRequest(request=request)
            last = list(stub.SynthesizeStream(wrapped, timeout=60))[-1]
            self.assertTrue(last.completed.message.content[0].text.strip())

    def read_trace(self, traces):
        """Two usable candidates, both given to the critic, whose answer is the answer; no critic is
        asked where they say the same."""
        (path,) = wait_until(lambda: list(traces.glob("*-real-rest/answer.json")), "the trace")
        answer = json.loads(path.read_text())
        candidates = answer["candidates"]
        self.assertEqual([c["model"] for c in candidates], ["smollm2", "gemma3"])
        self.assertEqual([c["grade"] for c in candidates], ["usable", "usable"], candidates)
        attempts = [json.loads(p.read_text()) for p in path.parent.glob("[0-9]*.json")]
        self.assertEqual(answer["answered_by"], "smollm2")
        critics = [a for a in attempts if a["role"] == "critic"]
        if not critics:
            said = {c["answer"]["text"].strip(" .\n").lower() for c in candidates}
            self.assertEqual(len(said), 1, candidates)
            self.assertEqual(answer["answer"]["text"], candidates[0]["answer"]["text"])
            return
        critic = critics[-1]
        shown = "".join(str(m["content"]) for m in critic["sent"]["messages"])
        for candidate in candidates:
            self.assertIn(candidate["answer"]["text"].strip(), shown)
        self.assertEqual(answer["answer"]["text"], critic["answer"]["text"])
