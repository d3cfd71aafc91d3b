"""Every moment of a film is shown once and in order: takes whose frames are counted, joined as each family joins."""

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from svi_studio.domain.editing import edits
from svi_studio.domain.editing.neighbours import keep_neighbours
from svi_studio.domain.film.family import FAMILIES, FamilyProfile
from svi_studio.domain.film.film_time import film_time, storyboard_time
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.value import with_fields
from svi_studio.project.export.excerpt import clips_of
from tests.builders.storyboards import film

ANCHOR = -1  # what the picture shows that a clip looks at, and no moment of the film

families = st.sampled_from(sorted(FAMILIES))
lengths = st.sampled_from([9, 13, 21, 81])


def take(profile: FamilyProfile, num_frames: int, before: list[int] | None, coming: int) -> list[int]:
    """The moments that a take shows: those before that its family hands on, then new ones from ``coming`` on.

    Without anything before it, its first frame is its picture, which is the first moment of its chain.
    """
    if before is None:
        return list(range(coming, coming + num_frames))
    if profile.hand_off == "frames":
        known = before[-profile.num_motion_frames :]
    else:  # the anchor's latent stands for one frame, each latent of the take before for four
        known = [ANCHOR, *before[-4 * profile.num_motion_frames :]]
    return [*known, *range(coming, coming + num_frames - len(known))]


def takes(board: Storyboard, profile: FamilyProfile, num_frames: int, video: list[int] | None) -> list[list[int]]:
    """The takes of all clips of ``board``, whose first one goes on from ``video``, where there is one."""
    made: list[list[int]] = []
    coming = 0 if video is None else video[-1] + 1
    for index, clip in enumerate(board.clips):
        before = (video if index == 0 else None) if index == 0 or clip.cut else made[-1]
        made.append(take(profile, num_frames, before, coming))
        coming = made[-1][-1] + 1
    return made


def shown(board: Storyboard, num_frames: int, made: list[list[int]]) -> list[int]:
    time = storyboard_time(board, num_frames)
    return [made[clip.index][frame] for clip in time.clips for frame in range(clip.first, clip.stop)]


@given(families, st.integers(2, 50), lengths, st.sampled_from([None, 9, 30]), st.data())
def test_every_moment_is_shown_once_and_in_order(
    name: str, count: int, num_frames: int, video: int | None, data: st.DataObject
) -> None:
    assume(num_frames > 2 * FAMILIES[name].known_frames or FAMILIES[name].join == "drop_head")
    board = film(count, name)
    for clip in board.clips[1:]:
        if data.draw(st.integers(0, 9)) == 0:
            board = edits.change_clip(board, clip.id, cut=True)
    before = None
    if video is not None:
        board, before = edits.change_clip(board, "c1", start_video="before.mp4"), list(range(video))
    made = takes(board, FAMILIES[name], num_frames, before)
    assert shown(board, num_frames, made) == list(range(video or 0, made[-1][-1] + 1))


def between(board: Storyboard, clip_id: str) -> Storyboard:
    """The clip is made again between its neighbours."""
    return keep_neighbours(board, clip_id, {clip.id: "c" * 64 for clip in board.clips}, "end.png", 9)


LED = -2  # what a clip shows that is made again: anything, but for its last moment
end_families = st.sampled_from(sorted(name for name, profile in FAMILIES.items() if profile.ends_on_picture))


@given(end_families, st.integers(3, 9), lengths, st.data())
def test_a_clip_that_is_led_to_the_next_one_meets_it_at_the_moment_that_both_know(
    name: str, count: int, num_frames: int, data: st.DataObject
) -> None:
    profile = FAMILIES[name]
    assume(num_frames > 2 * profile.known_frames or profile.join == "drop_head")
    board = film(count, name)
    place = data.draw(st.integers(1, count - 2))
    made = takes(board, profile, num_frames, None)
    new = [*made[place][: profile.known_frames], *[LED] * num_frames]
    made[place] = [*new[: num_frames - 1], made[place + 1][profile.known_frames - 1]]
    found = shown(between(board, f"c{place + 1}"), num_frames, made)
    last = made[place][-1]
    assert found[: last + 1][-2:] == [LED, last]
    assert found[last + 1 :] == list(range(last + 1, made[-1][-1] + 1))


