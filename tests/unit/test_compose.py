"""docker-compose.yml describes a whole portal and keeps no secret."""

import json
import re
from pathlib import Path

import pytest
import yaml

PROJECT_DIR = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((PROJECT_DIR / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("web", "worker", "beat")


def test_the_portal_is_five_services():
    assert set(SERVICES) == {"web", "worker", "beat", "postgres", "redis"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_says_whether_it_is_well(name: str):
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_volume_of_a_service_is_kept_by_name(name: str):
    for volume in SERVICES[name].get("volumes", []):
        assert volume.partition(":")[0] in COMPOSE["volumes"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_secret_comes_from_the_environment_or_stops_the_start(name: str):
    for variable, value in SERVICES[name].get("environment", {}).items():
        if re.search("KEY|PASSWORD", variable):
            assert re.fullmatch(r"\$\{\w+:\?.+\}", value)
        if "://" in value and "@" in value:
            assert re.search(r"://\w+:\$\{\w+:\?[^}]+\}@", value)


@pytest.mark.parametrize("name", OURS)
def test_our_services_share_one_image_one_database_and_one_broker(name: str):
    service, web = SERVICES[name], SERVICES["web"]
    assert service["image"] == web["image"]
    assert service["environment"] == web["environment"]
    assert service["environment"]["DEBUG"] == "0"
    assert service["environment"]["DATABASE_URL"].startswith("postgresql://")
    assert service["environment"]["REDIS_URL"].startswith("redis://")


def test_workers_wait_for_the_tables_that_the_web_service_brings():
    for name in ("worker", "beat"):
        assert SERVICES[name]["depends_on"]["web"]["condition"] == "service_healthy"
    for name in ("postgres", "redis"):
        assert SERVICES["web"]["depends_on"][name]["condition"] == "service_healthy"


def test_every_setting_of_the_environment_is_told_on_the_page_of_deployment():
    page = (PROJECT_DIR / "docs" / "deployment.md").read_text()
    asked = set(SERVICES["web"]["environment"])
    for path in (PROJECT_DIR / "config").glob("*.py"):
        asked |= set(
            re.findall(r"(?:env\.\w+|environ\.get)\(\s*\"(\w+)\"", path.read_text())
        )
    assert {"SECRET_KEY", "SECURE_HSTS_SECONDS", "WEB_THREADS"} <= asked
    assert {name for name in asked if f"`{name}`" not in page} == set()


def test_the_image_and_the_web_service_ask_the_same_address_for_health():
    image = (PROJECT_DIR / "Dockerfile").read_text()
    command = image.partition("HEALTHCHECK ")[2].partition(" CMD ")[2].splitlines()[0]
    for program in (json.loads(command), SERVICES["web"]["healthcheck"]["test"][1:]):
        assert program[:2] == ["python", "-c"]
        assert "/healthz" in program[2]
        compile(program[2], "the check of health", "exec")


def test_the_image_runs_as_a_user_without_rights_and_installs_by_hash():
    lines = (PROJECT_DIR / "Dockerfile").read_text().splitlines()
    assert "USER dengta" in lines
    assert any("--require-hashes" in line for line in lines)
    # The image starts what the service `web` starts.
    (command,) = (line for line in lines if line.startswith("CMD "))
    assert yaml.safe_load(command.removeprefix("CMD ")) == SERVICES["web"]["command"]
