"""Which pose lies under a film frame, where the model sees it, and what of a dance wants a look."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.preferences import Preferences
from svi_studio.document.preview.next_step import next_step
from svi_studio.document.preview.onion_skin import OnionSkin
from svi_studio.document.skeleton.wording import ends_early, spots_of
from svi_studio.domain.poses.film_place import canvas_point, film_place
from svi_studio.domain.poses.joints import Joint
from tests.builders.dances import SKELETON, dance, dance_file
from tests.document.skeleton.test_import import lay


def test_a_frame_shows_the_pose_that_its_piece_plays_there(qtbot: QtBot, film: OpenFilm, tmp_path: Path) -> None:
    skeleton = dance(24)
    lay(qtbot, film, dance_file(tmp_path, skeleton), 10)
    film.commands.tracks.trim(SKELETON, 0, 14, 30)  # begins four frames into its file now
    pose = film.skeleton.pose_at(20)
    assert pose is not None and pose.body[Joint.RIGHT_WRIST] == pytest.approx(skeleton.body[10, 4, :2], abs=0.02)
    assert film.skeleton.pose_at(13) is None and film.skeleton.pose_at(30) is None


def test_a_skeleton_follows_the_film_to_another_frame_rate(qtbot: QtBot, film: OpenFilm, tmp_path: Path) -> None:
    lay(qtbot, film, dance_file(tmp_path, dance(24)), 0)
    qtbot.waitUntil(lambda: not film.states.is_reading)  # which brings back the frame rate of the film's own model
    film.playhead.set_model(21, 24.0)
    qtbot.waitUntil(lambda: (known := film.skeleton.shelved(0)) is not None and known.film_frames == 48)


def test_gaps_and_who_was_found_again_want_a_look_where_the_film_shows_them(
    qtbot: QtBot, film: OpenFilm, tmp_path: Path
) -> None:
    lay(qtbot, film, dance_file(tmp_path, dance(30, gaps=((5, 9), (20, 26)))), 10)
    film.commands.tracks.trim(SKELETON, 0, 17, 40)
    spots = spots_of(film.skeleton.pieces[0], film.skeleton.shelved(0), 12)
    assert [spot.frame for spot in spots] == [17, 19, 30, 36]
    assert "6 frames" in spots[2].words


def test_a_piece_that_is_longer_than_its_file_is_known(qtbot: QtBot, film: OpenFilm, tmp_path: Path) -> None:
    lay(qtbot, film, dance_file(tmp_path, dance(10)), 0)
    known = film.skeleton.shelved(0)
    assert not ends_early(film.skeleton.pieces[0], known)
    film.commands.tracks.trim(SKELETON, 0, 0, 40)
    assert ends_early(film.skeleton.pieces[0], known)


def test_a_canvas_lies_whole_in_the_middle_of_the_film() -> None:
    assert film_place((608, 1088), (832, 480)) == pytest.approx((480 / 1088, 282, 0))
    assert film_place((160, 96), (80, 48)) == (0.5, 0, 0)
    assert film_place((100, 400), (400, 100)) == (0.25, 187, 0)
    assert canvas_point((608, 1088), (832, 480), 282, 480) == pytest.approx((0, 1088))


def test_the_next_step_of_a_dance_without_one_is_to_add_it(
    qtbot: QtBot, film: OpenFilm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("svi_studio.document.preview.next_step.unfollowed", lambda *_: ())  # of a model for Dance
    qtbot.waitUntil(lambda: film.takes.is_scanned)
    step = next_step(film)
    assert step is not None and (step.title, step.action_id) == ("Add a dance", "film.add_skeleton")
    lay(qtbot, film, dance_file(tmp_path), 0)
    after = next_step(film)
    assert after is None or after.title != "Add a dance"


def test_the_skeleton_lies_over_the_picture_where_the_family_follows_one(
    qtbot: QtBot, film: OpenFilm, tmp_path: Path
) -> None:
    onion = OnionSkin(film)
    onion.keep_in(Preferences(tmp_path / "preferences.ini"))
    lay(qtbot, film, dance_file(tmp_path), 0)
    assert onion.is_on and onion.pose_at(3) is not None
    onion.set_on(False)
    assert onion.pose_at(3) is None
    film.commands.film.change("Another family", family="film")
    assert not OnionSkin(film).is_on and OnionSkin(film).is_of_use


def test_how_strongly_it_is_seen_is_remembered(film: OpenFilm, tmp_path: Path) -> None:
    preferences, onion = Preferences(tmp_path / "preferences.ini"), OnionSkin(film)
    onion.keep_in(preferences)
    onion.set_opacity(35)
    other = OnionSkin(film)
    other.keep_in(preferences)
    assert other.opacity == 35
