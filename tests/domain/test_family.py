import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.conditioning import CONDITIONINGS
from svi_studio.domain.film.family import FAMILIES, available_families, family, family_to_show
from svi_studio.domain.film.track import InputKind

# name: motion, pad, guidance, steps, seed distance, fps, quality, tiled, max width, join (the authors' scripts)
# which draw the noise of Talk and Dance without a seed: here the same film comes out again
TABLE = {
    "shot": (1, -1, 5.0, 50, 42, 24.0, 8, False, 832, "drop_tail"),
    "film": (5, 0, 5.0, 50, 42, 24.0, 8, False, 832, "drop_tail"),
    "talk": (1, -1, 2.0, 50, 42, 25.0, 8, False, 640, "drop_tail"),
    "dance": (1, -1, 2.0, 50, 42, 25.0, 5, True, 640, "drop_tail"),
    "shot2": (5, -1, 5.0, 50, 42, 24.0, 8, False, 832, "drop_tail"),
    "pro": (1, 0, 5.0, 50, 42, 16.0, 8, False, 832, "drop_head"),
    "pro5b": (1, 0, 5.0, 50, 42, 24.0, 8, False, 1280, "drop_head"),
}


@pytest.mark.parametrize("name", TABLE)
def test_a_family_has_the_authors_settings(name: str) -> None:
    p = family(name)
    row = (p.num_motion_frames, p.ref_pad_num, p.guidance_scale, p.num_inference_steps, p.seed_times, p.fps, p.quality)
    assert (*row, p.tiled_decode, p.max_width, p.join) == TABLE[name]


def test_pro_is_joined_and_shown_as_its_authors_do_only_on_demand() -> None:
    pro = family("pro")
    assert (pro.known_frames, pro.trimmed_frames, pro.num_video_frames, pro.fps) == (5, 5, 9, 16.0)
    assert (pro.advancing("authors").trimmed_frames, pro.advancing("authors").fps) == (4, 15.0)
    assert pro.uses_anchor


def test_every_family_has_a_film_to_show_and_a_sentence_of_its_own() -> None:
    assert len({profile.title for profile in FAMILIES.values()}) == len(FAMILIES)
    assert all(":" in profile.title for profile in FAMILIES.values())


def test_every_family_can_render() -> None:
    assert available_families() == tuple(FAMILIES)


def test_talk_keeps_every_frame_only_as_the_authors_do() -> None:
    """Theirs shows one moment twice at every join, so that the mouth falls behind the sound."""
    assert family("talk").advancing("authors").join == "keep_all"
    assert all(profile.advancing("film") == profile for profile in FAMILIES.values())
    assert family("dance").advancing("authors") == family("dance")


def test_talk_follows_its_sound_as_strongly_as_the_authors() -> None:
    assert family("talk").audio_guidance_scale == 5.0


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(BadInput, match="opera"):
        family("opera")


def test_the_families_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        FAMILIES["opera"] = FAMILIES["shot"]  # type: ignore[index]


def test_a_film_of_an_unknown_family_can_still_be_shown() -> None:
    assert family_to_show("of-tomorrow") == family("shot")
    assert family_to_show("film") == family("film")


@pytest.mark.parametrize(("name", "needs"), [("talk", InputKind.SOUND), ("dance", InputKind.SKELETON)])
def test_a_family_can_render_when_all_that_it_needs_is_read(
    name: str, needs: InputKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = dict(CONDITIONINGS)
    monkeypatch.setattr("svi_studio.domain.film.family.CONDITIONINGS", {**others, "frames": frozenset()})
    assert FAMILIES[name].unread_needs == {needs}
    assert name not in available_families()
    monkeypatch.setattr("svi_studio.domain.film.family.CONDITIONINGS", {**others, "frames": frozenset({needs})})
    assert FAMILIES[name].unread_needs == set()
    assert name in available_families()
