"""The log as rows: one a step, exact numbers, what was done again counted once."""

import csv
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.events import CheckpointSaved, StepTrained, TrainingChanged, Validated
from svi_studio.domain.training.log import Logged, log_line
from svi_studio.domain.training.log_rows import COLUMNS, log_rows
from svi_studio.project.training.log_table import write_csv
from svi_studio.project.training.runs import read_run


def step(number: int, loss: float) -> StepTrained:
    return StepTrained(number, 4, loss, 1e-4 / 3, 0.25, 1.5)


def test_a_step_done_again_counts_as_it_was_done_last() -> None:
    log = [
        Logged(10.0, step(1, 0.5)),
        Logged(11.0, step(2, 0.7)),
        Logged(12.0, CheckpointSaved(2, Path("x"))),
        Logged(12.5, Validated(2, 0.625, 4, 4)),
        Logged(13.0, TrainingChanged(1, (("steps", "2", "4"), ("optimizer.learning_rate", "0.1", "0.2")))),
        Logged(14.0, step(2, float("nan"))),
    ]
    first, second = log_rows(log)
    assert first == ("1", "10.0", "0.5", repr(1e-4 / 3), "0.25", "1.5", "", "")
    assert second[:3] == ("2", "14.0", "")
    assert second[-2] == "0.625"
    assert second[-1] == "steps from 2 to 4; optimizer.learning_rate from 0.1 to 0.2"


def test_the_table_is_read_back_exactly(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_bytes(b"".join(log_line(step(n, 0.1 / n), 1.0) for n in (1, 2, 3)))
    assert write_csv(read_run(tmp_path), tmp_path / "log.csv") == 3
    with (tmp_path / "log.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert [float(row["loss"]) for row in rows] == [0.1, 0.1 / 2, 0.1 / 3]


def test_a_training_without_a_step_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="has made no step yet"):
        write_csv(read_run(tmp_path), tmp_path / "log.csv")
    assert not (tmp_path / "log.csv").exists()
