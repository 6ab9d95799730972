"""Where things are."""

import pathlib
import shutil

ROOT = pathlib.Path(__file__).resolve().parents[3]
DEPS = ROOT / ".deps"
_programs = ROOT / "build" / "bin"


def use_programs(folder):
    global _programs
    _programs = (ROOT / folder).resolve()


def programs():
    return _programs


def program(name):
    """One of ours; a missing one is an error, as nothing could be tested."""
    path = _programs / name
    if not path.exists():
        raise FileNotFoundError(f"{path}: build it first (scripts/build.sh)")
    return str(path)


def protoset():
    """What the build makes of proto/, for clients without reflection."""
    return _programs.parent / "mom.protoset"


def tool(name):
    """One of the clients of scripts/install-clients.sh, or None."""
    folders = (DEPS / "go" / "bin", DEPS / "node" / "node_modules" / ".bin", DEPS / "aider" / "bin")
    return shutil.which(name, path=":".join(map(str, folders)))
