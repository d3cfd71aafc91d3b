"""What is installed is pinned whole: exact versions, hashes, bounds, a notice for each, and one version of our own."""

import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from svi_studio import __version__

HOUSE = Path(__file__).resolve().parents[2]
FILES = (
    "requirements.txt",
    "requirements-cpu.txt",
    "requirements-cuda.txt",
    "requirements-dev.txt",
    "requirements-audit.txt",
    "requirements-uv.txt",
)
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))


def entries(name: str) -> list[str]:
    """The entries of a requirements file, each with its lines of hashes."""
    text = (HOUSE / "packaging" / name).read_text(encoding="utf-8")
    return [entry for entry in re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"(?m)^#.*\n", "", text).strip()) if entry]


def pinned(*names: str) -> dict[str, str]:
    found = (re.match(r"([A-Za-z0-9._-]+)==([^ ;\\]+)", entry) for name in names for entry in entries(name))
    return {canonicalize_name(match[1]): match[2] for match in found if match}


@pytest.mark.parametrize("name", FILES)
def test_every_requirement_is_an_exact_version_with_hashes(name: str) -> None:
    for entry in entries(name):
        assert re.match(r"[A-Za-z0-9._-]+==[^ ;\\]+( ;[^\\]*)? \\\n", entry), entry.splitlines()[0]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}$", entry)
        assert not any(word in entry for word in ("://", "--index", "@"))


def test_every_dependency_is_pinned_and_has_both_bounds() -> None:
    versions = pinned("requirements.txt")
    for text in PROJECT["project"]["dependencies"]:
        wanted = Requirement(text)
        assert wanted.specifier.contains(versions[canonicalize_name(wanted.name)]), text
        assert any(bound.operator in {"<", "<="} for bound in wanted.specifier), text


def test_what_is_pinned_is_complete_for_this_system() -> None:
    """Nothing is resolved during set-up, so a package that another one needs must stand in the files itself."""
    versions = pinned("requirements.txt", "requirements-cuda.txt")
    here = default_environment() | {"extra": ""}
    for package in pinned("requirements.txt"):
        for text in _needs(package):
            need = Requirement(text)
            if need.marker is None or need.marker.evaluate(here):
                assert need.specifier.contains(versions[canonicalize_name(need.name)]), f"{package} needs {text}"


def _needs(package: str) -> list[str]:
    try:
        return requires(package) or []
    except ModuleNotFoundError:  # for another system
        return []


def test_every_shipped_package_has_a_notice() -> None:
    page = (HOUSE / "resources" / "THIRD-PARTY.md").read_text(encoding="utf-8")
    for name, version in pinned("requirements.txt", "requirements-cuda.txt").items():
        assert f"| {name} | {version} |" in page, f"run packaging/notices.py: {name} {version}"


def test_pyside_stays_below_the_release_that_loses_references() -> None:
    assert tuple(map(int, pinned("requirements.txt")["pyside6-essentials"].split(".")[:2])) < (6, 12)


def test_both_builds_of_torch_have_one_version() -> None:
    assert pinned("requirements-cpu.txt")["torch"] == f"{pinned('requirements.txt')['torch']}+cpu"


def test_the_version_stands_in_one_place() -> None:
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "svi_studio/__init__.py"
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)


def test_the_wheel_leaves_out_what_the_proof_found() -> None:
    left_out = ["trainer/proof/results", "trainer/proof/registered/unfinished"]
    assert PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["exclude"] == left_out
    readers = [file for file in (HOUSE / "svi_studio").rglob("*.py") if "proof/results" in file.read_text("utf-8")]
    assert readers == []


@pytest.mark.skipif(os.name == "nt", reason="a file's mode")
@pytest.mark.slow
def test_the_wheel_is_built_of_this_tree(tmp_path: Path) -> None:
    """Needs the registry, for hatchling."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(tmp_path), str(HOUSE)]
    subprocess.run(command, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = subprocess.run(
        [sys.executable, "-m", "zipfile", "-l", str(wheel)], capture_output=True, text=True, check=True
    ).stdout
    assert wheel.name.startswith(f"svi_studio-{__version__}-")
    assert "proof/results/" not in names
    assert "svi_studio/_resources/models/svi-mini" in names
