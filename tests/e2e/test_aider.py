"""aider, as a person uses it, in a scratch git repository: it edits the file and commits."""

import unittest

from harness import paths
from harness.gateway import GatewayTest
from harness.scratch_repo import ScratchRepo

AIDER = paths.tool("aider")
SETTINGS = paths.ROOT / "clients/aider"
BEFORE = "def hello():\n    print('hello')\n"
AFTER = "def hello():\n    print('hello, world')\n"
BY_ALPHA = "def hello():\n    print('hello, alpha')\n"
FENCE = "`" * 3
COMMIT = {"match_body": "commit message", "text": "feat: greet the whole world"}
PLAN = "In hello.py, make hello() print 'hello, world'."
WAYS = (
    "--yes-always --no-check-update --no-show-release-notes "
    "--no-gitignore --no-analytics --map-tokens 0 --no-detect-urls --no-pretty"
).split()

# How a model writes the edit in each of aider's formats.
EDITS = {
    "whole": f"""hello.py
{FENCE}python
{AFTER}{FENCE}
""",
    "diff": f"""hello.py
{FENCE}python
<<<<<<< SEARCH
    print('hello')
=======
    print('hello, world')
>>>>>>> REPLACE
{FENCE}
""",
    "diff-fenced": f"""{FENCE}python
hello.py
<<<<<<< SEARCH
    print('hello')
=======
    print('hello, world')
>>>>>>> REPLACE
{FENCE}
""",
    "udiff": f"""{FENCE}diff
--- hello.py
+++ hello.py
@@ ... @@
 def hello():
-    print('hello')
+    print('hello, world')
{FENCE}
""",
    "patch": """*** Begin Patch
*** Update File: hello.py
@@ def hello():
-    print('hello')
+    print('hello, world')
*** End Patch
""",
}


def by(model, edit):
    """The same edit, but of a member, who would greet itself."""
    return edit.replace("hello, world", f"hello, {model}")


@unittest.skipUnless(AIDER, "aider is not installed: see scripts/install-clients.sh")
class AiderGatewayTest(GatewayTest):
    tries_other_programs = True

    def run_aider(self, *options, files=None):
        """Lets aider edit hello.py; returns the repository and what aider printed."""
        base_url = f"http://127.0.0.1:{self.gateway.rest_port}/v1"
        repo = ScratchRepo(
            self,
            {"hello.py": BEFORE, **(files or {})},
            OPENAI_API_BASE=base_url,
            OPENAI_API_KEY="x",
            LM_STUDIO_API_BASE=base_url,
            LM_STUDIO_API_KEY="123",
        )
        result = repo.run(
            AIDER, *options, *WAYS, "--message", "Make it greet the whole world.", "hello.py"
        )
        return repo, result.stdout + result.stderr

    def assert_edited(self, repo, output, expected=AFTER):
        self.assertEqual(repo.read("hello.py"), expected, output)
        self.assertEqual(repo.git("log", "-1", "--format=%s").strip(), COMMIT["text"], output)
        self.assertEqual(repo.git("status", "--porcelain", "hello.py"), "", output)


class AiderTest(AiderGatewayTest):
    def script_edit(self, edit, **models):
        """Members who each would edit differently, and a critic who decides."""
        answers = {"alpha": by("alpha", edit), "beta": by("beta", edit), "judge": edit, **models}
        self.script(**{model: [COMMIT, answer] for model, answer in answers.items()})

    def applies_every_format(self, streaming):
        for edit_format, edit in EDITS.items():
            with self.subTest(edit_format):
                self.script_edit(edit)
                options = ("--model", "openai/mom", "--no-show-model-warnings")
                self.assert_edited(
                    *self.run_aider(*options, "--edit-format", edit_format, streaming)
                )

    def test_every_format_streamed(self):
        self.applies_every_format("--stream")

    def test_every_format_at_once(self):
        self.applies_every_format("--no-stream")

    def test_the_best_candidates_edit_where_no_critic_works(self):
        broken = {"status": 500, "error": {"message": "broken"}}
        self.script_edit(EDITS["diff"], judge=broken, spare=broken)
        options = ("--model", "openai/mom", "--no-show-model-warnings")
        self.assert_edited(*self.run_aider(*options, "--edit-format", "diff"), expected=BY_ALPHA)

    def test_with_our_settings_it_knows_the_model(self):
        files = {path.name: path.read_text() for path in SETTINGS.iterdir()}
        for model in ("openai/mom", "lm_studio/mom"):
            with self.subTest(model):
                self.script_edit(EDITS["diff"])
                repo, output = self.run_aider("--model", model, files=files)
                self.assert_edited(repo, output)
                self.assertIn(f"Model: {model} with diff edit format", output)
                self.assertNotIn("Unknown context window", output)

    def test_the_ancestors_command_line(self):
        # The architect's plan first; then the editor, who is shown the plan.
        calls = [COMMIT, {"match": PLAN, "text": EDITS["whole"]}, PLAN]
        self.script(alpha=calls, beta=calls, judge=calls)
        self.assert_edited(
            *self.run_aider(
                *("--model", "lm_studio/mom", "--no-stream", "--no-show-model-warnings"),
                *("--architect", "--editor-model", "lm_studio/mom"),
            )
        )


class AiderSelectTest(AiderGatewayTest):
    """Of three members two break the form; the edit of the third one is made."""

    @staticmethod
    def change_config(config):
        config["mixtures"]["mom"] |= {
            "strategy": "select",
            "members": ["alpha", "beta", "spare"],
            "quorum": 3,
        }

    def makes_the_one_edit(self, edit_format, streaming):
        edit = EDITS[edit_format]
        lines_that_are_nowhere = edit.replace("print('hello')", "print('hallo')")
        cut_off = edit[: edit.index("hello, world")]
        self.script(
            alpha=[COMMIT, lines_that_are_nowhere], beta=[COMMIT, cut_off], spare=[COMMIT, edit]
        )
        repo, output = self.run_aider(
            *("--model", "openai/mom", "--no-show-model-warnings"),
            *("--edit-format", edit_format, streaming),
        )
        self.assert_edited(repo, output)
        self.assertNotIn("did not conform", output)

    def test_streamed(self):
        for edit_format in ("diff", "udiff"):
            with self.subTest(edit_format):
                self.makes_the_one_edit(edit_format, "--stream")

    def test_at_once(self):
        for edit_format in ("diff-fenced", "patch"):
            with self.subTest(edit_format):
                self.makes_the_one_edit(edit_format, "--no-stream")
