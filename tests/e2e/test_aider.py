"""aider, as a person uses it, in a scratch git repository: it edits the file and commits."""

import pathlib
import subprocess
import tempfile
import unittest

from harness import paths
from harness.gateway import GatewayTest
from harness.process import clean_environment

AIDER = paths.tool("aider")
BEFORE = "def hello():\n    print('hello')\n"
AFTER = "def hello():\n    print('hello, world')\n"
FENCE = "`" * 3
COMMIT_MESSAGE = "feat: greet the whole world"

EDITS = {
    "whole": f"hello.py\n{FENCE}python\n{AFTER}{FENCE}\n",
    "diff": (
        f"hello.py\n{FENCE}python\n<<<<<<< SEARCH\n    print('hello')\n=======\n"
        f"    print('hello, world')\n>>>>>>> REPLACE\n{FENCE}\n"
    ),
}
PLAN = "In hello.py, make hello() print 'hello, world'."
WAYS = (
    "--yes-always --no-check-update --no-show-release-notes --no-show-model-warnings "
    "--no-gitignore --no-analytics --map-tokens 0 --no-detect-urls --no-pretty"
).split()


@unittest.skipUnless(AIDER, "aider is not installed: see scripts/install-clients.sh")
class AiderTest(GatewayTest):
    tries_other_programs = True

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mom-aider.")
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)
        self.repo = self.home / "repo"
        self.repo.mkdir()
        (self.repo / "hello.py").write_text(BEFORE)
        self.git("init", "--quiet")
        self.git("add", "hello.py")
        self.git("commit", "--quiet", "-m", "start")

    def env(self):
        base_url = f"http://127.0.0.1:{self.gateway.rest_port}/v1"
        return clean_environment(
            HOME=self.home,
            OPENAI_API_BASE=base_url,
            OPENAI_API_KEY="x",
            LM_STUDIO_API_BASE=base_url,
            LM_STUDIO_API_KEY="123",
            GIT_AUTHOR_NAME="A",
            GIT_AUTHOR_EMAIL="a@example.org",
            GIT_COMMITTER_NAME="A",
            GIT_COMMITTER_EMAIL="a@example.org",
        )

    def git(self, *arguments):
        command = ["git", *arguments]
        return subprocess.run(
            command, cwd=self.repo, env=self.env(), capture_output=True, text=True, check=True
        ).stdout

    def run_aider(self, *options):
        command = [
            AIDER,
            *options,
            *WAYS,
            "--message",
            "Make it greet the whole world.",
            "hello.py",
        ]
        return subprocess.run(
            command,
            cwd=self.repo,
            env=self.env(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    def script_edit(self, answer):
        """Every model of the mixture answers the same; a request for a commit message gets one."""
        commit = {"match_body": "commit message", "text": COMMIT_MESSAGE}
        calls = [commit, *answer]
        self.script(alpha=calls, beta=calls, judge=calls)

    def assert_edited(self, result):
        output = result.stdout + result.stderr
        self.assertEqual((self.repo / "hello.py").read_text(), AFTER, output)
        self.assertEqual(self.git("log", "-1", "--format=%s").strip(), COMMIT_MESSAGE, output)
        self.assertEqual(self.git("status", "--porcelain", "hello.py"), "", output)

    def edits(self, edit_format, streaming):
        self.script_edit([{"text": EDITS[edit_format]}])
        self.assert_edited(
            self.run_aider("--model", "openai/mom", "--edit-format", edit_format, streaming)
        )

    def test_whole_streamed(self):
        self.edits("whole", "--stream")

    def test_whole_at_once(self):
        self.edits("whole", "--no-stream")

    def test_diff_streamed(self):
        self.edits("diff", "--stream")

    def test_diff_at_once(self):
        self.edits("diff", "--no-stream")

    def test_the_ancestors_command_line(self):
        # The architect's plan first; then the editor, who is shown the plan.
        editor = {"match": PLAN, "text": EDITS["whole"]}
        self.script_edit([editor, {"text": PLAN}])
        self.assert_edited(
            self.run_aider(
                "--model",
                "lm_studio/mom",
                "--no-stream",
                "--architect",
                "--editor-model",
                "lm_studio/mom",
            )
        )
