"""aider itself: what it sends for a set of files, and what it makes of an answer."""

import contextlib
import io
import logging
import os
import pathlib
import shutil
import tempfile

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # no look at the network

from aider.coders import Coder  # noqa: E402  (needs the variable)
from aider.io import InputOutput  # noqa: E402
from aider.models import Model  # noqa: E402

REFUSED, EDITED, NOTHING = "refused", "edited", "nothing"


class Oracle:
    """Runs aider's coders in a folder of its own, which close() removes."""

    def __init__(self):
        logging.disable(logging.CRITICAL)
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="mom-contracts-")).resolve()
        self.before = os.getcwd()
        os.chdir(self.root)
        with contextlib.redirect_stdout(io.StringIO()):
            self.model = Model("gpt-4o")
        self.model.token_count = lambda messages: 0  # counting is slow, and changes nothing here

    def close(self):
        os.chdir(self.before)
        shutil.rmtree(self.root)

    def _write(self, files):
        for entry in self.root.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        for path, text in files.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())

    def coder(self, edit_format, files, model=None, streamed=False):
        """An aider in a folder with these files, all of them added to the chat."""
        self._write(files)
        coder = Coder.create(
            main_model=model or self.model,
            edit_format=edit_format,
            io=InputOutput(pretty=False, yes=True, fancy_input=False),
            fnames=sorted(files),
            use_git=False,
            map_tokens=0,
            stream=streamed,
            auto_lint=False,
        )
        coder.root = str(self.root)  # without git it is what the files have in common
        coder.abs_root_path_cache = {}
        coder.cur_messages = [dict(role="user", content="Do it.")]
        return coder

    @staticmethod
    def _watch(coder):
        """A list that gets what its methods raise: aider takes some of it for git's, and goes on."""
        failures = []

        def watched(method):
            def call(*args, **kwargs):
                try:
                    return method(*args, **kwargs)
                except Exception as failure:
                    failures.append(failure)
                    raise

            return call

        for name in ("get_edits", "apply_edits_dry_run", "apply_edits"):
            setattr(coder, name, watched(getattr(coder, name)))
        return failures

    def messages(self, edit_format, files):
        """What aider sends to a model."""
        with contextlib.redirect_stdout(io.StringIO()):
            chunks = self.coder(edit_format, files).format_messages()
        return [{"role": m["role"], "content": m["content"]} for m in chunks.all_messages()]

    def apply(self, edit_format, files, answer):
        """What becomes of the answer, aider's words on it, and the files after it."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            coder = self.coder(edit_format, files)
            coder.choose_fence()
            coder.partial_response_content = answer
            coder.remove_reasoning_content()
            failures = self._watch(coder)
            edited = coder.apply_updates()
        after = {
            str(path.relative_to(self.root)): path.read_text()
            for path in self.root.rglob("*")
            if path.is_file()
        }
        if failures:
            return REFUSED, repr(failures[0]), after
        return (EDITED if edited else NOTHING), "", after
