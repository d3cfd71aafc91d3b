"""LoRAs of single clips: what a clip is made with, and which takes that makes stale; older films stay as they are."""

import json
from dataclasses import replace

import pytest

from svi_studio.domain.editing import edits
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.architecture import ARCHITECTURES, WAN_2_1_I2V, WAN_2_2_I2V_A14B
from svi_studio.domain.film.clip_loras import loras_of, switched_off
from svi_studio.domain.film.storyboard import LoraUse, Storyboard
from svi_studio.domain.render.plan import plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner
from svi_studio.domain.takes.job import ClipJob, JobLora
from svi_studio.domain.takes.take import Take
from svi_studio.domain.takes.take_difference import Differs, differences
from tests.builders.renders import a_take
from tests.builders.storyboards import MINI, film

A, B, C = (f"media/{letter}.safetensors" for letter in "abc")
HASHES = {A: "a" * 64, B: "b" * 64, C: "c" * 64}
FACTS = FilmFacts(MINI, "0" * 64, HASHES, {"a.png": "1" * 64}, (80, 48))


def use(file: str, weight: float = 1.0, expert: str = "both") -> LoraUse:
    return LoraUse.model_validate({"file": file, "weight": weight, "expert": expert})


def board(*loras: LoraUse, clips: int = 5, cut: int | None = None) -> Storyboard:
    made = edits.change_film(film(clips), loras=loras)
    return made if cut is None else edits.change_clip(made, f"c{cut}", cut=True)


def with_clip(made: Storyboard, clip: int, *loras: LoraUse) -> Storyboard:
    return edits.change_clip(made, f"c{clip}", loras=loras)


def jobs(made: Storyboard, facts: FilmFacts = FACTS) -> tuple[ClipJob, ...]:
    return plan_film(FilmPlanner(made, facts)).jobs


def stale(before: Storyboard, after: Storyboard) -> list[int]:
    """Numbers of the clips whose takes are not those of ``before`` any more."""
    pairs = zip(jobs(before), jobs(after), strict=True)
    return [new.index + 1 for old, new in pairs if old.take_hash != new.take_hash]


def test_a_clips_lora_takes_the_place_of_the_films_or_comes_behind() -> None:
    made = with_clip(board(use(A), use(B, 0.5)), 2, use(B, 0.9), use(C, 0.3))
    assert loras_of(made, made.clips[0]) == (use(A), use(B, 0.5))
    assert loras_of(made, made.clips[1]) == (use(A), use(B, 0.9), use(C, 0.3))
    assert jobs(made)[1].loras == (
        JobLora(A, "a" * 64, 1.0),
        JobLora(B, "b" * 64, 0.9),
        JobLora(C, "c" * 64, 0.3),
    )


def test_only_the_same_file_for_the_same_expert_takes_its_place() -> None:
    made = with_clip(board(use(A, 0.5, "high"), use(A, 1.0, "low")), 1, use(A, 0.0, "high"))
    assert loras_of(made, made.clips[0]) == (use(A, 1.0, "low"),)
    assert switched_off(made, made.clips[0]) == (use(A, 0.5, "high"),)


def test_a_clip_that_goes_without_is_as_in_a_film_without() -> None:
    without = board()
    assert stale(without, with_clip(board(use(A)), 1, use(A, 0.0)))[0] == 2
    assert jobs(with_clip(board(use(A)), 1, use(A, 0.0)))[0].take_hash == jobs(without)[0].take_hash
    assert stale(without, with_clip(without, 3, use(B, 0.0))) == []


def test_a_lora_of_the_film_that_weighs_nothing_is_hashed_as_ever() -> None:
    assert jobs(board(use(A, 0.0)))[0].loras == (JobLora(A, "a" * 64, 0.0),)


@pytest.mark.parametrize("change", [(use(A),), (use(A, 0.5),), (use(B, 1.0, "low"),)])
def test_another_lora_makes_its_clip_and_those_that_follow_stale_and_no_other(change: tuple[LoraUse, ...]) -> None:
    before = with_clip(board(use(C), clips=8, cut=6), 3, use(B))
    assert stale(before, with_clip(before, 3, *change)) == [3, 4, 5]
    assert stale(before, with_clip(before, 7, *change)) == [7, 8]


def test_what_differs_is_told_as_its_loras() -> None:
    before, after = (jobs(each)[2] for each in (board(), with_clip(board(), 3, use(A, 1.0, "high"))))
    assert [each.kind for each in differences(before, after)] == [Differs.LORAS]
    high, both = (jobs(with_clip(board(), 3, use(A, 1.0, each)))[2] for each in ("high", "both"))
    assert [each.kind for each in differences(high, both)] == [Differs.LORAS]


def test_a_take_without_experts_has_the_manifest_that_it_always_had() -> None:
    take = a_take(loras=(JobLora("x.safetensors", "d" * 64, 0.5), JobLora("y.safetensors", "e" * 64, 1.0, "low")))
    text = take.model_dump_json()
    assert json.loads(text)["job"]["loras"] == [
        ["x.safetensors", "d" * 64, 0.5],
        ["y.safetensors", "e" * 64, 1.0, "low"],
    ]
    assert Take.model_validate_json(text, strict=True) == take


def test_a_film_without_them_is_the_same_file_as_ever() -> None:
    assert "loras" not in json.loads(board(use(A)).model_dump_json())["clips"][0]
    assert json.loads(board(use(A)).model_dump_json())["loras"] == [{"file": A, "weight": 1.0, "label": ""}]


def test_a_lost_lora_of_a_clip_is_told_before_anything_is_made() -> None:
    made = with_clip(board(), 4, use("media/lost.safetensors"))
    with pytest.raises(BadInput, match=r"The LoRA 'media/lost.safetensors' is not read yet"):
        jobs(made)


def test_a_lora_for_one_expert_needs_a_model_of_two() -> None:
    one, two = (replace(FACTS, architecture=ARCHITECTURES[name]) for name in (WAN_2_1_I2V, WAN_2_2_I2V_A14B))
    made = edits.change_film(with_clip(board(), 2, use(A, 1.0, "high")), family="pro")
    with pytest.raises(BadInput, match="is for the high-noise expert, and 'svi-mini' has only one transformer"):
        jobs(edits.change_film(made, family="film"), one)
    assert jobs(made, two)[1].loras == (JobLora(A, "a" * 64, 1.0, "high"),)


def test_a_models_own_loras_may_be_for_one_expert_each() -> None:
    keys = {"pro@high": "loras/high.safetensors", "pro@low": "loras/low.safetensors", "film": "loras/film.safetensors"}
    card = MINI.model_copy(update={"family_loras": keys})
    facts = replace(
        FACTS, card=card, architecture=ARCHITECTURES[WAN_2_2_I2V_A14B], family_loras=dict(zip(keys, "789", strict=True))
    )
    made = edits.change_film(board(use(A)), family="pro", stability=0.5)
    assert jobs(made, facts)[0].loras == (
        JobLora("loras/high.safetensors", "7", 0.5, "high"),
        JobLora("loras/low.safetensors", "8", 0.5, "low"),
        JobLora(A, "a" * 64, 1.0),
    )


def test_a_models_own_lora_for_one_expert_of_one_transformer_is_told_before_anything_is_made() -> None:
    card = MINI.model_copy(update={"family_loras": {"film@high": "loras/high.safetensors"}})
    one = replace(FACTS, card=card, architecture=ARCHITECTURES[WAN_2_1_I2V], family_loras={"film@high": "7"})
    with pytest.raises(BadInput, match="names a LoRA 'film@high', and the model has only one transformer"):
        jobs(edits.change_film(board(), family="film"), one)
