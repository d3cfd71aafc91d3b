"""The model's own LoRA for a family is in the film as strongly as the film says, and nowhere else."""

from dataclasses import replace

import pytest
from hypothesis import given
from pydantic import ValidationError

from svi_studio.domain.editing import edits
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.storyboard import LoraUse, Storyboard
from svi_studio.domain.render.plan import plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner
from svi_studio.domain.takes.job import JobLora
from tests.builders.storyboards import MINI, film, hashes, storyboards

OWN = "loras/svi-film.safetensors"
CARD = MINI.model_copy(update={"family_loras": {"film": OWN}})
IMAGES = dict.fromkeys(("a.png", "media/b.jpg", "Bilder/ünï côdé.webp"), "1" * 64)
FACTS = FilmFacts(CARD, "a" * 64, IMAGES, IMAGES, (80, 48), family_loras={"film": "5" * 64})
LOST = replace(FACTS, family_loras={}, family_lora_problems={"film": "The LoRA is lost."})


def planned(board: Storyboard, facts: FilmFacts = FACTS) -> tuple[tuple[JobLora, ...], list[str]]:
    """The LoRAs of the first clip, and the hashes of all takes."""
    jobs = plan_film(FilmPlanner(board, facts)).jobs
    return jobs[0].loras, [job.take_hash for job in jobs]


def test_a_new_film_is_stable() -> None:
    assert planned(film(2))[0] == (JobLora(OWN, "5" * 64, 1.0),)


def test_it_comes_before_the_films_own_loras() -> None:
    board = edits.change_film(film(2), loras=(LoraUse(file="a.png", weight=0.5),), stability=0.75)
    assert planned(board)[0] == (JobLora(OWN, "5" * 64, 0.75), JobLora("a.png", "1" * 64, 0.5))


def test_how_strong_it_is_is_in_the_hash_of_every_take() -> None:
    full, half = (planned(edits.change_film(film(2), stability=value))[1] for value in (1.0, 0.5))
    assert not set(full) & set(half)


def test_off_makes_the_takes_of_the_model_alone() -> None:
    board = edits.change_film(film(3), stability=0.0)
    assert planned(board)[1] == planned(board, replace(FACTS, card=MINI))[1]


def test_another_file_of_the_same_name_makes_other_takes() -> None:
    other = replace(FACTS, family_loras={"film": "6" * 64})
    assert planned(film(1))[1] != planned(film(1), other)[1]


def test_a_family_without_one_is_as_it_was() -> None:
    board = film(2, family="shot")
    assert planned(board) == planned(board, replace(FACTS, card=MINI))


@given(storyboards(min_clips=1))
def test_without_such_a_lora_stability_changes_no_take(board: Storyboard) -> None:
    assert hashes(board) == hashes(board.model_copy(update={"stability": 0.0}))


def test_a_lost_file_is_the_films_problem() -> None:
    with pytest.raises(BadInput, match="The LoRA is lost"):
        planned(film(1), LOST)


def test_a_lost_file_that_is_not_wanted_is_no_problem() -> None:
    assert planned(edits.change_film(film(1), stability=0.0), LOST)[0] == ()


def test_the_lost_file_of_another_family_is_no_problem() -> None:
    assert planned(film(1, family="shot"), LOST)[0] == ()


@pytest.mark.parametrize("value", [-0.1, 2.1, float("nan"), "1"])
def test_impossible_strengths_are_refused(value: object) -> None:
    with pytest.raises(BadInput, match="stability"):
        edits.change_film(film(1), stability=value)


@pytest.mark.parametrize("path", ["../x.safetensors", "/x.safetensors", "C:/x.safetensors", "a\\b.safetensors", ""])
def test_a_card_names_only_files_inside_its_folder(path: str) -> None:
    with pytest.raises(ValidationError):
        ModelCard(name="m", family_loras={"film": path})
