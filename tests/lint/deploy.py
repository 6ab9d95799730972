#!/usr/bin/python3
"""The checks of deploy/, as no engine runs here that would: prints each finding, exits 1 at one.

Runs with Debian's Python, for which there is a package with PyYAML.
"""

import fnmatch
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
MOST_EXPOSURE = 20  # tenths, as systemd-analyze counts


def instructions(text):
    """(name, arguments) of each instruction of a Containerfile, with its lines joined."""
    joined = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    for line in joined.splitlines():
        if line.strip():
            name, _, arguments = line.strip().partition(" ")
            yield name, arguments.strip()


def is_ignored(path):
    patterns = (ROOT / ".dockerignore").read_text().splitlines()
    names = [pattern.removeprefix("**/") for pattern in patterns if pattern[:1] not in ("", "#")]
    return any(fnmatch.fnmatch(part, name) for part in pathlib.Path(path).parts for name in names)


def check_containerfile():
    all_of_it = list(instructions((DEPLOY / "Containerfile").read_text()))
    for name, arguments in all_of_it:
        if name == "COPY" and not arguments.startswith("--from"):
            for source in shlex.split(arguments)[:-1]:
                if not (ROOT / source).exists() or is_ignored(source):
                    yield f"Containerfile: COPY {source}: not there, or in .dockerignore"
        if name == "RUN" and "apt-get install" in arguments and "apt/lists/*" not in arguments:
            yield "Containerfile: a layer keeps apt's lists"
        if name == "FROM" and not re.match(r"debian:bookworm(-slim)?\b", arguments):
            yield f"Containerfile: FROM {arguments}: another system than the one that is tested"
    last = dict(all_of_it)  # the last of each kind: the final stage's
    if not re.match(r"[1-9]\d*:[1-9]\d*$", last.get("USER", "")):
        yield "Containerfile: USER must be numbers other than root's"
    for name in ("HEALTHCHECK", "CMD"):
        if name not in last:
            yield f"Containerfile: no {name}"


def keys_of_the_config():
    """The variables of the providers that are not on this machine."""
    names = re.findall(r"api_key: \$\{(\w+)\}", (ROOT / "config.yaml").read_text())
    return {name for name in names if not name.startswith("MOM_")}


def check_keys():
    listed = set(re.findall(r"^#(\w+)=$", (DEPLOY / "systemd/keys.env").read_text(), re.MULTILINE))
    if listed != keys_of_the_config():
        yield f"systemd/keys.env: {sorted(listed ^ keys_of_the_config())} differ from config.yaml"


def check_compose():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = compose["services"]
    if set(services) != {"momd", "mom-rest"}:
        yield f"compose.yaml: services are {sorted(services)}"
    for name, service in services.items():
        wanted = {
            "network_mode": "host",  # the programs listen on loopback alone
            "read_only": True,
            "cap_drop": ["ALL"],
            "command": [name, "--config", "/etc/mom/config.yaml"],
        }
        for key, value in wanted.items():
            if service.get(key) != value:
                yield f"compose.yaml: {name}.{key} is {service.get(key)!r}, not {value!r}"
        if "ports" in service:
            yield f"compose.yaml: {name}.ports have no effect with the host's network"
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            if source.startswith(".") and not (DEPLOY / source).exists():
                yield f"compose.yaml: {name} mounts {source}, which is not there"
            elif not source.startswith(".") and source not in compose["volumes"]:
                yield f"compose.yaml: no volume {source}"
    if set(services["momd"]["environment"]) != keys_of_the_config():
        yield "compose.yaml: the keys of momd differ from those of config.yaml"
    if "environment" in services["mom-rest"]:
        yield "compose.yaml: mom-rest needs no key"
    dockerfile = services["momd"]["build"]["dockerfile"]
    if not (ROOT / dockerfile).exists():
        yield f"compose.yaml: no {dockerfile}"


def check_kubernetes():
    pod = yaml.safe_load((DEPLOY / "kubernetes.yaml").read_text())["spec"]
    if not pod["securityContext"]["runAsNonRoot"]:
        yield "kubernetes.yaml: runs as root"
    volumes = {volume["name"] for volume in pod["volumes"]}
    ours = [c for c in pod["containers"] if c["name"] in ("momd", "mom-rest")]
    if len(ours) != 2:
        yield "kubernetes.yaml: momd and mom-rest are missing"
    for container in ours:
        if container["command"] != [container["name"], "--config", "/etc/mom/config.yaml"]:
            yield f"kubernetes.yaml: {container['name']} runs {container['command']}"
        if not container["securityContext"]["readOnlyRootFilesystem"]:
            yield f"kubernetes.yaml: {container['name']} can write its files"
        if not {mount["name"] for mount in container["volumeMounts"]} <= volumes:
            yield f"kubernetes.yaml: {container['name']} mounts what is no volume"


def check_units():
    if not shutil.which("systemd-analyze"):
        return
    for unit in sorted((DEPLOY / "systemd").glob("*.service")):
        limit = f"--threshold={MOST_EXPOSURE}"
        command = ["systemd-analyze", "security", "--offline=true", "--no-pager", limit, str(unit)]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode:
            last = (result.stdout + result.stderr).strip().splitlines()[-1]
            yield f"systemd/{unit.name}: {last}"


def main():
    checks = (check_containerfile, check_keys, check_compose, check_kubernetes, check_units)
    findings = [f"deploy/{finding}" for check in checks for finding in check()]
    print("\n".join(findings))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
