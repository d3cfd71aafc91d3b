"""Joints on the person in a picture: dragged, taken away, resized, and the dance as it will be."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from svi_studio.document.inspector.picture_person import FoundBy, PicturePeople, PicturePerson
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.skeleton.pose import Pose
from svi_studio.domain.pictures.framing import Framing
from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.skeleton import Skeleton
from svi_studio.domain.poses.standing import standing_figure
from svi_studio.ui.skeleton.align_dialog import AlignDialog
from svi_studio.ui.skeleton.film_dances import FilmDances
from tests.builders.dances import dance, dance_file
from tests.builders.drawn_videos import drawn_video
from tests.builders.open_films import picture
from tests.builders.opened import open_film_here
from tests.ui.skeleton.conftest import Find

SIZE = (320, 192)


def person(found_by: FoundBy = FoundBy.NOBODY) -> PicturePerson:
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    image.fill(0xFF336699)
    return PicturePerson("media/a.png", image, Pose(SIZE, standing_figure(*SIZE)), found_by)


@pytest.fixture
def dialog(qtbot: QtBot) -> AlignDialog:
    dialog = AlignDialog(dance(12))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.show_person(person())
    return dialog


def on_screen(dialog: AlignDialog, joint: Joint) -> QPoint:
    """Where a joint lies in the view."""
    view, place = dialog.view, dialog.view.pose.body[joint]
    assert place is not None
    scale = min(view.width() / SIZE[0], view.height() / SIZE[1])
    left, top = (view.width() - SIZE[0] * scale) / 2, (view.height() - SIZE[1] * scale) / 2
    return QPointF(left + place[0] * scale, top + place[1] * scale).toPoint()


def drag(qtbot: QtBot, dialog: AlignDialog, start: QPoint, way: QPoint) -> None:
    qtbot.mousePress(dialog.view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(dialog.view, start + way)
    qtbot.mouseRelease(dialog.view, Qt.MouseButton.LeftButton, pos=start + way)


def test_a_joint_is_dragged_and_the_others_stay(qtbot: QtBot, dialog: AlignDialog) -> None:
    before = dialog.view.pose.body
    drag(qtbot, dialog, on_screen(dialog, Joint.LEFT_WRIST), QPoint(40, -30))
    after = dialog.view.pose.body
    assert [joint for joint in Joint if before[joint] != after[joint]] == [Joint.LEFT_WRIST]


def test_the_whole_figure_is_dragged_by_what_lies_between_its_joints(qtbot: QtBot, dialog: AlignDialog) -> None:
    before = dialog.view.pose.body
    knee, hip = on_screen(dialog, Joint.LEFT_KNEE), on_screen(dialog, Joint.LEFT_HIP)
    drag(qtbot, dialog, (knee + hip) / 2 - QPoint(6, 0), QPoint(20, 0))
    moved = [after[0] - start[0] for start, after in zip(before, dialog.view.pose.body, strict=True) if start and after]
    assert len(moved) == 20 and min(moved) > 1 and max(moved) == pytest.approx(min(moved))


def test_keys_choose_and_move_a_joint(qtbot: QtBot, dialog: AlignDialog) -> None:
    qtbot.keyClick(dialog.view, Qt.Key.Key_PageDown)
    assert dialog.view.joint == Joint.NOSE
    before = dialog.view.pose.body[Joint.NOSE]
    qtbot.keyClick(dialog.view, Qt.Key.Key_Right)
    after = dialog.view.pose.body[Joint.NOSE]
    assert before is not None and after is not None and after[0] > before[0] and after[1] == before[1]


def test_without_both_hips_it_says_what_is_needed(qtbot: QtBot, dialog: AlignDialog) -> None:
    assert dialog.ok.isEnabled()
    qtbot.mouseMove(dialog.view, on_screen(dialog, Joint.LEFT_HIP))
    dialog.view.toggle_seen()
    assert not dialog.ok.isEnabled() and "Both shoulders, both hips" in dialog.warning.text()
    dialog.view.toggle_seen()
    assert dialog.ok.isEnabled()


def test_a_figure_that_nobody_has_touched_warns_of_nothing(dialog: AlignDialog) -> None:
    assert not dialog.warning.isVisible()


def test_a_body_of_other_proportions_is_a_warning(qtbot: QtBot) -> None:
    long_legs = [
        (x, y * 3 - 200) if "KNEE" in Joint(k).name or "ANKLE" in Joint(k).name else (x, y)
        for k, (x, y) in enumerate(standing_figure(*SIZE))
    ]
    other = person(FoundBy.PROGRAM)
    dialog = AlignDialog(dance(12))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.show_person(PicturePerson(other.picture, other.image, Pose(SIZE, tuple(long_legs)), FoundBy.PROGRAM))
    assert dialog.warning.isVisible() and "still suits that body" in dialog.warning.text()


def test_the_picture_of_the_programs_puppet_is_known(qtbot: QtBot, film: OpenFilm) -> None:
    people, found = PicturePeople(film.skeleton), []
    image = film.document.storyboard.reference_image
    assert image is not None
    people.find(image, found.append, found.append)
    qtbot.waitUntil(lambda: bool(found))
    assert isinstance(found[0], PicturePerson) and found[0].found_by is FoundBy.PROGRAM
    neck, size = found[0].pose.body[Joint.NECK], found[0].pose.canvas
    assert neck is not None and (neck[0] / size[0], neck[1] / size[1]) == pytest.approx((36 / 80, 24.5 / 48), abs=0.01)
    people.close()


def wide_picture(qtbot: QtBot, film: OpenFilm, folder: Path) -> str:
    """A start picture twice as wide as the film's own shape, of which the middle is filmed."""
    before = film.document.storyboard.reference_image
    film.commands.pictures.set_reference(picture(folder / "other.png", (320, 96)))
    qtbot.waitUntil(lambda: film.document.storyboard.reference_image != before)
    image = film.document.storyboard.reference_image
    assert image is not None
    return image


