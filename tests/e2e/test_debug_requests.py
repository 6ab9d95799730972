"""--debug-requests: one folder for each request."""

import json

from harness.gateway import CANARY, GatewayTest
from harness.process import wait_until
from harness.rest import user


class DebugRequestsTest(GatewayTest):
    momd_options = ("--debug-requests", "traces")

    def test_the_whole_story_is_in_the_folder(self):
        self.script_mixture(
            alpha="Candidate of alpha.", beta="Candidate of beta.", judge="The answer."
        )
        self.assertEqual(self.ask("traced-1", "The question?").status, 200)
        traces = self.gateway.folder / "traces"
        self.assertEqual(traces.stat().st_mode & 0o777, 0o700)
        files = {path.name: path.read_text() for path in self.files_of("traced-1")}
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

    def test_a_key_that_a_provider_repeats_is_in_no_file(self):
        said = f"Incorrect API key provided: Bearer {CANARY}"
        error = {"message": said, "type": "authentication_error", "code": CANARY}
        page = {"Content-Type": "text/html"}
        self.script_mixture(
            alpha={"status": 401, "error": error},
            beta={"status": 500, "headers": page, "body": f"<pre>Authorization: {said}</pre>"},
        )
        failed = self.ask("traced-3")
        self.assertEqual(failed.status, 502)
        self.script(beta={"text": "A part", "error": error, "error_after_tokens": 1})
        cut = self.ask("traced-4", model="beta", stream=True)
        denied = {"status": 403, "error": error}
        self.script_mixture(judge=denied, spare="By the spare.")
        fallen_back = self.ask("traced-5")
        self.assertEqual(fallen_back.text(), "By the spare.")
        for request_id, attempts in (("traced-3", 2), ("traced-4", 1), ("traced-5", 4)):
            files = self.files_of(request_id)
            self.assertEqual(len(files), 2 + attempts, "request, answer, and each attempt")
            for file in files:
                self.assertNotIn(CANARY, file.read_text(), file)
        for text in (failed.body, cut.body, fallen_back.body, self.gateway.momd.log.read_bytes()):
            self.assertNotIn(CANARY.encode(), text)

    def test_failures_are_in_it(self):
        self.script_mixture(beta={"status": 500, "error": {"message": "broken"}})
        self.ask("traced-2")
        (failed,) = (path for path in self.files_of("traced-2") if "beta" in path.name)
        self.assertIn("500", failed.read_text())

    def ask(self, request_id, question="Hi", **parameters):
        body = {"model": "mom", "messages": user(question), **parameters}
        headers = {"x-request-id": request_id}
        return self.rest.request("POST", "/v1/chat/completions", body, headers)

    def files_of(self, request_id):
        traces = self.gateway.folder / "traces"
        (answer,) = wait_until(lambda: list(traces.glob(f"*-{request_id}/answer.json")), "a trace")
        return list(answer.parent.iterdir())
