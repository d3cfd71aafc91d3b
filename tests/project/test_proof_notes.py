"""What is said of a purpose before a training is what the proof found, figure by figure."""

from pathlib import Path
from typing import get_args

import pytest

from svi_studio.domain.training.recipe import Purpose
from svi_studio.project.training.proof_notes import proof_notes

ROOT = Path(__file__).parents[2]


def test_every_purpose_has_a_note() -> None:
    assert set(proof_notes()) == set(get_args(Purpose))


@pytest.mark.parametrize("purpose", get_args(Purpose))
def test_a_note_says_what_stands_in_its_source(purpose: Purpose) -> None:
    note = proof_notes()[purpose]
    source = " ".join((ROOT / note.source).read_text(encoding="utf-8").split())
    assert [figure for figure in note.figures if figure not in source] == []


@pytest.mark.parametrize("purpose", ["story", "scene", "style"])
def test_what_was_measured_is_said_with_its_figures(purpose: Purpose) -> None:
    note = proof_notes()[purpose]
    assert sum(figure in note.sentence for figure in note.figures) >= 1
    assert "±" in note.sentence or "[" in note.sentence
