import pytest

from svi_studio.domain.editing.continuation import continue_from_end, continue_from_frame
from svi_studio.domain.editing.credit_edits import credits_to_show
from svi_studio.domain.editing.edits import change_clip
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.film_time import storyboard_time
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.pictures.credit import Credit
from svi_studio.project.export.excerpt import clips_of, frames_of
from tests.builders.storyboards import film, plan_of
from tests.domain.short_edits import set_lock


def test_the_clip_ends_at_the_frame_and_the_new_one_goes_on_from_there() -> None:
    after = continue_from_frame(film(3), "c2", 20, "media/frame.png")
    time = storyboard_time(after, 81)
    assert [(clip.first, clip.stop) for clip in time.clips] == [(0, 76), (0, 20), (0, 76), (0, 81)]
    assert after.clips[2].cut
    assert after.clips[2].image == "media/frame.png"
    assert not after.clips[3].cut


def test_a_film_seen_part_by_part_is_trimmed_in_the_same_places() -> None:
    after = continue_from_frame(film(3), "c2", 20, "media/frame.png")
    whole = storyboard_time(after, 81)
    assert clips_of(after, 81, None).time == whole
    assert [(clip.first, clip.stop) for clip in clips_of(after, 81, None, (2, 3)).time.clips] == [(0, 20), (0, 81)]
    assert [(clip.index, clip.frames) for clip in frames_of(after, 81, None, (70, 99)).time.clips] == [
        (0, 6),
        (1, 20),
        (2, 4),
    ]


@pytest.mark.parametrize(("frame", "shown"), [(0, 1), (1, 1), (80, 80), (500, 81)])
def test_a_clip_shows_one_frame_at_least_and_never_more_than_it_has(frame: int, shown: int) -> None:
    after = continue_from_frame(film(1), "c1", frame, "media/frame.png")
    assert storyboard_time(after, 81).clips[0].frames == shown


def test_a_trim_makes_no_take_stale() -> None:
    before = film(3)
    hashes = [job.take_hash for job in plan_of(before).jobs]
    for clip_id, end in (("c1", 1), ("c2", 40), ("c3", 5)):
        before = change_clip(before, clip_id, end=end)
    assert [job.take_hash for job in plan_of(before).jobs] == hashes


def test_a_kept_take_stays_kept_under_a_trim() -> None:
    kept = change_clip(film(2), "c1", take="a" * 64)
    assert change_clip(kept, "c1", end=9).clips[0].take == "a" * 64


def test_a_film_without_trims_is_written_as_ever() -> None:
    assert "end" not in film(2).model_dump(mode="json")["clips"][0]
    trimmed = change_clip(film(2), "c2", end=9)
    assert [clip.get("end") for clip in trimmed.model_dump(mode="json")["clips"]] == [None, 9]
    assert Storyboard.model_validate_json(trimmed.model_dump_json()) == trimmed


def test_going_on_from_the_end_takes_a_trim_off() -> None:
    after = continue_from_end(change_clip(film(1), "c1", end=9), "c1")
    assert [clip.end for clip in after.clips] == [None, None]
    assert not after.clips[1].cut


def test_a_locked_clip_is_not_shortened() -> None:
    with pytest.raises(BadInput, match="locked"):
        continue_from_frame(set_lock(film(2), "c1", True), "c1", 20, "media/frame.png")


def test_the_new_clip_has_the_credits_of_the_picture_it_comes_from() -> None:
    board = Storyboard(
        clips=(Clip(id="c1", prompt="a ball rolls"),),
        reference_image="dog.png",
        credits=(Credit(picture="dog.png", author="Ann", licence="CC BY 4.0"),),
    )
    after = continue_from_frame(board, "c1", 20, "media/frame.png")
    assert [credit.author for credit in credits_to_show(after, (1,))] == ["Ann"]
