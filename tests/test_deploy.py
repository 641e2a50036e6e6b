import re
import shlex
import shutil
import subprocess

import pytest
import yaml

from pipelines.places import ROOT
from tests.conftest import hedui

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
COMPOSE = yaml.safe_load((DEPLOY / "docker" / "compose.yaml").read_text(encoding="utf-8"))


def commands() -> list[list[str]]:
    """Every hedui command line that stands in a deployment file."""
    found = []
    for unit in UNITS:
        found += re.findall(r"^ExecStart=\S*/hedui (.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    found += re.findall(
        r"\.venv/bin/hedui (.*)$", (DEPLOY / "crontab.example").read_text(encoding="utf-8"), re.MULTILINE
    )
    lines = [shlex.split(line) for line in found]
    return lines + [service["command"][1:] for service in COMPOSE["services"].values()]


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_deployed_command_exists_with_its_options(command):
    words = [word for word in command if not word.startswith("-")]
    verbs = words[:2] if words[0] == "serve" else words[:1]
    shown = hedui(*verbs, "--help").stdout
    assert [option for option in command if option.startswith("--") and option not in shown] == []


def test_the_ui_is_open_to_this_machine_only():
    assert COMPOSE["services"]["webserver"]["ports"] == ["127.0.0.1:3000:3000"]
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["webserver"]
    assert "--host 127.0.0.1" in (DEPLOY / "systemd" / "hedui-webserver.service").read_text(encoding="utf-8")


def test_the_containers_run_unprivileged_with_their_data_on_a_volume():
    for service in COMPOSE["services"].values():
        assert service["user"] == "10001:10001"
        assert service["cap_drop"] == ["ALL"]
        assert service["volumes"] == ["data:/data"]
    assert "USER hedui" in (DEPLOY / "docker" / "Dockerfile").read_text(encoding="utf-8")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not on this machine")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_takes_the_units(unit):
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if "not executable" not in line] == []


def test_no_deployment_file_holds_a_key():
    for path in DEPLOY.rglob("*"):
        if path.is_file():
            assert not re.search(r"FRED_API_KEY=\S", path.read_text(encoding="utf-8")), path
