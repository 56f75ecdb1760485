"""What the images are made of is there, and what they start is a command that there is. No engine is needed."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
from streamlit.web.cli import main_run

from saliency.command.options import make_parser

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
COMPOSE = (ROOT / "compose.yaml").read_text()
STAGES = {stage.split(None, 1)[0]: stage for stage in re.split(r"^FROM \S+ AS ", DOCKERFILE, flags=re.MULTILINE)[1:]}


def command(stage: str, name: str) -> list[str]:
    """Of a stage's CMD, or of its HEALTHCHECK."""
    (found,) = re.findall(rf"^{name}.*?(\[.*\])$", STAGES[stage], re.MULTILINE)
    return list(json.loads(found))


def test_what_is_copied_is_there_and_sent_to_the_engine() -> None:
    copied = [
        part for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE) for part in line.split()[:-1]
    ]
    sent = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert len(copied) >= 10
    for part in copied:
        assert (ROOT / part).exists(), part
        assert any(fnmatch(part, name) or name.startswith(f"{part}/") for name in sent), part
    for name in sent:
        assert (ROOT / name).exists(), name
    for source in re.findall(r"^COPY --from=(\S+)", DOCKERFILE, re.MULTILINE):
        assert source in STAGES


def test_nobody_in_an_image_is_root_and_nothing_installs_packages() -> None:
    for stage in ("app", "hook"):
        assert re.search(r"^USER 10001$", STAGES[stage], re.MULTILINE)
        assert f"COPY --from={stage}-packages /opt/packages /opt/packages" in STAGES[stage]
        assert "--require-hashes" in STAGES[f"{stage}-packages"]
        assert "uninstall -y pip setuptools" in STAGES[f"{stage}-packages"]
    assert "uninstall -y pip setuptools wheel" in STAGES["slim"]


def test_the_hook_is_started_by_words_that_it_knows() -> None:
    python, _, module, *words = command("hook", "CMD")
    assert (python, module) == ("python", "saliency")
    options = make_parser("gazecrop").parse_args(words)
    assert (options.command, options.host) == ("serve", "0.0.0.0")
    assert f"\nEXPOSE {options.port}\n" in STAGES["hook"]
    assert f":{options.port}/health" in command("hook", "HEALTHCHECK")[-1]


def test_the_app_is_started_by_words_that_streamlit_knows() -> None:
    python, _, module, run, *words = command("app", "CMD")
    assert (python, module, run) == ("python", "streamlit", "run")
    options = main_run.make_context("run", words).params
    assert (ROOT / options["target"]).is_file()
    assert f"\nEXPOSE {options['server_port']}\n" in STAGES["app"]
    assert f":{options['server_port']}/_stcore/health" in command("app", "HEALTHCHECK")[-1]


@pytest.mark.parametrize("stage", ["app", "hook"])
def test_composed_services_are_stages_on_their_ports(stage: str) -> None:
    python, _, code = command(stage, "HEALTHCHECK")
    assert python == "python"
    compile(code, stage, "exec")
    port = re.findall(r"^EXPOSE (\d+)$", STAGES[stage], re.MULTILINE)[0]
    (service,) = re.findall(rf"^  {stage}:\n((?:    .+\n)+)", COMPOSE, re.MULTILINE)
    assert f"target: {stage}}}" in service
    assert f'"127.0.0.1:{port}:{port}"' in service
    assert "<<: *locked" in service