@given(families, st.integers(3, 9), lengths)
def test_a_film_is_as_long_and_its_clips_follow_the_same_tracks_when_one_is_made_between(
    name: str, count: int, num_frames: int
) -> None:
    assume(num_frames > 2 * FAMILIES[name].known_frames and FAMILIES[name].ends_on_picture)
    before, after = (
        storyboard_time(each, num_frames) for each in (film(count, name), between(film(count, name), "c2"))
    )
    assert after.frames == before.frames
    assert [clip.start - clip.first for clip in after.clips] == [clip.start - clip.first for clip in before.clips]


def test_film_goes_over_to_the_kept_take_behind_its_known_frames() -> None:
    board = film(4)
    cuts = [(clip.first, clip.stop) for clip in storyboard_time(between(board, "c2"), 81).clips]
    assert cuts == [(0, 76), (0, 81), (5, 76), (0, 81)]
    assert [(clip.first, clip.stop) for clip in clips_of(between(board, "c2"), 81, None, (3, 4)).time.clips] == cuts[2:]
    cut = edits.change_clip(between(board, "c2"), "c3", cut=True)
    assert [clip.first for clip in storyboard_time(cut, 81).clips] == [0, 0, 0, 0]


def test_a_trimmed_clip_does_not_get_to_the_next_one() -> None:
    board = edits.change_clip(film(4), "c2", end=30)
    assert storyboard_time(between(board, "c2"), 81) == storyboard_time(board, 81)


@given(st.sampled_from(["pro", "talk"]), st.integers(2, 50), lengths)
def test_as_the_authors_join_them_one_moment_is_shown_twice(name: str, count: int, num_frames: int) -> None:
    board = edits.change_film(film(count, name), advance="authors")
    found = shown(board, num_frames, takes(board, FAMILIES[name], num_frames, None))
    assert sorted(set(found)) == list(range(found[-1] + 1))
    assert sum(two == one for one, two in pairwise(found)) == count - 1
    assert all(two - one in {0, 1} for one, two in pairwise(found))


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_a_part_of_a_film_shows_no_anchor_in_its_beginning(name: str) -> None:
    board = film(6, name)
    made = takes(board, FAMILIES[name], 21, None)
    time = clips_of(board, 21, None, (3, 5)).time
    found = [made[clip.index][frame] for clip in time.clips for frame in range(clip.first, clip.stop)]
    assert found == list(range(found[0], found[-1] + 1))


def test_pro_gives_up_the_anchor_and_the_four_frames_of_a_latent() -> None:
    time = storyboard_time(film(3, "pro"), 81)
    assert [(clip.first, clip.frames) for clip in time.clips] == [(0, 81), (5, 76), (5, 76)]
    assert time.fps == 16
    authors = storyboard_time(edits.change_film(film(3, "pro"), advance="authors"), 81)
    assert [(clip.first, clip.frames) for clip in authors.clips] == [(0, 81), (4, 77), (4, 77)]
    assert authors.fps == 15


def test_several_anchors_are_not_shown() -> None:
    """The picture is all four latents, thirteen frames, of which the film shows the last."""
    profile = with_fields(FAMILIES["pro"], {"num_anchors": 4})
    time = film_time([True, False], 81, profile, 16.0)
    assert [(clip.first, clip.stop) for clip in time.clips] == [(12, 81), (17, 81)]


def test_a_video_counts_only_where_a_chain_starts() -> None:
    board = Storyboard(family="pro", clips=(Clip(id="c1"), Clip(id="c2", start_video="v.mp4")))
    assert [clip.first for clip in storyboard_time(board, 21).clips] == [0, 5]
    assert [clip.first for clip in storyboard_time(edits.change_clip(board, "c2", cut=True), 21).clips] == [0, 5]
    board = edits.change_film(board, family="film")
    assert [clip.first for clip in storyboard_time(board, 21).clips] == [0, 0]
    assert [clip.first for clip in storyboard_time(edits.change_clip(board, "c2", cut=True), 21).clips] == [0, 5]
