"""A git repository with a home of its own, for agents to work in."""

import pathlib
import subprocess
import tempfile

from harness.process import clean_environment


class ScratchRepo:
    """Holds `files`, committed; gone after the test."""

    def __init__(self, test, files, **env):
        folder = tempfile.TemporaryDirectory(prefix="mom-scratch.")
        test.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name) / "repo"
        self.path.mkdir()
        self.env = clean_environment(
            HOME=folder.name,
            PWD=self.path,  # some agents believe it more than their working directory
            GIT_AUTHOR_NAME="A",
            GIT_AUTHOR_EMAIL="a@example.org",
            GIT_COMMITTER_NAME="A",
            GIT_COMMITTER_EMAIL="a@example.org",
            **env,
        )
        for name, text in files.items():
            (self.path / name).write_text(text)
        self.git("init", "--quiet")
        self.git("add", ".")
        self.git("commit", "--quiet", "-m", "start")

    def read(self, name):
        return (self.path / name).read_text()

    def git(self, *arguments):
        result = self.run("git", *arguments)
        if result.returncode:
            raise AssertionError(result.stderr)
        return result.stdout

    def run(self, *command):
        """Runs a program in it; nobody answers its questions."""
        return subprocess.run(
            list(map(str, command)),
            cwd=self.path,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
