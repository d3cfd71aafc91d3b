"""A share of the clips is held out: by a hash of what they are, whole videos together, and for good."""

import pytest

from svi_studio.domain.errors import BadProject
from svi_studio.domain.training.footage import FootageClip
from svi_studio.domain.training.held_out import HeldOut, choose_held_out, read_held_out
from tests.domain.test_footage import clip


def video(name: str, clips: int) -> list[FootageClip]:
    return [clip(f"{name}{k}", fingerprint=f"{ord(name):064x}", start=float(k)) for k in range(clips)]


def videos(count: int, clips: int) -> list[FootageClip]:
    return [each for k in range(count) for each in video(chr(ord("a") + k), clips)]


def test_a_tenth_is_held_out_and_nothing_is_lost() -> None:
    clips = videos(20, 2)
    chosen = choose_held_out(clips, 0.1)
    assert len(chosen.held_out) == 4
    assert sorted((*chosen.held_out, *chosen.trained)) == sorted(each.id for each in clips)


def test_nothing_is_held_out_of_an_old_recipe() -> None:
    assert choose_held_out(videos(20, 2), 0.0).held_out == ()


@pytest.mark.parametrize(("clips", "held"), [(1, 0), (9, 0), (10, 3), (19, 3), (30, 3), (40, 4)])
def test_ten_clips_are_enough_to_hold_out_as_many_as_a_verdict_needs(clips: int, held: int) -> None:
    assert len(choose_held_out(video("a", clips), 0.1).held_out) == held


def test_whole_videos_are_held_out_where_there_are_several() -> None:
    clips = videos(12, 5)
    held = set(choose_held_out(clips, 0.1).held_out)
    whole = [{each.id for each in video(chr(ord("a") + k), 5)} for k in range(12)]
    assert held
    assert all(one <= held or not one & held for one in whole)


def test_of_long_videos_neighbours_are_held_out_so_that_few_others_are_like_them() -> None:
    held = choose_held_out([*video("a", 40), *video("b", 40)], 0.1).held_out
    places = sorted(int(each[1:]) for each in held)
    assert len({each[0] for each in held}) == 1
    assert places == list(range(places[0], places[0] + 8))


def test_the_choice_depends_on_no_order() -> None:
    clips = videos(15, 3)
    assert set(choose_held_out(clips, 0.2).held_out) == set(choose_held_out(clips[::-1], 0.2).held_out)


def test_more_footage_moves_no_clip_to_the_other_side() -> None:
    before = choose_held_out(videos(10, 3), 0.1)
    after = choose_held_out(videos(26, 3), 0.1, before)
    assert set(before.held_out) <= set(after.held_out)
    assert set(before.trained) <= set(after.trained)
    assert not set(after.held_out) & set(after.trained)
    assert len(after.held_out) > len(before.held_out)


def test_a_clip_that_comes_back_goes_where_its_video_is() -> None:
    clips = videos(12, 5)
    before = choose_held_out(clips, 0.1)
    video_held = before.held_out[0][0]
    fewer = HeldOut(held_out=before.held_out[1:], trained=before.trained[1:])
    after = choose_held_out(clips, 0.1, fewer)
    assert before.held_out[0] in after.held_out
    assert all(each[0] != video_held for each in after.trained)


def test_one_clip_is_always_left_to_learn_from() -> None:
    assert choose_held_out(video("a", 1), 0.5).trained == ("a0",)


def test_a_damaged_choice_is_one_sentence() -> None:
    with pytest.raises(BadProject, match=r"bring held_out\.json back"):
        read_held_out(b"{")
