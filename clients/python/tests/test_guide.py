"""What the guide shows runs as it stands."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
GUIDE = ROOT / "docs/guides/verify-a-token-in-python.md"
SNIPPETS = re.findall(r"^```py\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def test_there_are_snippets():
    assert len(SNIPPETS) == 3 and sum("def test_" in snippet for snippet in SNIPPETS) == 1


@pytest.mark.parametrize("snippet", SNIPPETS, ids=range(len(SNIPPETS)))
def test_each_stands_alone(snippet, tmp_path):
    file = tmp_path / "test_snippet.py"
    file.write_text(snippet, encoding="utf-8")
    command = [sys.executable, str(file)]
    if "def test_" in snippet:
        command[1:1] = ["-m", "pytest", "-q", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "clients/python")}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
