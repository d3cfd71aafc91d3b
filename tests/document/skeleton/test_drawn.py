"""A rendered video of a skeleton under the film: all of it is known, its pictures keep to their room, it is looped."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.skeleton import shelf
from svi_studio.document.skeleton.drawn_pictures import DrawnPictures
from svi_studio.document.skeleton.pose import Pose
from svi_studio.document.skeleton.wording import ends_early, facts_of
from svi_studio.domain.film.track import InputKind
from svi_studio.media.poses.drawing import draw_skeleton
from tests.builders.dances import SKELETON, dance
from tests.builders.drawn_videos import drawn_video, uneven_video, with_sound
from tests.document.skeleton.test_import import lay


def plain(level: int) -> QImage:
    picture = QImage(32, 24, QImage.Format.Format_RGB888)
    picture.fill(QColor(level, level, level))
    return picture


def level(picture: QImage) -> int:
    return picture.pixelColor(5, 5).red()


def shown(pose: Pose | None) -> QImage:
    assert pose is not None and pose.picture is not None
    return pose.picture


def test_pictures_are_thinned_evenly_until_they_have_room() -> None:
    one = DrawnPictures()
    one.add(0, plain(0))
    room = 12 * one.num_bytes
    pictures = DrawnPictures(room)
    for number in range(100):
        pictures.add(2 * number, plain(2 * number))
        assert pictures.num_bytes <= room
    kept = [number for number in range(0, 200, 2) if abs(level(pictures.picture(number)) - number) <= 1]
    assert len(kept) > 3 and kept[0] == 0
    assert len({after - before for before, after in pairwise(kept)}) == 1
    assert abs(level(pictures.picture(kept[1] + 1)) - kept[1]) <= 2


def test_one_picture_is_always_left() -> None:
    pictures = DrawnPictures(1)
    for number in range(9):
        pictures.add(number, plain(number))
    assert level(pictures.picture(8)) <= 2 and not pictures.thin()


def test_a_long_video_is_known_to_its_end(qtbot: QtBot, film: OpenFilm, tmp_path: Path) -> None:
    frames = draw_skeleton(dance(31))
    lay(qtbot, film, drawn_video(tmp_path / "slow.mkv", frames, fps=0.1), 0)
    (piece,), known = film.skeleton.pieces, film.skeleton.shelved(0)
    assert known is not None and known.film_frames == piece.length == 31 * 120
    assert not ends_early(piece, known) and facts_of(known).startswith("3,720 film frames")
    assert shown(film.skeleton.pose_at(3719)) == shown(film.skeleton.pose_at(3600))
    assert shown(film.skeleton.pose_at(3599)) != shown(film.skeleton.pose_at(3600))


def test_all_videos_of_a_film_share_the_room(
    qtbot: QtBot, film: OpenFilm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(qtbot, film, drawn_video(tmp_path / "one.mkv"), 0)
    known = film.skeleton.shelved(0)
    assert known is not None and known.pictures is not None
    monkeypatch.setattr(shelf, "MOST_BYTES", known.pictures.num_bytes)
    lay(qtbot, film, drawn_video(tmp_path / "two.mkv", draw_skeleton(dance(22))), 30)
    qtbot.waitUntil(lambda: film.skeleton.shelved(1) is not None)
    both = [each.pictures for each in map(film.skeleton.shelved, (0, 1)) if each is not None]
    assert sum(each.num_bytes for each in both if each is not None) <= shelf.MOST_BYTES
    assert shown(film.skeleton.pose_at(51)) is not None


def test_uneven_times_are_seen_as_the_model_sees_them(qtbot: QtBot, film: OpenFilm, tmp_path: Path) -> None:
    frames = draw_skeleton(dance(24))
    even = drawn_video(tmp_path / "even.mkv", frames)
    lay(qtbot, film, uneven_video(tmp_path / "uneven.mkv", even, (0, 1, 2, 12, 18, 23)), 0)
    assert film.skeleton.pieces[0].length == 24
    assert shown(film.skeleton.pose_at(11)) == shown(film.skeleton.pose_at(2))
    assert shown(film.skeleton.pose_at(12)) != shown(film.skeleton.pose_at(11))


def test_a_video_with_a_longer_sound_is_as_long_as_its_pictures(qtbot: QtBot, film: OpenFilm, tmp_path: Path) -> None:
    lay(qtbot, film, with_sound(tmp_path / "sounding.mkv", drawn_video(tmp_path / "drawn.mkv"), 4.0), 0)
    assert film.skeleton.pieces[0].length == 24
    assert not ends_early(film.skeleton.pieces[0], film.skeleton.shelved(0))


def test_a_video_is_looped_and_held_as_any_dance(qtbot: QtBot, film: OpenFilm, tmp_path: Path) -> None:
    frames = np.concatenate([draw_skeleton(dance(12)), draw_skeleton(dance(12))[::-1]])
    lay(qtbot, film, drawn_video(tmp_path / "drawn.mkv", frames), 0)
    changes = film.skeleton_changes
    assert changes.can_lengthen(0, loop=True) and changes.can_lengthen(0, loop=False)
    changes.loop(0)
    assert film.skeleton.pieces[0].stop == film.playhead.time.frames
    assert shown(film.skeleton.pose_at(24 + 4)) == shown(film.skeleton.pose_at(4)) != shown(film.skeleton.pose_at(23))
    changes.hold(0)
    assert shown(film.skeleton.pose_at(28)) == shown(film.skeleton.pose_at(23))
    film.commands.tracks.split(SKELETON, 40)
    assert shown(film.skeleton.pose_at(50)) == shown(film.skeleton.pose_at(23))


def test_a_dance_that_ends_before_its_piece_can_be_looped_where_the_film_has_no_room(
    qtbot: QtBot, film: OpenFilm, tmp_path: Path
) -> None:
    lay(qtbot, film, drawn_video(tmp_path / "drawn.mkv"), 0)
    film.commands.tracks.trim(InputKind.SKELETON, 0, 0, film.playhead.time.frames)
    assert ends_early(film.skeleton.pieces[0], film.skeleton.shelved(0))
    film.skeleton_changes.loop(0)
    assert not ends_early(film.skeleton.pieces[0], film.skeleton.shelved(0))
    assert film.skeleton.pieces[0].plays_to == 24
