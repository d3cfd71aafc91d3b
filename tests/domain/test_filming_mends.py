"""What a film of one model best becomes with another one."""

from pathlib import Path

import pytest

from svi_studio.domain.film.architecture import ARCHITECTURES
from svi_studio.domain.film.filming import cannot_film, fitting_model, nearest_family
from svi_studio.domain.film.found_model import FoundModel
from svi_studio.domain.film.model_card import ModelCard


@pytest.mark.parametrize(
    ("family", "architecture", "becomes"),
    [
        ("pro", "wan2.1-i2v", "film"),
        ("film", "wan2.2-i2v-a14b", "pro"),
        ("shot", "wan2.2-i2v-a14b", "pro"),
        ("pro", "wan2.2-ti2v-5b", "pro5b"),
        ("talk", "wan2.2-ti2v-5b", "pro5b"),
    ],
)
def test_a_film_becomes_what_is_most_like_it(family: str, architecture: str, becomes: str) -> None:
    card = ModelCard(name="model")
    assert nearest_family(family, card, ARCHITECTURES[architecture]) == becomes
    assert cannot_film(becomes, card, ARCHITECTURES[architecture]) is None


def test_a_model_for_a_family_is_one_without_a_problem_that_films_it() -> None:
    def found(name: str, architecture: str, problem: str | None = None) -> FoundModel:
        return FoundModel(
            name, Path(name), "yours", ModelCard(name=name), problem, architecture=ARCHITECTURES[architecture]
        )

    models = [found("a", "wan2.1-i2v"), found("b", "wan2.2-i2v-a14b", "Broken."), found("c", "wan2.2-i2v-a14b")]
    chosen = fitting_model("pro", models)
    assert chosen is not None
    assert chosen.name == "c"
    assert fitting_model("talk", models) is None
