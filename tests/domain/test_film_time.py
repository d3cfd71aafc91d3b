import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.editing import edits
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.family import FAMILIES, FamilyProfile
from svi_studio.domain.film.film_time import FilmTime, film_time, part_of_film, storyboard_time
from tests.builders.storyboards import film
from tests.domain.short_edits import set_cut

chains = st.lists(st.booleans(), min_size=1, max_size=40).map(lambda cuts: [True, *cuts[1:]])
profiles = st.sampled_from(list(FAMILIES.values()))


def kept(count: int, family: str) -> list[int]:
    return [clip.frames for clip in storyboard_time(film(count, family), 81).clips]


def test_film_keeps_76_of_81_frames_and_the_last_clip_all() -> None:
    assert kept(3, "film") == [76, 76, 81]


def test_shot_keeps_80_of_81_frames_and_the_last_clip_all() -> None:
    assert kept(3, "shot") == [80, 80, 81]


def test_talk_shows_every_moment_once() -> None:
    assert kept(3, "talk") == [80, 80, 81]


def test_as_the_authors_show_it_talk_keeps_every_frame() -> None:
    time = storyboard_time(edits.change_film(film(3, "talk"), advance="authors"), 81)
    assert [clip.frames for clip in time.clips] == [81, 81, 81]


def test_the_last_clip_before_a_cut_keeps_every_frame() -> None:
    time = storyboard_time(set_cut(film(4), "c3", True), 81)
    assert [clip.frames for clip in time.clips] == [76, 81, 76, 81]


def test_dropping_heads_trims_only_clips_that_continue() -> None:
    profile = FAMILIES["shot"].model_copy(update={"join": "drop_head", "num_overlap_frames": 4})
    time = film_time([True, False, True, False], 81, profile, 15.0)
    assert [(clip.first, clip.stop) for clip in time.clips] == [(0, 81), (4, 81), (0, 81), (4, 81)]


@given(chains, profiles, st.sampled_from([5, 21, 81]))
def test_clips_lie_end_to_end(starts: list[bool], profile: FamilyProfile, num_frames: int) -> None:
    clips = film_time(starts, num_frames, profile, 24.0).clips
    assert [clip.start for clip in clips[1:]] == [clip.start + clip.frames for clip in clips[:-1]]


@given(chains, profiles)
def test_the_length_counts_each_overlap_once(starts: list[bool], profile: FamilyProfile) -> None:
    joins = sum(not start for start in starts)
    assert film_time(starts, 81, profile, 24.0).frames == 81 * len(starts) - joins * profile.trimmed_frames


def test_seconds_follow_from_frames_and_rate() -> None:
    time = storyboard_time(film(2), 81, fps=12.0)
    assert (time.start_seconds(1), time.seconds) == (76 / 12, 157 / 12)


def test_a_film_without_clips_has_no_length() -> None:
    assert storyboard_time(film(0), 81).frames == 0


def test_a_clip_too_short_for_its_trim_still_shows_a_frame() -> None:
    assert film_time([True, False], 5, FAMILIES["film"], 24.0).clips[0].frames == 1


def shown(time: FilmTime) -> list[tuple[int, int]]:
    """Which frame of which clip each film frame shows."""
    return [(clip.index, frame) for clip in time.clips for frame in range(clip.first, clip.stop)]


@given(chains, profiles, st.data())
def test_a_part_of_a_film_shows_exactly_its_frames(
    starts: list[bool], profile: FamilyProfile, data: st.DataObject
) -> None:
    whole = film_time(starts, 21, profile, 24.0)
    last = data.draw(st.integers(0, whole.frames - 1))
    first = data.draw(st.integers(0, last))
    part = part_of_film(whole, first, last)
    assert shown(part) == shown(whole)[first : last + 1]
    assert [clip.start for clip in part.clips] == [
        sum(c.frames for c in part.clips[:k]) for k in range(len(part.clips))
    ]


@pytest.mark.parametrize(("first", "last"), [(5, 4), (-1, 4), (0, 157), (157, 157)])
def test_a_part_outside_of_the_film_is_refused(first: int, last: int) -> None:
    with pytest.raises(BadInput, match="0 to 156"):
        part_of_film(storyboard_time(film(2), 81), first, last)
