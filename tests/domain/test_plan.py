import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.editing import edits
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.conditioning import CONDITIONINGS
from svi_studio.domain.film.effective_text import effective_prompt
from svi_studio.domain.film.family import FAMILIES, WAN_NEGATIVE_PROMPT
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.storyboard import LoraUse, Storyboard
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.render.plan import RenderPlan
from tests.builders.storyboards import MINI, film, hashes, plan_of, prompts, storyboards
from tests.domain import short_edits
from tests.domain.whole_plan import plan_render

some = storyboards(min_clips=1)


def first_difference(old: list[str], new: list[str]) -> int:
    return next((k for k, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


@given(some)
def test_the_same_storyboard_gives_the_same_plan(storyboard: Storyboard) -> None:
    again = Storyboard.model_validate_json(storyboard.model_dump_json())
    assert plan_of(again) == plan_of(storyboard)


@given(some)
def test_a_plan_survives_json(storyboard: Storyboard) -> None:
    plan = plan_of(storyboard)
    assert RenderPlan.model_validate_json(plan.model_dump_json()) == plan


@given(some, st.data(), prompts)
def test_an_edit_leaves_the_clips_before_it_alone(storyboard: Storyboard, data: st.DataObject, prompt: str) -> None:
    index = data.draw(st.integers(0, len(storyboard.clips) - 1))
    changed = short_edits.set_prompt(storyboard, storyboard.clips[index].id, prompt)
    assert hashes(changed)[:index] == hashes(storyboard)[:index]


def test_editing_clip_7_of_10_makes_7_to_10_stale() -> None:
    storyboard = film(10)
    existing = set(hashes(storyboard))
    edited = plan_of(short_edits.set_prompt(storyboard, "c7", "something else"))
    assert [job.index + 1 for job in edited.missing(existing.__contains__)] == [7, 8, 9, 10]


def test_an_edit_does_not_reach_past_the_next_cut() -> None:
    storyboard = short_edits.set_cut(film(10), "c9", True)
    existing = set(hashes(storyboard))
    edited = plan_of(short_edits.set_prompt(storyboard, "c7", "something else"))
    assert [job.index + 1 for job in edited.missing(existing.__contains__)] == [7, 8]


@given(some, st.data(), prompts)
def test_undo_brings_the_old_hashes_back(storyboard: Storyboard, data: st.DataObject, prompt: str) -> None:
    clip = data.draw(st.sampled_from(storyboard.clips))
    changed = short_edits.set_prompt(storyboard, clip.id, prompt)
    assert hashes(short_edits.set_prompt(changed, clip.id, clip.prompt)) == hashes(storyboard)


@given(some)
def test_notes_locks_markers_and_titles_decide_no_pixels(storyboard: Storyboard) -> None:
    noted = edits.change_clip(storyboard, storyboard.clips[0].id, note="nice", locked=True)
    assert hashes(edits.change_film(noted, title="Another", markers=())) == hashes(storyboard)


@given(some)
def test_every_job_continues_the_take_before_or_starts_a_chain(storyboard: Storyboard) -> None:
    jobs = plan_of(storyboard).jobs
    parents = [None if storyboard.starts_chain(k) else jobs[k - 1].take_hash for k in range(len(jobs))]
    assert [job.parent_hash for job in jobs] == parents


DECIDING = {
    "negative_prompt": "fog",
    "seed": 7,
    "num_inference_steps": 9,
    "guidance_scale": 2.5,
    "num_frames": 17,
    "style": "in ink",
    "family": "shot",
    "loras": (LoraUse(file="a.png", weight=0.5),),
}


@pytest.mark.parametrize("field", DECIDING)
def test_what_decides_the_pixels_is_in_the_hash(field: str) -> None:
    assert hashes(edits.change_film(film(1), **{field: DECIDING[field]})) != hashes(film(1))


def test_the_weight_of_a_lora_is_in_the_hash() -> None:
    half, full = (edits.change_film(film(1), loras=(LoraUse(file="a.png", weight=w),)) for w in (0.5, 1.0))
    assert hashes(half) != hashes(full)


@pytest.mark.parametrize("change", ["model", "image", "size", "dtype"])
def test_model_picture_size_and_precision_are_in_the_hash(change: str) -> None:
    def planned(model: str = "a", image: str = "c", size: tuple[int, int] = (80, 48), dtype: str = "float32") -> str:
        card = ModelCard.model_validate({"name": "m", "num_frames": 21, "dtype": dtype})
        return plan_render(film(1), card, model * 64, {}, {"a.png": image * 64}, size).jobs[0].take_hash

    other = {"model": "b", "image": "d", "size": (96, 48), "dtype": "bfloat16"}
    assert planned(**{change: other[change]}) != planned()  # type: ignore[arg-type]


def test_names_and_places_are_not_in_the_hash() -> None:
    storyboard = short_edits.set_cut(film(2), "c2", True, "media/b.jpg")
    storyboard = short_edits.set_seed(short_edits.set_seed(storyboard, "c1", 5), "c2", 5)
    storyboard = short_edits.set_prompt(storyboard, "c2", "scene 1")
    same = {"a.png": "c" * 64, "media/b.jpg": "c" * 64}
    jobs = plan_render(storyboard, MINI, "a" * 64, {}, same, (80, 48)).jobs
    assert jobs[0].take_hash == jobs[1].take_hash


def test_a_whole_number_weighs_like_its_decimal() -> None:
    one, decimal = (edits.change_film(film(1), guidance_scale=value) for value in (5, 5.0))
    assert hashes(one) == hashes(decimal)


def test_seeds_lie_42_apart_as_the_authors_set_them() -> None:
    assert [job.seed for job in plan_of(film(3)).jobs] == [0, 42, 84]


def test_an_own_seed_is_used_as_it_is() -> None:
    assert plan_of(short_edits.set_seed(film(3), "c2", 7)).jobs[1].seed == 7


def test_a_cut_without_a_picture_starts_from_the_films() -> None:
    assert plan_of(short_edits.set_cut(film(3), "c2", True)).jobs[1].image == "a.png"


def test_clips_after_a_cut_keep_the_cuts_picture() -> None:
    plan = plan_of(short_edits.set_cut(film(3), "c2", True, "media/b.jpg"))
    assert [job.image for job in plan.jobs] == ["a.png", "media/b.jpg", "media/b.jpg"]


def test_the_negative_prompt_is_wans_unless_the_film_has_its_own() -> None:
    assert plan_of(film(1)).jobs[0].negative_prompt == WAN_NEGATIVE_PROMPT


def test_steps_come_from_the_nearest_place_that_says_so() -> None:
    card = MINI.model_copy(update={"num_inference_steps": 20})
    clip = edits.change_clip(film(2), "c2", num_inference_steps=3)
    film_wide = edits.change_film(film(2), num_inference_steps=10)
    given_steps = [
        [job.num_inference_steps for job in plan_of(board, card).jobs] for board in (film(2), film_wide, clip)
    ]
    assert given_steps == [[20, 20], [10, 10], [20, 3]]


def test_style_follows_the_prompt() -> None:
    assert effective_prompt(edits.change_film(film(1), style="In ink."), 0) == "scene 1 In ink."


def test_an_empty_prompt_in_a_shot_is_the_first_clips() -> None:
    assert plan_of(short_edits.set_prompt(film(3, "shot"), "c2", " ")).jobs[1].prompt == "scene 1"


def test_an_empty_prompt_in_a_film_is_refused() -> None:
    with pytest.raises(BadInput, match="Clip 2 has no prompt"):
        plan_of(short_edits.set_prompt(film(3), "c2", " "))


def test_an_empty_first_prompt_in_a_shot_is_refused() -> None:
    with pytest.raises(BadInput, match="Clip 1 has no prompt"):
        plan_of(short_edits.set_prompt(short_edits.set_prompt(film(2, "shot"), "c1", ""), "c2", ""))


def test_an_empty_storyboard_is_refused() -> None:
    with pytest.raises(BadInput, match="no clips"):
        plan_of(film(0))


def test_an_unknown_family_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="choose one of shot, film, talk, dance"):
        plan_of(film(1, "opera"))


@pytest.mark.parametrize("name", [name for name, profile in FAMILIES.items() if profile.needs])
def test_a_family_that_cannot_render_yet_says_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reads_nothing = dict.fromkeys(CONDITIONINGS, frozenset[InputKind]())
    monkeypatch.setattr("svi_studio.domain.film.family.CONDITIONINGS", reads_nothing)
    with pytest.raises(BadInput, match="cannot render yet"):
        plan_of(film(1, name))


def test_a_film_without_a_picture_is_refused() -> None:
    with pytest.raises(BadInput, match="starts from a picture"):
        plan_of(edits.change_film(film(1), reference_image=None))


def test_a_picture_that_was_not_read_is_named_and_not_called_missing() -> None:
    with pytest.raises(BadInput, match=r"picture 'lost\.png' is not read yet"):
        plan_of(edits.change_film(film(1), reference_image="lost.png"))


def test_a_clip_shorter_than_its_motion_frames_is_refused() -> None:
    with pytest.raises(BadInput, match="too short"):
        plan_of(edits.change_film(film(2), num_frames=5))