def person_in(qtbot: QtBot, people: PicturePeople, image: str) -> PicturePerson:
    found: list[PicturePerson] = []
    people.find(image, found.append, pytest.fail)
    qtbot.waitUntil(lambda: bool(found))
    return found[0]


def test_joints_that_a_hand_put_right_are_kept_and_can_be_taken_back(
    qtbot: QtBot, film: OpenFilm, tmp_path: Path
) -> None:
    image, people = wide_picture(qtbot, film, tmp_path), PicturePeople(film.skeleton)
    person = person_in(qtbot, people, image)
    assert person.found_by is FoundBy.NOBODY  # the film's model has a world of its own: no detector is asked
    mine = Pose(person.pose.canvas, (None, *((x + 3, y) for x, y in standing_figure(*person.pose.canvas)[1:])))
    with qtbot.waitSignal(people.changed):
        people.remember(person, mine)
    again = person_in(qtbot, people, image)
    assert (again.found_by, again.pose.canvas, again.pose.body[0]) == (FoundBy.HAND, mine.canvas, None)
    assert np.allclose(np.array(again.pose.body[1:]), np.array(mine.body[1:]))
    with qtbot.waitSignal(people.changed):
        film.document.undo_stack.undo()
    assert person_in(qtbot, people, image).found_by is FoundBy.NOBODY
    people.close()


def test_joints_that_a_hand_put_right_are_there_when_the_film_is_opened_again(
    qtbot: QtBot, film: OpenFilm, tmp_path: Path
) -> None:
    image, people = wide_picture(qtbot, film, tmp_path), PicturePeople(film.skeleton)
    person = person_in(qtbot, people, image)
    people.remember(person, person.pose)
    neck = person.pose.body[Joint.NECK]
    assert neck is not None
    film.commands.pictures.frame(Framing(picture=image, crop=(0, 0, 160, 96)))  # the left half
    people.close()
    film.close()
    opened = open_film_here(film.path)
    qtbot.waitUntil(lambda: opened.states.facts is not None)
    people = PicturePeople(opened.skeleton)
    moved = person_in(qtbot, people, image)
    assert moved.found_by is FoundBy.HAND
    per_pixel = moved.pose.canvas[0] / 160
    assert moved.pose.body[Joint.NECK] == pytest.approx((neck[0] + 80 * per_pixel, neck[1]), abs=0.51 * per_pixel)
    people.close()
    opened.close()


def test_a_new_dance_is_looped_and_aligned_when_the_user_says_so(
    qtbot: QtBot, film: OpenFilm, dances: FilmDances, shown: Find[QDialog], tmp_path: Path
) -> None:
    from svi_studio.ui.skeleton.added_dialog import AddedDialog, Ending

    film.dances.bring_in(dance_file(tmp_path, dance(24, gaps=((3, 9),))), 0)
    added = shown(AddedDialog)
    assert added.ending is Ending.LOOP and added.align.isChecked()
    added.accept()
    align = shown(AlignDialog)
    qtbot.waitUntil(align.ok.isEnabled)
    piece = film.skeleton.pieces[0]
    assert (piece.stop, piece.plays_to, piece.loops_from) == (film.playhead.time.frames, 24, 0)
    align.ok.click()
    qtbot.waitUntil(lambda: film.document.undo_stack.undoText() == "Align the skeleton to the picture")
    qtbot.waitUntil(lambda: (known := film.skeleton.shelved(0)) is not None and known.as_found is not None)
    known = film.skeleton.shelved(0)
    assert known is not None and isinstance(known.as_found, Skeleton)
    assert known.as_found.origin.steps == ("aligned to the picture",)


def test_a_new_drawn_video_asks_what_follows_and_for_no_alignment(
    qtbot: QtBot, film: OpenFilm, dances: FilmDances, shown: Find[QDialog], tmp_path: Path
) -> None:
    from svi_studio.ui.skeleton.added_dialog import AddedDialog, Ending

    film.dances.bring_in(drawn_video(tmp_path / "drawn.mkv"), 0)
    added = shown(AddedDialog)
    assert added.ending is Ending.LOOP and not added.align.isVisibleTo(added)
    added.accept()
    (piece,) = film.skeleton.pieces
    assert (piece.stop, piece.plays_to, piece.loops_from) == (film.playhead.time.frames, 24, 0)


def test_a_film_without_a_picture_says_what_is_needed(
    qtbot: QtBot, film: OpenFilm, dances: FilmDances, tmp_path: Path
) -> None:
    film.commands.pictures.remove_reference()
    film.dances.bring_in(dance_file(tmp_path, dance(70)), 0)
    qtbot.waitUntil(lambda: film.skeleton.shelved(0) is not None)
    refused: list[str] = []
    film.document.refused.connect(refused.append)
    film.skeleton_wishes.align.emit(0)
    assert refused == ["The film has no picture to align the dance to: give it a start picture first."]


def test_a_dance_that_is_longer_than_the_film_brings_clips_when_the_user_says_so(
    qtbot: QtBot, film: OpenFilm, dances: FilmDances, shown: Find[QDialog], tmp_path: Path
) -> None:
    from svi_studio.ui.skeleton.added_dialog import AddedDialog

    film.dances.bring_in(dance_file(tmp_path, dance(100)), 0)
    added = shown(AddedDialog)
    assert added.more.isChecked()
    added.align.setChecked(False)
    added.accept()
    assert film.playhead.time.frames == 100 and len(film.document.storyboard.clips) == 5
    assert film.document.undo_stack.undoText() == "As many clips as the dance is long"
