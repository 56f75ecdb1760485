"""The hook against what its OpenAPI says, by schemathesis: `make schema-serve` asks a hundred times as much."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.saliency.serve import schema_hooks
from tests.saliency.serve.server import ROOT, Server

EXAMPLES = os.environ.get("SERVE_EXAMPLES", "5")  # of each path
STATED = "--generation-deterministic --no-color --max-redirects 0 --suppress-health-check all"


def test_it_does_what_its_openapi_says(hook: Server, tmp_path: Path) -> None:
    program = str(Path(sys.executable).with_name("schemathesis"))
    command = [program, "run", f"{hook.url}/openapi.json", "--max-examples", EXAMPLES, *STATED.split()]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": schema_hooks.__name__}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    print(done.stdout[-2000:])
    assert done.returncode == 0, done.stdout + done.stderr
