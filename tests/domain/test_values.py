import pytest
from hypothesis import given
from pydantic import ValidationError

from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.takes.take import Take
from svi_studio.domain.value import first_problem
from tests.builders.storyboards import film, plan_of, storyboards

FOREIGN_PATHS = [
    "/etc/passwd", "C:\\x.png", "C:/x.png", "\\\\server\\share\\x.png", "//server/x.png", "../x.png", "a/../../x.png",
    "a\\..\\x.png", "./x.png", "a//b.png", "", "a\0b.png", "x.png:stream", "a\nb.png", "~/x.png/", "..",
]  # fmt: skip


@given(storyboards())
def test_a_storyboard_survives_json(storyboard: Storyboard) -> None:
    assert Storyboard.model_validate_json(storyboard.model_dump_json()) == storyboard


def test_a_manifest_survives_json() -> None:
    job = plan_of(film(2)).jobs[1]
    take = Take(
        take_hash=job.take_hash, parent_hash=job.parent_hash, job=job, num_frames=21, continuity={"colour": 0.25}
    )
    assert Take.model_validate_json(take.model_dump_json()) == take


@pytest.mark.parametrize("path", FOREIGN_PATHS)
def test_a_path_outside_the_film_is_refused(path: str) -> None:
    with pytest.raises(ValidationError):
        Storyboard(reference_image=path)


@pytest.mark.parametrize("name", ["../other", "a/b", "a\\b", ".hidden", "", "x" * 200, "a\0"])
def test_a_model_name_is_no_path(name: str) -> None:
    with pytest.raises(ValidationError):
        Storyboard(model=name)


@pytest.mark.parametrize(
    "field", ['"seed": "7"', '"seed": 1.5', '"seed": true', '"guidance_scale": NaN', '"guidance_scale": 1e999',
              '"seed": 1e400', '"width": 100, "height": 100', '"title": null', '"unknown": 1', '"schema_version": 6',
              '"num_frames": 80', '"clips": [{"id": "a"}, {"id": "a"}]', '"clips": [{"id": "../x"}]', '"clips": {}'],
)  # fmt: skip
def test_a_field_of_another_kind_is_refused(field: str) -> None:
    with pytest.raises(ValidationError):
        Storyboard.model_validate_json("{" + field + "}")


def test_a_refusal_says_where_and_what() -> None:
    with pytest.raises(ValidationError) as refusal:
        Storyboard.model_validate_json('{"clips": [{"id": "a"}, {"id": "b", "prompt": 7}]}')
    assert first_problem(refusal.value) == "clips 2 prompt: this must be text"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ('{"seed": "7"}', "seed: this must be a whole number"),
        ('{"seed": -1}', "seed: this must be at least 0"),
        ('{"guidance_scale": NaN}', "guidance_scale: this must be a number"),
        ('{"unknown": 1}', "unknown: this name is not known here"),
        ('{"clips": {}}', "clips: this must be a list"),
        ('{"clips": [{}]}', "clips 1 id: this is missing"),
        ("{", "this is not valid JSON"),
    ],
)
def test_a_refusal_is_in_plain_words(document: str, said: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Storyboard.model_validate_json(document)
    assert first_problem(refusal.value) == said


def test_a_storyboard_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        film(1).title = "other"


@pytest.mark.parametrize("sides", [{"width": 80}, {"height": 48}, {"num_frames": 20}])
def test_a_model_card_that_cannot_be_is_refused(sides: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        ModelCard.model_validate({"name": "m", **sides})
