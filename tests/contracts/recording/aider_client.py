"""Conversations of aider: its own main(), many times in one process, in scratch repositories."""

import contextlib
import io
import itertools
import os
import pathlib
import shutil
import subprocess
import tempfile
import warnings

import answers
import samples
from recording.server import RecordingServer

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # no look at the network

FORMATS = {
    "diff": "diff",
    "diff-fenced": "diff-fenced",
    "udiff": "udiff",
    "udiff-simple": "udiff",
    "whole": "whole",
    "patch": "patch",
    "editor-diff": "diff",
    "editor-diff-fenced": "diff-fenced",
    "editor-whole": "whole",
    "architect": "architect",
    "ask": "none",
}
SIDE_CALLS = {"commit_message": "aider commit message", "summary": "aider summary"}
# Some get the instructions as a user's message, some a line before them, some a reminder.
MODELS = (
    "openai/mom",
    "lm_studio/mom",
    "openai/gpt-4o",
    "openai/gpt-4.1",
    "openai/o1-mini",
    "openai/o3-mini",
    "openai/gpt-3.5-turbo",
    "openai/deepseek-chat",
)
SETTINGS = (
    ["--stream"],
    ["--no-stream"],
    ["--chat-language", "German"],
    ["--no-suggest-shell-commands"],
    ["--map-tokens", "1024"],
    ["--cache-prompts", "--no-stream"],
)
TASKS = (
    "Rename the variables so that they say what they hold.",
    "Füge eine Funktion hinzu, die die Summe bildet.",
    "Fix the bug: the loop runs once too often.",
    "Should the answer be yes or no when the list is empty? Make it so.",
    "Convert it to a unified diff friendly layout, one statement a line.",
    "请添加注释。",
    "Return a JSON object instead of a tuple.",
    "Write the tests for it.",
)


class Aider:
    """`record(number)` gives [(the contract and the side call that it must be known as, request)]."""

    name = "aider"

    def __init__(self, random):
        import aider

        self.version = aider.__version__
        self.random = random
        self.server = RecordingServer(self.answer)
        self.expected = []
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="mom-recording-")).resolve()
        os.environ.update(
            HOME=str(self.root),
            OPENAI_API_BASE=f"{self.server.url}/v1",
            OPENAI_API_KEY="x",
            LM_STUDIO_API_BASE=f"{self.server.url}/v1",
            LM_STUDIO_API_KEY="x",
            GIT_AUTHOR_NAME="A",
            GIT_AUTHOR_EMAIL="a@example.org",
            GIT_COMMITTER_NAME="A",
            GIT_COMMITTER_EMAIL="a@example.org",
        )

    def answer(self, body):
        """Says what an obedient model would, and notes what was asked for."""
        system = str(body["messages"][0]["content"])
        if "one-line Git commit messages" in system:
            self.expected.append("commit_message")
            return "feat: do as was asked"
        if system.startswith("*Briefly* summarize"):
            self.expected.append("summary")
            return "I asked you to do things, and you did them."
        edit_format = self.coming
        if edit_format == "architect" and "architect engineer" not in system:
            edit_format = self.editor_format  # its plan is there, and the editor's turn has come
        self.expected.append(FORMATS[edit_format])
        renders = edit_format in answers.RENDER
        said = answers.render(edit_format, self.changes, self.files, ("```",) * 2) if renders else ""
        self.changes = []
        return said or "I would rename it, and then test it."

    def record(self, number):
        from aider.main import main

        edit_format = list(FORMATS)[number % len(FORMATS)]
        model = MODELS[number % len(MODELS)]
        settings = SETTINGS[number // 2 % len(SETTINGS)]
        kind = list(samples.KINDS)[number % (len(samples.KINDS) - 1)]  # but "huge"
        self.files, self.changes = samples.task(self.random, kind)
        self.changes = [change for change in self.changes if not change.is_gone]
        self.coming, self.expected = edit_format, []
        self.server.bodies.clear()
        repo = self.root / f"project{number}"
        for path, text in self.files.items():
            file = repo / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
        (repo / "CONVENTIONS.md").write_text("Answer briefly. Use type hints.\n")
        for command in ("init --quiet", "add .", "commit --quiet -m start"):
            subprocess.run(["git", *command.split()], cwd=repo, check=True)
        os.chdir(repo)
        argv = ["--model", model, "--weak-model", model, "--editor-model", model]
        argv += ["--edit-format", edit_format, *settings]
        argv += "--yes-always --no-check-update --no-show-release-notes --no-analytics".split()
        argv += "--no-show-model-warnings --no-gitignore --no-pretty --no-fancy-input".split()
        argv += ["--no-auto-lint", "--max-chat-history-tokens", "200"]
        argv += ["--read", "CONVENTIONS.md"] if number % 3 == 0 else []
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            with warnings.catch_warnings(action="ignore"):
                coder = main([*argv, *self.files], return_coder=True)
                self.editor_format = coder.main_model.editor_edit_format
                for task in itertools.islice(itertools.cycle(TASKS), number, number + 1 + number % 3):
                    coder.run(with_message=task)
                coder.summarize_end()
        return [
            (contract, SIDE_CALLS.get(contract, ""), body)
            for contract, body in zip(self.expected, self.server.bodies, strict=True)
        ]

    def close(self):
        self.server.close()
        os.chdir("/")
        shutil.rmtree(self.root)
