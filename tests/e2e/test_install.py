"""What `cmake --install` puts where, and that it runs from there."""

import os
import pathlib
import re
import shlex
import subprocess
import tempfile
import unittest

from harness import paths
from harness.process import Process, clean_environment, free_port
from harness.rest import Rest
from harness.service_manager import ServiceManager

UNITS = ("momd.service", "mom-rest.service")


class InstallTest(unittest.TestCase):
    tries_other_programs = True

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mom-install.")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def install(self, prefix, **env):
        command = ["cmake", "--install", str(paths.programs().parent), "--prefix", str(prefix)]
        result = subprocess.run(
            command, env={**os.environ, **env}, capture_output=True, text=True, check=False
        )
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_the_units_commands_start(self):
        prefix = self.folder / "prefix"
        self.install(prefix)
        manager = ServiceManager(self.folder, watchdog_usec=3600_000_000)
        self.addCleanup(manager.close)
        env = clean_environment(
            OPENAI_API_KEY="x",
            MOM_RUNTIME_DIR=self.folder / "run",
            MOM_GRPC_PORT=free_port(),
            MOM_REST_PORT=free_port(),
            **manager.environment,
        )
        programs = []
        for unit in UNITS:
            text = (prefix / "lib/systemd/system" / unit).read_text()
            command = shlex.split(re.search(r"^ExecStart=(.*)$", text, re.MULTILINE)[1])
            self.assertTrue(command[0].startswith(str(prefix)))
            programs.append(Process(unit, command, self.folder / f"{unit}.log", env))
            while (message := manager.next()) != "READY=1":
                self.assertEqual(message, "WATCHDOG=1", "the first program's")
        rest = Rest(int(env["MOM_REST_PORT"]))
        programs[1].wait_until(lambda: rest.request("GET", "/readyz").status == 200, "/readyz")
        self.assertEqual([program.stop() for program in reversed(programs)], [0, 0])

    def test_what_the_operator_edits_stays(self):
        self.install(self.folder)
        config = self.folder / "etc/mom/config.yaml"
        keys = self.folder / "etc/mom/keys.env"
        self.assertEqual(config.read_bytes(), (paths.ROOT / "config.yaml").read_bytes())
        self.assertEqual(keys.stat().st_mode & 0o777, 0o600)
        for file in (config, keys):
            file.write_text("mine\n")
        self.install(self.folder)
        for file in (config, keys):
            self.assertEqual(file.read_text(), "mine\n")

    def test_the_units_name_the_installed_files(self):
        self.install("/usr/local", DESTDIR=str(self.folder))
        for unit in UNITS:
            text = (self.folder / "usr/local/lib/systemd/system" / unit).read_text()
            named = re.findall(r"/\S*/(?:bin|etc/mom)/\S+", text)
            self.assertGreaterEqual(len(named), 2, text)
            for path in named:
                self.assertTrue((self.folder / path.lstrip("/")).is_file(), path)

    def test_usr_has_the_systems_own_places(self):
        self.install("/usr", DESTDIR=str(self.folder))
        for unit in UNITS:
            installed = (self.folder / "lib/systemd/system" / unit).read_bytes()
            self.assertEqual(installed, (paths.ROOT / "deploy/systemd" / unit).read_bytes())
        for file in ("etc/mom/config.yaml", "usr/bin/momd", "usr/lib/sysusers.d/mom.conf"):
            self.assertTrue((self.folder / file).is_file(), file)
