"""--debug-requests: one folder for each request."""

import json

from harness.gateway import CANARY, GatewayTest
from harness.process import wait_until


class DebugRequestsTest(GatewayTest):
    momd_options = ("--debug-requests", "traces")

    def test_the_whole_story_is_in_the_folder(self):
        self.script_mixture(
            alpha="Candidate of alpha.", beta="Candidate of beta.", judge="The answer."
        )
        response = self.rest.request(
            "POST",
            "/v1/chat/completions",
            {"model": "mom", "messages": [{"role": "user", "content": "The question?"}]},
            {"x-request-id": "traced-1"},
        )
        self.assertEqual(response.status, 200)
        traces = self.gateway.folder / "traces"
        self.assertEqual(traces.stat().st_mode & 0o777, 0o700)
        answers = wait_until(lambda: list(traces.glob("*-traced-1/answer.json")), "the trace")
        folder = answers[0].parent
        files = {path.name: path.read_text() for path in folder.iterdir()}
        self.assertIn("The question?", files["request.json"])
        self.assertIn("The answer.", files["answer.json"])
        attempts = {n.split("-", 1)[1]: t for n, t in files.items() if n[0].isdigit()}
        self.assertEqual(len(attempts), 3, list(files))
        (critic,) = (text for name, text in attempts.items() if "judge" in name)
        for text in ("Candidate of alpha.", "Candidate of beta.", "The answer."):
            self.assertIn(text, critic)
        for text in files.values():
            json.loads(text)
            self.assertNotIn(CANARY, text)

    def test_failures_are_in_it(self):
        self.script_mixture(beta={"status": 500, "error": {"error": {"message": "broken"}}})
        self.rest.request(
            "POST",
            "/v1/chat/completions",
            {"model": "mom", "messages": [{"role": "user", "content": "Hi"}]},
            {"x-request-id": "traced-2"},
        )
        traces = self.gateway.folder / "traces"
        wait_until(lambda: list(traces.glob("*-traced-2/answer.json")), "the trace")
        (failed,) = traces.glob("*-traced-2/*beta*.json")
        self.assertIn("500", failed.read_text())
