"""The launcher sets up .venv once, repairs it after an interruption, and otherwise gets out of the way."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.launcher.house import HOUSE, House

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the POSIX launcher")


def test_the_first_start_sets_up_and_hands_over(house: House) -> None:
    done = house.run("render", "my film.json")
    assert (done.returncode, done.stdout) == (0, "render my film.json\n")
    assert house.steps() == ["venv", "pip requirements.txt", "svi_studio"]
    assert "first time" in done.stderr


def test_the_networks_that_find_skeletons_are_fetched_with_the_packages(house: House) -> None:
    done = house.run("info")
    assert Path(f"{house.log}.networks").read_text() == "svi_studio pose --set-up --quiet\n"
    assert "pose" not in done.stderr


def test_without_those_networks_everything_else_works(house: House) -> None:
    done = house.run("render", "film.json", FAKE_NETWORKS_STATUS="1")
    assert (done.returncode, done.stdout) == (0, "render film.json\n")
    assert "pose --set-up" in done.stderr
    Path(f"{house.log}.networks").unlink()
    house.run("info")
    assert not Path(f"{house.log}.networks").exists()


def test_the_second_start_only_hands_over(house: House) -> None:
    house.run("info")
    done = house.run("info")
    assert (house.steps(), done.stderr) == (["svi_studio"], "")


def test_the_program_is_told_how_it_was_started_and_the_tests_are_not(house: House) -> None:
    told = Path(f"{house.log}.command")
    house.run("info")
    assert told.read_text() == f"{house.folder / 'svi'}\n"
    house.run("test")
    assert house.steps()[-1] == "pytest"
    assert told.read_text() == "\n"


def test_the_second_start_is_fast(house: House) -> None:
    house.run("info")
    before = os.times()
    for _ in range(5):
        house.run("info")
    after = os.times()
    worked = after.children_user + after.children_system - before.children_user - before.children_system
    assert worked / 5 < 0.1, "seconds of a processor, whatever else the computer does"


def test_an_interrupted_setup_is_done_again(house: House) -> None:
    assert house.run("info", FAKE_PIP_STATUS="1").returncode == 1
    done = house.run("info")
    assert house.steps() == ["venv", "pip requirements.txt", "svi_studio"]
    assert "did not finish. Starting it again" in done.stderr


def test_a_failed_setup_says_what_to_do_without_a_traceback(house: House) -> None:
    done = house.run("info", FAKE_PIP_STATUS="1")
    assert "Run the same command again" in done.stderr
    assert "Traceback" not in done.stderr
    assert "svi_studio" not in house.steps()


def test_changed_pins_are_brought_up_to_date(house: House) -> None:
    house.run("info")
    house.pin("requirements.txt", "torch==2")
    house.run("info")
    assert house.steps() == ["pip requirements.txt", "svi_studio"]
    house.run("info")
    assert house.steps() == ["svi_studio"]


def test_an_interrupted_update_is_done_afresh(house: House) -> None:
    house.run("info")
    house.pin("requirements.txt", "torch==2")
    house.run("info", FAKE_PIP_STATUS="1")
    house.run("info")
    assert house.steps() == ["venv", "pip requirements.txt", "svi_studio"]


def test_a_venv_whose_python_is_gone_is_made_again(house: House) -> None:
    house.run("info")
    python = house.folder / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    house.run("info")
    assert house.steps() == ["venv", "pip requirements.txt", "svi_studio"]


def test_tests_install_their_own_needs_once(house: House) -> None:
    done = house.run("test", "-k", "media")
    assert house.steps() == ["venv", "pip requirements.txt", "pip requirements-dev.txt", "pytest"]
    assert done.stdout == "-k media\n"
    house.run("test")
    assert house.steps() == ["pytest"]


def test_checks_are_run_by_the_houses_own_python(house: House) -> None:
    house.run("check")
    assert house.steps()[-1] == "tests.checks"
    house.run("check", "--long", "--minutes", "5")
    assert house.steps() == ["tests.gates"]


def test_the_link_to_the_house_survives_a_move(house: House) -> None:
    house.run("info")
    packages = house.folder / ".venv" / "lib" / "site-packages"
    link = (packages / "svi_studio_house.pth").read_text().strip()
    assert not link.startswith("/")
    assert (packages / link).resolve() == house.folder.resolve()


def test_the_environment_has_the_command_too(house: House) -> None:
    house.run("info")
    command = [str(house.folder / ".venv" / "bin" / "svi-studio"), "info", "a b"]
    done = subprocess.run(command, env=house.environment, capture_output=True, text=True, check=True)
    assert done.stdout == "info a b\n"


def test_no_fitting_python_is_one_sentence(house: House) -> None:
    for name in ("python3.13", "python3.12", "python3.11", "python"):
        shutil.copy(Path(house.environment["FAKES"]) / "python3", Path(house.environment["FAKES"]) / name)
    done = house.run("info", FAKE_VERSION_STATUS="1")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "needs Python 3.11, 3.12 or 3.13" in done.stderr


def test_only_wheels_with_a_known_hash_are_installed(house: House) -> None:
    house.run("info")
    words = Path(f"{house.log}.words").read_text().split()
    assert {"--no-deps", "--require-hashes", "--only-binary"} <= set(words)


def test_uv_installs_where_it_is_found(house: House) -> None:
    uv = Path(house.environment["FAKES"]) / "uv"
    uv.write_text('#!/bin/sh\necho "uv $*" >> "$LOG"\nexit ${FAKE_UV_STATUS:-0}\n')
    uv.chmod(0o755)
    house.run("info")
    installed = house.steps()[1]
    assert installed.startswith("uv pip install --python ")
    assert all(word in installed for word in ("--no-build", "--no-deps", "--require-hashes"))


def test_pip_goes_on_where_uv_fails(house: House) -> None:
    test_uv_installs_where_it_is_found(house)
    house.pin("requirements.txt", "torch==2")
    done = house.run("info", FAKE_UV_STATUS="1")
    assert house.steps()[1:] == ["pip requirements.txt", "svi_studio"]
    assert "Trying pip" in done.stderr


def test_a_link_to_the_launcher_starts_it(house: House) -> None:
    links = house.folder.parent / "links of mine"
    links.mkdir()
    (links / "film").symlink_to("second")
    (links / "second").symlink_to(os.path.relpath(house.folder / "svi", links))
    done = subprocess.run(
        [links / "film", "info"], env=house.environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "info\n")
    assert not (links / ".venv").exists()


def test_a_second_setup_waits_for_the_first_and_says_so(house: House) -> None:
    command = [str(house.folder / "svi"), "info"]
    slow = house.environment | {"FAKE_PIP_PAUSE": "1.5"}
    with subprocess.Popen(command, env=slow, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as first:
        assert first.stderr is not None
        while "Installing packages" not in first.stderr.readline():
            pass
        second = subprocess.run(command, env=house.environment, capture_output=True, text=True, check=False, timeout=60)
        assert first.wait(60) == 0
    assert "Waiting for it" in second.stderr
    assert (second.returncode, house.log.read_text().split().count("venv")) == (0, 1)


def test_the_audit_installs_its_own_needs(house: House) -> None:
    house.run("audit")
    assert house.steps()[:3] == ["venv", "pip requirements.txt", "pip requirements-audit.txt"]


def test_the_launcher_is_executable_and_free_of_bashisms() -> None:
    assert (HOUSE / "svi").stat().st_mode & stat.S_IXUSR
    assert subprocess.run(["sh", "-n", HOUSE / "svi"], check=False).returncode == 0


def test_the_windows_launcher_has_windows_line_ends() -> None:
    content = (HOUSE / "svi.cmd").read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n")
