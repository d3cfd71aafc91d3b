"""The hash of a take: known ones hold for ever, and a field that a later version adds makes no old take stale."""

from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.editing import edits
from svi_studio.domain.film import family
from svi_studio.domain.film.family import FamilyProfile
from svi_studio.domain.film.storyboard import Clip, LoraUse, Storyboard
from svi_studio.domain.render.plan import plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner
from svi_studio.domain.takes import take_hash
from svi_studio.domain.takes.job import ClipJob, JobLora
from svi_studio.domain.takes.take_hash import FIRST_FIELDS, TakeHasher
from tests.builders.storyboards import MINI, words

KEPT = "c" * 64
FACTS = FilmFacts(MINI, "a" * 64, {"l.safetensors": "3" * 64}, {"a.png": "1" * 64, "b.png": "2" * 64}, (80, 48))
MODEL = "1ebebbd29e88707f3e1afb8a26f65f74c7324471b81bf61d373d72d60f4fb6df"

# Every hash below was made by version 0.1: takes that were rendered then must still be found.
A_FILM = (
    "08b418977bec5dac44bbc23f611472a34ff91d96bbfd8e80239202844129501f",
    "adc69ab1199b740673a7c0c784dd4fbf2ab63b7f056b3e3d511de78c6e254bf2",
)
A_SHOT = (
    "6607d251fb8c1d828c7b4f765a3fd28d96c0547a2908541c357db98c1d7fd416",
    "ec00122e999136a7d6e5ef742e6ca1a7c36722b8de8cd7ad203bb451f221a02b",
)
WITH_LORA = (
    "00b7b5b6438199a6855eb18af3e79289a8e79424135d12315ccac45171b3a585",
    "7750fd38b924221def833374ad1dcd13e53e40115e88ffc7a494d8f4d89350a1",
    "f8d2b57c001606dfced72ffc78dc9970b43aae953f43d31e823c1ca1cacd7ec3",
    "109f7d2fbd665eb6066425cc61a0e6b8d101e184f21107664105f663c60b715c",
)
AFTER_A_KEPT_TAKE = "b79dcb8b9f4abe172ec63b3da021494c878f59ec52026e90baa92325faeff0b1"


class LaterJob(ClipJob):
    """A job as a later version might have it."""

    end_picture_hash: str | None = None
    cfg_start: float = 0.0
    last_words: tuple[str, ...] = ()


def job(kind: type[ClipJob] = ClipJob, **changes: object) -> ClipJob:
    """The first clip of the film that version 0.1 rendered with the bundled model and its LoRA."""
    values = {
        "index": 0,
        "clip_id": "c1",
        "take_hash": "0" * 64,
        "parent_hash": None,
        "prompt": "The red puppet dances in the meadow.",
        "negative_prompt": "",
        "seed": 0,
        "width": 80,
        "height": 48,
        "num_frames": 21,
        "num_inference_steps": 20,
        "guidance_scale": 2.0,
        "shift": 5.0,
        "family": "film",
        "image": "media/start.png",
        "image_hash": "9c806741636e32c054d799543dc4145329355a6f26c91a540fb40cda3553be60",
        "model": "svi-mini",
        "model_hash": MODEL,
        "dtype": "float32",
        "loras": (
            JobLora(
                "loras/svi-film.safetensors", "58f4d74a0b11d83b3c20f3aa71f12ee894404e8967611ec4ad84c6347e22639d", 1.0
            ),
        ),
    }
    return kind.model_validate(values | changes)


def second(first: str) -> dict[str, object]:
    return {
        "parent_hash": first,
        "prompt": "The scene changes to the beach. The red puppet rests.",
        "seed": 42,
    }


def shot(**changes: object) -> ClipJob:
    picture = "1329a23b94e1d879687818df336235383fdf0f6198c64134b9410dbaed564428"
    words = "The blue puppet dances in the room."
    return job(family="shot", prompt=words, image_hash=picture, loras=(), **changes)


def both_ways(made: ClipJob) -> str:
    """The hash of ``made``, which the way for many clips gives as well."""
    slow = take_hash.take_hash(made)
    assert TakeHasher(type(made))(dict(made)) == slow
    return slow


def four_clips(name: str = "film", **clip_three: object) -> Storyboard:
    """A film with everything that decides pixels in it somewhere."""
    board = Storyboard(
        family=name,
        reference_image="a.png",
        style="In ink.",
        seed=11,
        num_inference_steps=30,
        loras=(LoraUse(file="l.safetensors", weight=0.5),),
        clips=(
            Clip(id="c1", prompt='A "red" ball ünï\n🎭'),
            Clip(id="c2", prompt="it jumps", seed=5, guidance_scale=3, negative_prompt="fog"),
            Clip(id="c3", prompt="it rests", cut=True, image="b.png", num_inference_steps=7),
            Clip(id="c4", prompt="it leaves"),
        ),
    )
    return edits.change_clip(board, "c3", **clip_three) if clip_three else board


