"""How clips go along the film's tracks: by film time, or frame by frame as the authors' program does."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from svi_studio.domain.editing import edits
from svi_studio.domain.film.family import family as profile_of
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import InputKind, Piece, Track
from svi_studio.domain.render.input_windows import InputWindows
from tests.builders.storyboards import film
from tests.domain.short_edits import set_cut

KINDS = {"talk": InputKind.SOUND, "dance": InputKind.SKELETON}


def board_of(family: str, clips: int, length: int, advance: str = "authors") -> Storyboard:
    track = Track(kind=KINDS[family], pieces=(Piece(file="a", start=0, length=length),))
    return edits.change_film(film(clips, family), tracks=(track,), advance=advance)


def frames_under(board: Storyboard, clip: int, num_frames: int) -> dict[int, int]:
    """Of the file: which frame lies under each of the clip's."""
    found: dict[int, int] = {}
    for each in InputWindows(board, num_frames, None, {}).of(clip):
        found |= {each.at + number: each.first_frame + number for number in range(each.num_frames)}
    return found


def test_a_clip_hears_what_the_authors_count(golden_dir: Path) -> None:
    golden = load_file(golden_dir / "talk.safetensors")
    clips = [name for name in golden if name.startswith("index_first_clip")]
    assert clips
    for clip in range(len(clips)):
        later = golden[f"index_latter_clip{clip}"]
        heard = frames_under(board_of("talk", len(clips), 300), clip, 4 * len(later) + 1)
        assert [heard[at] for at in range(-2, 3)] == golden[f"index_first_clip{clip}"][0].tolist()
        windows = [[heard[first + at] for at in range(-2, 6)] for first in range(1, 4 * len(later), 4)]
        assert windows == later.tolist()


def test_a_clip_sees_the_skeletons_that_the_authors_count(golden_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    golden = load_file(golden_dir / "dance.safetensors")
    tables = {name: each for name, each in golden.items() if name.startswith("pose_index_L")}
    assert tables
    for name, table in tables.items():
        length, motion = (int(number) for number in name.removeprefix("pose_index_L").split("_m"))
        profile = profile_of("dance").model_copy(update={"num_motion_frames": motion})
        monkeypatch.setattr(Storyboard, "profile_to_show", profile)
        for clip, expected in enumerate(table):
            seen = frames_under(board_of("dance", len(table), length), clip, len(expected))
            assert [seen[at] for at in range(len(expected))] == expected.tolist(), (name, clip)


@pytest.mark.parametrize("family", KINDS)
def test_by_film_time_the_shown_frames_follow_each_other(family: str) -> None:
    """The 50th clip is as right as the first: what is shown at a frame follows that frame of the track."""
    board = board_of(family, 50, 5000, "film")
    under = [frames_under(board, clip, 81) for clip in range(50)]
    shown = [frame for frames in under[:-1] for frame in (frames[at] for at in range(80))]
    assert shown == list(range(49 * 80))
    assert under[49][80] == 50 * 80


def test_a_join_of_theirs_falls_behind_by_a_frame_each_time() -> None:
    board = board_of("talk", 50, 9000)
    assert frames_under(board, 49, 81)[0] == 49 * 81 - 1
    assert [frames_under(board, clip, 81)[80] for clip in range(3)] == [80, 160, 241]


def test_a_cut_counts_from_its_own_place_in_the_film() -> None:
    board = set_cut(board_of("dance", 4, 5000), "c3", True)
    starts = [frames_under(board, clip, 81)[0] for clip in range(4)]
    assert starts == [0, 80, 161, 241]


def test_two_motion_frames_are_the_last_two_of_the_clip_before(monkeypatch: pytest.MonkeyPatch) -> None:
    two = board_of("dance", 4, 5000).profile_to_show.model_copy(update={"num_motion_frames": 2})
    monkeypatch.setattr(Storyboard, "profile_to_show", two)
    clips = [frames_under(board_of("dance", 4, 5000), clip, 21) for clip in range(4)]
    for before, after in pairwise(clips):
        assert [after[0], after[1]] == [before[19], before[20]]
    assert np.unique([frame for clip in clips for frame in clip.values()]).tolist() == list(range(77))
