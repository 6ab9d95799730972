"""Python stubs of proto/, made for the run."""

import functools
import importlib
import pathlib
import sys
import tempfile

from harness import paths


@functools.cache
def load():
    """Returns the modules (chat_pb2, mom_service_pb2, mom_service_pb2_grpc)."""
    from grpc_tools import protoc

    folder = tempfile.TemporaryDirectory(prefix="mom-stubs.")
    proto = paths.ROOT / "proto"
    ours = [
        "mom/v1/chat.proto",
        "mom/v1/mom_service.proto",
        "google/rpc/status.proto",
        "google/rpc/error_details.proto",
    ]
    include = pathlib.Path(protoc.__file__).parent / "_proto"
    code = protoc.main(
        [
            "protoc",
            f"-I{proto}",
            f"-I{include}",
            f"--python_out={folder.name}",
            f"--grpc_python_out={folder.name}",
            *ours,
        ]
    )
    if code:
        raise RuntimeError("protoc failed")
    sys.path.insert(0, folder.name)
    load.keep = folder
    # Packages of the same names may be loaded already: let them see the new folder too.
    for package in ("google", "google.rpc", "mom"):
        if package in sys.modules:
            sys.modules[package].__path__.append(f"{folder.name}/{package.replace('.', '/')}")
    names = ("mom.v1.chat_pb2", "mom.v1.mom_service_pb2", "mom.v1.mom_service_pb2_grpc")
    return tuple(importlib.import_module(name) for name in names)
