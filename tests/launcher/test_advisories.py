"""The check for advisories says what it found, and never takes silence for an answer."""

import datetime
import json
from pathlib import Path

import pytest

from tests.launcher.test_this_system import load

advisories = load("advisories")
TODAY = datetime.date(2026, 5, 1)
FAULT = {"id": "GHSA-1", "aliases": ["CVE-1"], "fix_versions": ["2.0"]}
SOUND = {"name": "zipp", "version": "1.0", "vulns": []}
FAULTY = {"name": "av", "version": "1.0", "vulns": [FAULT]}


def waiver(name: str = "CVE-1", days: int = 10):  # noqa: ANN201 - a value of a module loaded by its path
    return advisories.Waiver(name, TODAY + datetime.timedelta(days=days), "not reached")


def test_no_advisory_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert advisories.report([SOUND], [], TODAY) == 0
    assert "1 packages, no advisory" in capsys.readouterr().out


def test_an_advisory_is_named_with_the_version_that_mends_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert advisories.report([SOUND, FAULTY], [], TODAY) == advisories.FOUND
    assert "av 1.0: GHSA-1 (fixed in 2.0)" in capsys.readouterr().out


def test_a_waiver_holds_by_any_name_until_its_day() -> None:
    assert advisories.report([FAULTY], [waiver()], TODAY) == 0
    assert advisories.report([FAULTY], [waiver("GHSA-1")], TODAY) == 0
    assert advisories.report([FAULTY], [waiver(days=-1)], TODAY) == advisories.FOUND


def test_a_waiver_for_longer_than_thirty_days_does_not_count() -> None:
    assert advisories.report([FAULTY], [waiver(days=31)], TODAY) == advisories.FOUND


@pytest.mark.parametrize("answer", [[], [SOUND, {"name": "av", "skip_reason": "not found"}]])
def test_silence_is_no_answer(answer: list[dict[str, object]], capsys: pytest.CaptureFixture[str]) -> None:
    assert advisories.report(answer, [], TODAY) == advisories.UNANSWERED
    assert "could not be asked" in capsys.readouterr().out


def test_a_waiver_gives_a_reason(tmp_path: Path) -> None:
    file = tmp_path / "waivers.toml"
    file.write_text('[[waiver]]\nadvisory = "CVE-1"\nuntil = 2026-05-11\nreason = " "\n')
    with pytest.raises(SystemExit, match="gives no reason"):
        advisories.read_waivers(file)


def test_the_waivers_of_this_tree_can_be_read() -> None:
    assert all(entry.reason for entry in advisories.read_waivers(advisories.WAIVERS))


def test_the_question_names_every_shipped_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def run(command: list[str], **_how: object) -> object:
        asked.extend(command)
        return type("Done", (), {"stdout": json.dumps({"dependencies": [SOUND]})})

    monkeypatch.setattr("subprocess.run", run)
    assert advisories.ask() == [SOUND]
    assert all(any(word.endswith(name) for word in asked) for name in advisories.FILES)
