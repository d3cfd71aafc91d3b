"""Tracks and what clips are made from of them: windows in film time, and exactly the takes that they make stale."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from svi_studio.domain.editing import edits
from svi_studio.domain.editing.film_files import named_files, relinked
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film import family
from svi_studio.domain.film.conditioning import CONDITIONINGS
from svi_studio.domain.film.film_time import storyboard_time
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.film.track import InputKind, Piece, Track
from svi_studio.domain.render.plan import plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner
from svi_studio.domain.render.request import RenderRequest
from svi_studio.domain.render.request_update import asks_for_the_same
from svi_studio.domain.takes.job import ClipInput, ClipJob
from svi_studio.domain.takes.take_difference import Differs, differences
from svi_studio.domain.takes.take_hash import take_hash
from svi_studio.domain.value import first_problem
from tests.builders.storyboards import MINI, film, tracks

SOUNDS = {"a.wav": "4" * 64, "media/b.flac": "5" * 64}
CARD = MINI.model_copy(update={"inputs": tuple(InputKind)})
FACTS = FilmFacts(CARD, "a" * 64, {}, {"a.png": "1" * 64, **SOUNDS}, (80, 48))
Heard = tuple[str, int] | None


@pytest.fixture(autouse=True, scope="module")
def _an_engine_that_reads_everything() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(family, "CONDITIONINGS", dict.fromkeys(CONDITIONINGS, frozenset(InputKind)))
        yield


def sound(start: int, length: int, offset: int = 0, file: str = "a.wav", gain: float = 1.0) -> Piece:
    return Piece(file=file, start=start, length=length, offset=offset, gain=gain)


def with_sound(board: Storyboard, *pieces: Piece) -> Storyboard:
    return edits.change_film(board, tracks=(Track(kind=InputKind.SOUND, pieces=pieces),))


def talk(count: int, *pieces: Piece) -> Storyboard:
    """A film of clips of 21 frames, of which the film shows 20, and of the last one all."""
    return with_sound(film(count, "talk"), *pieces)


def under_everything(board: Storyboard) -> Storyboard:
    """The film with a sound and a skeleton under all of it where it has none, so that all of it can be rendered."""
    whole = {kind: Track(kind=kind, pieces=(sound(0, 10_000),)) for kind in InputKind}
    whole |= {track.kind: track for track in board.tracks}
    return edits.change_film(board, tracks=tuple(whole.values()))


def jobs(board: Storyboard) -> tuple[ClipJob, ...]:
    return plan_film(FilmPlanner(board, FACTS)).jobs


def hashes(board: Storyboard) -> list[str]:
    return [job.take_hash for job in jobs(board)]


def windows(board: Storyboard) -> list[list[tuple[int, int, int]]]:
    """Of each clip: where in it, from which frame of the file, how many frames."""
    return [[(each.at, each.first_frame, each.num_frames) for each in job.inputs] for job in jobs(board)]


def heard(board: Storyboard) -> dict[int, Heard]:
    """What is heard at each frame of the film, worked out frame by frame."""
    found: dict[int, Heard] = {}
    for piece in board.tracks[0].pieces:
        for number in range(piece.length):
            found[piece.start + number] = (SOUNDS[piece.file], piece.offset + number)
    return found


def heard_by(job: ClipJob | None) -> list[Heard]:
    """What the model hears at each frame of a clip, two before it and two behind it among them."""
    found: dict[int, Heard] = dict.fromkeys(range(-2, 23))
    for each in () if job is None else job.inputs:
        for number in range(each.num_frames):
            assert each.at + number in found
            found[each.at + number] = (each.sha256, each.first_frame + number)
    return list(found.values())


def each_alone(board: Storyboard) -> list[ClipJob | None]:
    """The job of each clip, as if it followed one and the same take; None where nothing lies under it."""
    planner, before = FilmPlanner(board, FACTS), jobs(film(1))[0]
    return [None if planner.refusal(k) else planner.job(k, before) for k in range(len(board.clips))]


def cut_everywhere(count: int, name: str = "talk") -> Storyboard:
    cards = [clip.model_copy(update={"cut": True}) for clip in film(count, name).clips]
    return film(count, name).model_copy(update={"clips": tuple(cards)})


@given(tracks(), st.lists(st.tuples(st.booleans(), st.none() | st.integers(1, 21)), min_size=1, max_size=6))
def test_a_clip_hears_what_lies_under_its_frames(track: Track, shapes: list[tuple[bool, int | None]]) -> None:
    cards = [Clip(id=f"c{k}", prompt="x", cut=cut, end=end) for k, (cut, end) in enumerate(shapes)]
    board = with_sound(Storyboard(family="talk", reference_image="a.png", clips=tuple(cards)), *track.pieces)
    film_frames = heard(board)
    for clip, job in zip(storyboard_time(board, 21).clips, each_alone(board), strict=True):
        if track.pieces:
            assert heard_by(job) == [film_frames.get(max(0, clip.start + number)) for number in range(-2, 23)]


def test_where_clips_overlap_both_hear_the_same_frames() -> None:
    board = edits.change_film(film(3, "dance"), tracks=(Track(kind=InputKind.SKELETON, pieces=(sound(0, 999),)),))
    assert windows(board) == [[(0, 0, 21)], [(0, 20, 21)], [(0, 40, 21)]]


def test_a_sound_that_begins_and_ends_in_a_clip_lies_where_it_is_heard() -> None:
    assert windows(talk(2, sound(5, 10, offset=3), sound(30, 2))) == [[(5, 3, 10)], [(10, 0, 2)]]


def test_a_split_sound_is_the_sound() -> None:
    whole, split = talk(3, sound(0, 99)), talk(3, sound(0, 30), sound(30, 69, offset=30))
    assert jobs(split) == jobs(whole)


@given(tracks(), tracks())
def test_exactly_the_clips_whose_window_changed_are_other_takes(one: Track, two: Track) -> None:
    assume(one.pieces and two.pieces)  # a Talk film without any sound is refused
    pairs = list(zip(*(each_alone(with_sound(film(6, "talk"), *track.pieces)) for track in (one, two)), strict=True))
    same_takes = [(a and a.take_hash) == (b and b.take_hash) for a, b in pairs]
    assert same_takes == [heard_by(a) == heard_by(b) for a, b in pairs]


@pytest.mark.parametrize(
    ("changed", "stale"),
    [
        (sound(60, 8, 1), [False, False, True, True]),
        (sound(61, 8), [False, False, True, True]),
        (sound(60, 9), [False, False, False, True]),
        (sound(60, 8, gain=0.5), [False, False, False, False]),
        (sound(60, 8, file="media/b.flac"), [False, False, True, True]),
        (sound(60, 8), [False, False, False, False]),
    ],
    ids=["offset", "moved", "trimmed", "quieter", "other file", "as it was"],
)
def test_a_changed_piece_changes_the_clips_that_it_touches(changed: Piece, stale: list[bool]) -> None:
    before, behind = sound(0, 50), sound(70, 99)
    board = cut_everywhere(4)
    pairs = zip(*(hashes(with_sound(board, before, piece, behind)) for piece in (sound(60, 8), changed)), strict=True)
    assert [old != new for old, new in pairs] == stale


def test_what_follows_from_a_changed_clip_is_another_take_too() -> None:
    old, new = (hashes(talk(3, sound(0, 30), sound(30, 12, offset), sound(42, 99))) for offset in (0, 1))
    assert [a == b for a, b in zip(old, new, strict=True)] == [True, False, False]


def test_a_trimmed_clip_moves_those_behind_it_along_the_sound() -> None:
    board = talk(3, sound(0, 99))
    first = [(-2, 0, 1), (-1, 0, 1), (0, 0, 23)]
    assert windows(board) == [first, [(-2, 18, 25)], [(-2, 38, 25)]]
    assert windows(edits.change_clip(board, "c1", end=11)) == [first, [(-2, 9, 25)], [(-2, 29, 25)]]


@pytest.mark.parametrize("name", ["shot", "film"])
def test_a_sound_under_a_film_that_needs_none_makes_nothing_stale(name: str) -> None:
    assert jobs(with_sound(film(3, name), sound(0, 99, file="not there.wav"))) == jobs(film(3, name))


def test_another_pace_of_the_film_is_another_part_of_the_sound() -> None:
    slow = FilmFacts(CARD.model_copy(update={"fps": 12.5}), "a" * 64, {}, FACTS.media_hashes, (80, 48))
    board = talk(1, sound(0, 99))
    (job,) = plan_film(FilmPlanner(board, slow)).jobs
    assert (job.inputs[0].fps, jobs(board)[0].inputs[0].fps) == (12.5, 25.0)
    assert job.take_hash != hashes(board)[0]


def test_a_renamed_file_makes_nothing_stale() -> None:
    facts = FilmFacts(CARD, "a" * 64, {}, {"a.png": "1" * 64, "c.wav": SOUNDS["a.wav"]}, (80, 48))
    board = talk(2, sound(0, 99))
    moved = relinked(board, {"a.wav": "c.wav"})
    assert [job.take_hash for job in plan_film(FilmPlanner(moved, facts)).jobs] == hashes(board)
    assert named_files(moved) == ("a.png", "c.wav")


@given(tracks(), tracks(InputKind.SKELETON), st.sampled_from(["talk", "dance"]))
def test_the_hash_for_many_clips_is_the_hash_of_each(one: Track, two: Track, name: str) -> None:
    board = under_everything(edits.change_film(film(5, name), tracks=(one, two)))
    for job in filter(None, each_alone(board)):
        assert job.take_hash == take_hash(job)
        assert ClipJob.model_validate_json(job.model_dump_json()) == job


def test_a_gain_at_its_default_is_not_hashed() -> None:
    (job,) = jobs(talk(1, sound(0, 99)))
    *others, plain = job.inputs
    louder = job.model_copy(update={"inputs": (*others, plain.model_copy(update={"gain": 2.0}))})
    assert take_hash(louder) != job.take_hash
    assert "gain" not in plain.model_dump(exclude_defaults=True)


def test_a_job_without_inputs_is_written_as_ever() -> None:
    assert "inputs" not in jobs(film(1))[0].model_dump()
    assert "tracks" not in film(1).model_dump()


def dance(count: int, *pieces: Piece) -> Storyboard:
    return edits.change_film(film(count, "dance"), tracks=(Track(kind=InputKind.SKELETON, pieces=pieces),))


def test_a_clip_with_no_skeleton_under_it_is_named() -> None:
    planner = FilmPlanner(dance(3, sound(0, 30)), FACTS)
    assert [planner.refusal(index) is None for index in range(3)] == [True, True, False]
    assert planner.refusal(2) == "Clip 3 has no skeleton under it: lay one there or choose another family."
    with pytest.raises(BadInput, match="Clip 3 has no skeleton"):
        jobs(dance(3, sound(0, 30)))


def test_a_clip_that_begins_in_a_gap_begins_with_the_pose_before_it() -> None:
    assert windows(dance(2, sound(0, 10), sound(25, 30, offset=3))) == [[(0, 0, 10)], [(0, 9, 1), (5, 3, 16)]]
    assert windows(dance(1, sound(5, 30))) == [[(5, 0, 16)]]


def test_where_the_sound_is_over_a_clip_is_silent() -> None:
    assert windows(talk(3, sound(0, 30)))[1:] == [[(-2, 18, 12)], []]
    with pytest.raises(BadInput, match="Clip 1 has no sound"):
        jobs(talk(3))


def test_a_skeleton_that_ends_under_a_clip_is_named_before_the_render() -> None:
    facts = replace(FACTS, media_seconds={"a.wav": 1.2})
    assert FilmPlanner(dance(2, sound(0, 30)), facts).refusal(0) is None
    longer = replace(FACTS, media_seconds={"a.wav": 37 / 30})  # 30.8 frames, of which 31 are made
    assert FilmPlanner(dance(2, sound(0, 31)), longer).refusal(1) is None
    assert FilmPlanner(dance(2, sound(0, 31)), facts).refusal(1) is None  # its last pose stands for a moment
    assert FilmPlanner(dance(2, sound(0, 32)), facts).refusal(1) == (
        "The skeleton 'a.wav' has 30 frames at the film's 25 a second, and clip 2 asks for frame 32: "
        "shorten its piece, or loop it."
    )


def test_a_track_of_another_frame_rate_lies_at_the_same_seconds() -> None:
    slower = Track(kind=InputKind.SOUND, pieces=(sound(10, 20, offset=4),), fps=12.5)
    as_laid = Track(kind=InputKind.SOUND, pieces=(sound(20, 40, offset=8),))
    assert jobs(edits.change_film(film(3, "talk"), tracks=(slower,))) == jobs(
        edits.change_film(film(3, "talk"), tracks=(as_laid,))
    )


@pytest.mark.parametrize("pieces", [[sound(0, 99, gain=0.5)], [sound(0, 30), sound(30, 69, offset=30, gain=2.0)]])
def test_what_is_for_the_ears_makes_nothing_stale(pieces: list[Piece]) -> None:
    muted = Track(
        kind=InputKind.SOUND, pieces=(sound(0, 99).model_copy(update={"fade_in": 5, "fade_out": 9}),), muted=True
    )
    assert jobs(edits.change_film(film(3, "talk"), tracks=(muted,))) == jobs(talk(3, sound(0, 99)))
    assert jobs(talk(3, *pieces)) == jobs(talk(3, sound(0, 99)))


def test_how_strongly_sound_counts_is_hashed_only_where_it_is_not_as_usual() -> None:
    board = talk(2, sound(0, 99))
    for strong in (
        edits.change_film(board, audio_guidance_scale=3.0),
        edits.change_clip(board, "c1", audio_guidance_scale=3.0),
    ):
        assert jobs(strong)[0].audio_guidance_scale == 3.0
        assert hashes(strong)[0] != hashes(board)[0]
    assert hashes(edits.change_film(board, audio_guidance_scale=5.0)) == hashes(board)
    assert "audio_guidance_scale" not in jobs(board)[0].model_dump()
    assert jobs(edits.change_film(film(1), audio_guidance_scale=3.0)) == jobs(film(1))


def test_what_the_model_follows_its_inputs_by_decides_only_their_families() -> None:
    facts = replace(FACTS, networks={InputKind.SOUND: "7" * 64})
    heard_with = plan_film(FilmPlanner(talk(1, sound(0, 99)), facts)).jobs
    assert heard_with[0].networks == ("7" * 64,)
    assert heard_with[0].take_hash != hashes(talk(1, sound(0, 99)))[0]
    assert plan_film(FilmPlanner(film(2), facts)).jobs == jobs(film(2))


def test_a_lora_that_brings_a_pose_encoder_makes_a_model_follow_skeletons() -> None:
    facts = FilmFacts(MINI, "a" * 64, {}, FACTS.media_hashes, (80, 48), lora_inputs=frozenset({InputKind.SKELETON}))
    assert FilmPlanner(dance(1, sound(0, 30)), facts).problem is None


def test_a_film_with_no_track_says_so_of_its_first_clip() -> None:
    with pytest.raises(BadInput, match="Clip 1 has no skeleton"):
        jobs(film(1, "dance"))


@pytest.mark.parametrize(
    ("file", "name", "called"),
    [
        ("gone.wav", "Speech", "gone.wav"),
        (f"media/{'9' * 64}.wav", "My  speech", "My speech"),
        (f"media/{'9' * 64}.wav", "", "media/99999999….wav"),
    ],
)
def test_a_sound_that_is_not_read_is_named_where_it_is_heard(file: str, name: str, called: str) -> None:
    board = talk(2, sound(0, 30), Piece(file=file, start=30, length=21, name=name))
    assert FilmPlanner(board, FACTS).refusal(0) is None
    assert FilmPlanner(board, FACTS).refusal(1) == f"The sound '{called}' is not read yet: wait a moment."
    broken = replace(FACTS, media_problems={file: "It is broken."})
    assert FilmPlanner(board, broken).refusal(1) == "It is broken."


def test_a_kept_take_needs_no_sound() -> None:
    board = edits.change_clip(talk(2, sound(0, 21)), "c2", take="c" * 64)
    planner = FilmPlanner(board, FACTS, {"c" * 64}.__contains__)
    assert planner.refusal(1) is None
    assert planner.job(1, planner.job(0, None)).kept


def test_a_model_that_follows_no_sound_is_refused() -> None:
    facts = FilmFacts(MINI, "a" * 64, {}, FACTS.media_hashes, (80, 48))
    problem = FilmPlanner(talk(1, sound(0, 99)), facts).problem
    assert problem == (
        "Talk needs a model that follows a sound, and 'svi-mini' follows none: choose another model or another family."
    )


@pytest.mark.parametrize(
    ("pieces", "sentence"),
    [
        ([sound(0, 10), sound(9, 10)], "none over another"),
        ([sound(20, 10), sound(0, 10)], "stand in order"),
        ([sound(0, 10)] * 10_001, "at most 10,000"),
    ],
)
def test_a_track_that_cannot_be_is_refused_in_a_sentence(pieces: list[Piece], sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Track(kind=InputKind.SOUND, pieces=tuple(pieces))
    assert sentence in first_problem(refused.value)


@pytest.mark.parametrize(
    "field",
    [{"file": "../a.wav"}, {"start": -1}, {"length": 0}, {"offset": 2**40}, {"gain": -1.0}, {"gain": float("nan")}],
    ids=str,
)
def test_a_piece_out_of_bounds_is_refused(field: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Piece(**({"file": "a.wav", "start": 0, "length": 1} | field))


def test_only_a_sound_has_a_gain() -> None:
    with pytest.raises(ValidationError, match="only a sound has a gain"):
        Track(kind=InputKind.SKELETON, pieces=(sound(0, 1, gain=0.5),))


def test_two_tracks_of_a_kind_are_refused() -> None:
    with pytest.raises(BadInput, match="two tracks are of the same kind"):
        edits.change_film(film(1), tracks=(Track(kind=InputKind.SOUND),) * 2)


def test_a_take_of_another_window_says_that_another_part_lay_under_it() -> None:
    old, new = (jobs(talk(1, sound(0, 99, offset)))[0] for offset in (0, 5))
    assert [each.kind for each in differences(old, new)] == [Differs.INPUTS]
    renamed = old.model_copy(update={"inputs": tuple(each.model_copy(update={"file": "x.wav"}) for each in old.inputs)})
    assert differences(old, renamed) == ()


def test_a_request_is_another_one_when_its_sound_moved() -> None:
    board = cut_everywhere(4)
    asked = RenderRequest(id="r", storyboard=with_sound(board, sound(0, 99)), first=2, last=2)
    assert asks_for_the_same(asked, with_sound(edits.change_clip(board, "c4", prompt="y"), sound(0, 99)))
    assert not asks_for_the_same(asked, with_sound(board, sound(1, 99)))
    assert not asks_for_the_same(asked, with_sound(edits.change_clip(board, "c1", end=5), sound(0, 99)))


def test_an_input_keeps_to_its_bounds() -> None:
    with pytest.raises(ValidationError):
        ClipInput(kind=InputKind.SOUND, file="a.wav", sha256="4" * 64, first_frame=-1, num_frames=1, at=0, fps=25.0)
