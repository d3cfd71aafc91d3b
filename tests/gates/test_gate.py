"""What the long check says is what was exercised: never "held" for what was not done, and a fault is never lost."""

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.gates import __main__ as long_check
from tests.gates import table
from tests.gates.gate import Gate, Outcome, Run, held
from tests.gates.shares import MINUTES, seconds_of
from tests.gates.state import State

GATE = Gate(3, "errors of the disk", {"errors": 10, "sizes": 2}, lambda run: None, {"slowest, s": 1.0})


def outcome(errors: int = 10, sizes: int = 2, **more: Any) -> Outcome:
    found = Outcome(**more)
    found.exercised.update({"errors": errors, "sizes": sizes})
    return found


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (outcome(), "yes"),
        (outcome(errors=9), "yes, as far as it went"),
        (outcome(missing=["bundles"]), "yes, as far as it went"),
        (outcome(0, 0), "not exercised"),
        (outcome(0, 0, missing=["no memory plans yet"]), "not exercised"),
        (outcome(faults=["a take is lost"]), "no"),
        (outcome(0, 0, faults=["its process ended"]), "no"),
        (outcome(figures={"slowest, s": 1.0}), "yes"),
        (outcome(figures={"slowest, s": 1.1}), "no"),
    ],
)
def test_only_what_was_exercised_whole_and_without_a_fault_has_held(found: Outcome, said: str) -> None:
    assert held(GATE, found) == said


def run_in(folder: Path, seconds: float = 60.0) -> tuple[Run, list[Outcome]]:
    saved: list[Outcome] = []
    return Run(folder, seconds, 7, saved.append), saved


def test_a_case_that_raises_is_a_fault_and_the_next_one_is_exercised(tmp_path: Path) -> None:
    run, saved = run_in(tmp_path)
    for number in range(3):
        with run.case("errors", f"case {number}"):
            if number == 1:
                raise ValueError("broken")
    assert run.outcome.exercised["errors"] == 3
    assert run.outcome.faults == ["case 1: ValueError: broken"]
    assert saved, "it was written down at once"


def test_time_that_is_over_ends_a_gate(tmp_path: Path) -> None:
    run, _ = run_in(tmp_path, seconds=0.0)
    assert not run.wants("errors", 10)


def test_what_was_promised_is_enough(tmp_path: Path) -> None:
    run, _ = run_in(tmp_path)
    run.done("errors", 10)
    assert not run.wants("errors", 10) and run.wants("errors", 11)


def test_every_gate_is_there_under_a_number_of_its_own() -> None:
    gates = [importlib.import_module(f"tests.gates.{name}").GATE for name in MINUTES]
    assert sorted(gate.number for gate in gates) == list(range(1, 20))  # the last is new inputs, beyond the 18
    assert all(gate.promised and not set(gate.limits) & set(gate.promised) for gate in gates)


def test_the_whole_time_is_shared_out() -> None:
    assert sum(seconds_of(name, 60.0) for name in MINUTES) == pytest.approx(3600)


def result(found: Outcome) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps({"gate": GATE.to_json(), "outcome": found.to_json()}))
    return document


def test_the_table_says_promised_exercised_and_held(tmp_path: Path) -> None:
    results = {"disk_errors": result(outcome(errors=4, faults=["no | sentence"], missing=["bundles"], seed=9))}
    table.write(tmp_path, results)
    (row,) = json.loads((tmp_path / "table.json").read_text())["rows"]
    assert row["promised"] == "10 errors; 2 sizes"
    assert (row["exercised"], row["held"]) == ("4 errors; 2 sizes", "no")
    text = (tmp_path / "table.md").read_text()
    assert "broken: no | sentence (seed 9)" in text and "not exercised: bundles" in text
    assert not table.all_hold(results)


def house(folder: Path) -> Path:
    (folder / "svi_studio").mkdir(parents=True)
    (folder / "svi_studio" / "a.py").write_text("a = 1\n")
    return folder


def test_it_goes_on_where_it_was_stopped_unless_the_program_has_changed(tmp_path: Path) -> None:
    place = house(tmp_path / "house")
    State(tmp_path, place).keep("kills", result(outcome()))
    assert list(State(tmp_path, place).results) == ["kills"]
    (place / "svi_studio" / "a.py").write_text("a = 2\n")
    changed = State(tmp_path, place)
    assert changed.is_of_another_program and not changed.results


def exercise(monkeypatch: pytest.MonkeyPatch, folder: Path, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["check", "--into", str(folder), *words])
    return long_check.main()


def test_a_finished_gate_is_not_exercised_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    def one(name: str, *_: object) -> dict[str, Any]:
        asked.append(name)
        if asked == ["kills", "power_loss"]:
            raise KeyboardInterrupt
        return result(outcome())

    monkeypatch.setattr(long_check, "_one", one)
    assert exercise(monkeypatch, tmp_path, "kills", "power_loss") == 130
    assert "Still to be exercised: power_loss" in capsys.readouterr().out
    assert exercise(monkeypatch, tmp_path, "kills", "power_loss") == 0
    assert asked == ["kills", "power_loss", "power_loss"]


def test_a_gate_is_exercised_in_a_process_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert exercise(monkeypatch, tmp_path, "out_of_memory", "--minutes", "1", "--seed", "5") == 0
    (row,) = json.loads((tmp_path / "table.json").read_text())["rows"]
    assert (row["gate"], row["held"]) == ("9 out of memory", "not exercised")


def test_a_gate_whose_process_dies_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_check, "MINUTES", {"gate": 1.0})  # a module without a gate in it
    monkeypatch.setattr(long_check, "seconds_of", lambda *_: 5.0)
    assert exercise(monkeypatch, tmp_path, "gate") == 1
    assert "its process ended with 1" in (tmp_path / "table.md").read_text()
