"""What git checks out has the same bytes on every system: model hashes are made of them, and shells are particular."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.launcher.house import HOUSE

FILES = ("svi", "svi.cmd", "resources/models/svi-mini/transformer/config.json")


@pytest.mark.skipif(shutil.which("git") is None, reason="asks git")
def test_a_git_that_wants_windows_line_ends_leaves_every_file_as_it_is(tmp_path: Path) -> None:
    git = ["git", "-C", str(tmp_path), "-c", "core.autocrlf=true", "-c", "user.name=x", "-c", "user.email=x@localhost"]
    for name in (".gitattributes", *FILES):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HOUSE / name, tmp_path / name)
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "x"]):
        subprocess.run([*git, *words], check=True, capture_output=True)
    for name in FILES:
        (tmp_path / name).unlink()
    subprocess.run([*git, "checkout", "-q", "--", "."], check=True, capture_output=True)
    assert all((tmp_path / name).read_bytes() == (HOUSE / name).read_bytes() for name in FILES)
