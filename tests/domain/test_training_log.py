"""The log of a training says when what happened, and passes over lines that say nothing."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from svi_studio.domain.training.events import CheckpointSaved, StepTrained
from svi_studio.domain.training.log import Logged, from_log_line, log_line

STEP = StepTrained(7, 100, 0.25, 1e-4, 1.5, 2.0, 186.0)


def test_a_line_of_the_log_says_when_what_happened() -> None:
    assert from_log_line(log_line(STEP, 1234.5678)) == Logged(1234.568, STEP)


@pytest.mark.parametrize(
    "line",
    [
        log_line(STEP, 1.0)[:-9],
        b"",
        b"\x00\x00",
        b"[]",
        b"{}",
        b'{"time": 1.0, "kind": "trainer_alive"}',
        b'{"time": "x"}',
        b'{"time": 1%s, "kind": "training_stopped", "step": 1}' % (b"0" * 400),
    ],
)
def test_a_line_that_says_nothing_is_passed_over(line: bytes) -> None:
    assert from_log_line(line) is None


def test_lines_are_as_they_always_were() -> None:
    step = replace(STEP, loss=math.nan, gradient_norm=math.inf, seconds_left=None)
    assert log_line(step, 2.0) == (
        b'{"time": 2.0, "kind": "step_trained", "step": 7, "steps": 100, "loss": NaN, "learning_rate": 0.0001, '
        b'"gradient_norm": Infinity, "seconds": 2.0, "seconds_left": null}\n'
    )
    assert log_line(CheckpointSaved(8, Path("a/é")), 1.5) == (
        b'{"time": 1.5, "kind": "checkpoint_saved", "step": 8, "folder": "a/\\u00e9"}\n'
    )
