"""mom trace: what it makes of a folder that momd wrote."""

import json
import shutil
import tempfile
import xml.etree.ElementTree as ElementTree

from harness.cli import DONE, USAGE, CliTest, run
from harness.gateway import CANARY
from harness.process import wait_until

HOSTILE = "<script>alert('&')</script> \x1b[2J"


class TraceCliTest(CliTest):
    momd_options = ("--debug-requests", "traces")

    @staticmethod
    def change_config(config):
        config["trace"] = {"debug_requests": "traces"}
        models = config["models"]
        models["alpha"]["retry"] = {"attempts": 2, "base": "1ms"}
        models["judge"]["price"] = {"input": 1, "output": 2}

    def setUp(self):
        self.traces = self.gateway.folder / "traces"
        shutil.rmtree(self.traces, ignore_errors=True)
        self.traces.mkdir()

    def ask(self, request_id, **models):
        """Alpha fails and is tried again, beta fails; changed by the arguments."""
        overloaded = {"status": 503, "error": {"message": "overloaded"}}
        self.script_mixture(
            **{
                "alpha": [overloaded, "The candidate."],
                "beta": {"status": 400, "error": {"message": "no such thing"}},
                **models,
            }
        )
        self.rest.request(
            "POST",
            "/v1/chat/completions",
            {"model": "mom", "messages": [{"role": "user", "content": "The question?"}]},
            {"x-request-id": request_id},
        )
        answers = wait_until(
            lambda: list(self.traces.glob(f"*-{request_id}/answer.json")), "the trace"
        )
        wait_until(lambda: self._is_json(answers[0]), "the end of the trace")
        return answers[0].parent

    @staticmethod
    def _is_json(path):
        try:
            json.loads(path.read_text())
        except ValueError:
            return False
        return True

    def mom_trace(self, *args, code=DONE, cwd=None, **env):
        result = run("trace", *args, env=self.env(**env), cwd=cwd or self.gateway.folder)
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertNotIn(CANARY, result.stdout + result.stderr)
        return result

    def test_list_names_traces_and_what_is_none(self):
        self.ask("listed-1")
        self.ask("listed-2", alpha={"status": 400, "error": {"message": "no"}})
        (self.traces / "notes").mkdir()
        broken = self.traces / "20260102T030405.678Z-broken"
        broken.mkdir()
        (broken / "request.json").write_text('{"request_id": "bro')
        result = self.mom_trace("list", "--dir", "traces")
        head, newest, oldest = result.stdout.splitlines()
        self.assertRegex(head, r"^TIME .*ANSWERED BY")
        self.assertRegex(newest, r"listed-2 +mom +synthesize +- .*ALL_MEMBERS_FAILED$")
        self.assertRegex(oldest, r"listed-1 +mom +synthesize +alpha .* 3 +unknown +degraded$")
        self.assertIn("skipped notes: no trace", result.stderr)
        self.assertIn(f"skipped {broken.name}: request.json: no JSON object", result.stderr)

        listed = json.loads(self.mom_trace("list", "--config", "config.yaml", "--json").stdout)
        self.assertEqual([row["request_id"] for row in listed], ["listed-2", "listed-1"])
        self.assertEqual([row["calls"] for row in listed], [2, 3])
        one = self.mom_trace("list", "--dir", "traces", "--limit", "1").stdout
        self.assertNotIn("listed-1", one)

    def test_show_tells_the_story(self):
        self.ask("shown-1", beta="Another.", judge=f"Answer. {HOSTILE}")
        text = self.mom_trace("show", "latest", "--dir", "traces").stdout
        for part in (
            "shown-1",
            "4 calls",
            "cost at least $0.",  # only judge has a price
            "░",
            "◆",
            "✗",
            "alpha, try 2",
            "503 UPSTREAM_OVERLOADED",
            "quorum",
            "The question?",
            "Candidate of alpha",
            "The candidate.",
            "Prompt of the critic judge",
            "draft A: ",
            "Answer by judge",
            "Answer. <script>",
        ):
            self.assertIn(part, text)
        self.assertNotIn("\x1b", text)
        self.assertEqual(text, self.mom_trace("show", "own-1", "--dir", "traces").stdout)
        plain = self.mom_trace("show", "own-1", "--dir", "traces", LC_ALL="C").stdout
        self.assertNotRegex(plain, "[░◆✗─]")

    def test_export_writes_one_page(self):
        folder = self.ask("page-1", beta="Another.", judge=f"Answer. {HOSTILE}")
        page = self.gateway.folder / "page.html"
        self.mom_trace("export", "page", "--config", "config.yaml", "--html", "page.html")
        self.assertEqual(page.stat().st_mode & 0o777, 0o600)
        text = page.read_text()
        root = ElementTree.fromstring(text.removeprefix("<!DOCTYPE html>\n"))
        self.assertEqual([e for e in root.iter() if e.tag in ("script", "link", "img")], [])
        shown = "".join(root.itertext())
        for part in ("The question?", "The candidate.", "Answer. <script>alert('&')</script>"):
            self.assertIn(part, shown)

        with tempfile.TemporaryDirectory() as elsewhere:
            options = ("--html", "--dir", self.traces)
            self.mom_trace("export", "page-1", *options, cwd=elsewhere)
            with open(f"{elsewhere}/{folder.name}.html") as file:
                self.assertEqual(file.read(), text)

    def test_mistakes_are_told_with_the_remedy(self):
        self.ask("same-1")
        self.ask("same-2")
        for args, message in (
            (("list",), "debug-requests: No such file or directory; start momd with"),
            (("show", "--dir", "traces"), "name one trace"),
            (("show", "nobody", "--dir", "traces"), "no trace matches nobody"),
            (("show", "same", "--dir", "traces"), "2 traces match same"),
            (("export", "same-1", "--dir", "traces"), "mom trace export ID --html [FILE]"),
            (("list", "--limit", "few"), "--limit must be a whole number, not few"),
            (("lst",), 'unknown action "lst"; did you mean "list"?'),
            ((), "write one of list, show, export"),
        ):
            with self.subTest(args=args):
                self.assertIn(message, self.mom_trace(*args, code=USAGE).stderr)
        self.gateway.folder.joinpath("empty.yaml").write_text("rest: {}\n")
        result = self.mom_trace("list", "--config", "empty.yaml", code=USAGE)
        self.assertIn("trace.debug_requests", result.stderr)
        self.assertIn("--dir", result.stderr)
        self.mom_trace("show", "same-1", "--dir", "traces", "--full")
        (folder,) = self.traces.glob("*-same-1")
        (folder / "answer.json").write_text("{")
        result = self.mom_trace("show", "same-1", "--dir", "traces", code=USAGE)
        self.assertIn(f"{folder.name}/answer.json: no JSON object", result.stderr)