def hashes(board: Storyboard) -> list[str]:
    return [each.take_hash for each in plan_film(FilmPlanner(board, FACTS, KEPT.__eq__)).jobs]


def test_the_film_of_version_one_has_its_hashes() -> None:
    assert (both_ways(job()), both_ways(job(**second(A_FILM[0])))) == A_FILM


def test_the_shot_of_version_one_has_its_hashes() -> None:
    assert (both_ways(shot()), both_ways(shot(parent_hash=A_SHOT[0], seed=42))) == A_SHOT


def test_a_film_with_a_lora_has_its_hashes() -> None:
    assert hashes(four_clips()) == list(WITH_LORA)


def test_the_clip_after_a_kept_take_has_its_hash() -> None:
    assert hashes(four_clips(take=KEPT)) == [*WITH_LORA[:2], KEPT, AFTER_A_KEPT_TAKE]


def test_the_fields_of_version_one_are_what_they_were() -> None:
    assert len(FIRST_FIELDS) == 15
    assert set(FIRST_FIELDS) <= set(ClipJob.model_fields)


def test_every_field_that_came_later_has_a_default() -> None:
    later = set(ClipJob.model_fields) - set(FIRST_FIELDS) - set(take_hash._NAMES_ONLY)
    assert [name for name in later if ClipJob.model_fields[name].is_required()] == []


def test_a_later_field_at_its_default_makes_no_take_stale() -> None:
    assert both_ways(job(LaterJob)) == A_FILM[0]


@pytest.mark.parametrize(
    "change", [{"end_picture_hash": "d" * 64}, {"cfg_start": 0.5}, {"last_words": ("zebra",)}], ids=str
)
def test_a_later_field_that_is_set_makes_another_take(change: dict[str, object]) -> None:
    assert both_ways(job(LaterJob, **change)) != A_FILM[0]


def test_two_later_fields_make_another_take_than_one() -> None:
    one, two = job(LaterJob, cfg_start=0.5), job(LaterJob, cfg_start=0.5, last_words=("zebra",))
    assert both_ways(one) != both_ways(two)


def test_one_hasher_tells_clips_apart_by_a_later_field() -> None:
    hasher, end = TakeHasher(LaterJob), job(LaterJob, end_picture_hash="d" * 64)
    assert [hasher(dict(each)) for each in (job(LaterJob), end, job(LaterJob))] == [
        A_FILM[0],
        take_hash.take_hash(end),
        A_FILM[0],
    ]


def test_what_a_later_version_adds_to_a_lora_counts_only_when_it_is_set() -> None:
    plain = job().loras[0]
    high = plain._replace(expert="high")
    later = [job().model_copy(update={"loras": (each,)}) for each in (plain, high)]
    assert [both_ways(each) == A_FILM[0] for each in later] == [True, False]


class LaterProfile(FamilyProfile):
    """A family as a later version might have it."""

    anchor_latents: int = 1


@pytest.mark.parametrize(("anchors", "same"), [(1, True), (4, False)])
def test_what_a_later_version_adds_to_a_family_counts_only_when_it_is_set(
    anchors: int, same: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = LaterProfile(**dict(family.FAMILIES["film"]), anchor_latents=anchors)
    monkeypatch.setattr(family, "FAMILIES", MappingProxyType({"film": profile}))
    monkeypatch.setattr(take_hash, "_LATER_CONDITIONING", ("anchor_latents",))
    assert (both_ways(job()) == A_FILM[0]) is same


@given(
    st.none() | st.sampled_from(A_SHOT),
    words,
    words | st.sampled_from(["<prompt>", '","prompt":"', '"seed":']),
    st.none() | st.integers(0, 2**63 - 1),
    st.floats(0, 100),
    st.sampled_from(["film", "shot"]),
    st.none() | st.text("0123456789abcdef"),
    st.floats(-5, 5),
)
def test_the_hash_for_many_clips_is_the_hash_of_each(
    parent: str | None,
    prompt: str,
    negative: str,
    seed: int | None,
    scale: float,
    name: str,
    end: str | None,
    weight: float,
) -> None:
    loras = (JobLora("l.safetensors", "3" * 64, weight),)
    settings = {"negative_prompt": negative, "guidance_scale": scale, "family": name, "loras": loras}
    made = job(LaterJob, parent_hash=parent, prompt=prompt, seed=seed, end_picture_hash=end, **settings)
    both_ways(made)
