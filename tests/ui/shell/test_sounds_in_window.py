"""A film's window and its sound: what is dropped on it, what is offered then, what is grey, recording."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from svi_studio.document.preference_names import HEAR_SCRUBBING
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.film.track import InputKind, Piece
from svi_studio.project.film.project_file import Project
from svi_studio.ui.inspector.panel import InspectorPanel
from svi_studio.ui.inspector.sound_page import SoundPage
from svi_studio.ui.preview.panel import PreviewPanel
from svi_studio.ui.timeline.panel import TimelinePanel
from svi_studio.ui.window.film_window import FilmWindow
from tests.builders.open_films import theatre_picture
from tests.builders.sounds import tone
from tests.builders.videos import counted, write_video
from tests.document.sound.test_take_recording import FakeRecorder
from tests.ui.shell.conftest import OpenWindow
from tests.ui.shell.test_studio import make_film

SOUND = InputKind.SOUND


@pytest.fixture
def window(open_window: OpenWindow, tmp_path: Path) -> FilmWindow:
    return open_window(make_film(tmp_path))


def pieces(window: FilmWindow) -> tuple[Piece, ...]:
    return window.film.pieces.pieces(SOUND)


def is_on(window: FilmWindow, action_id: str) -> bool:
    return window.actions_table.action(action_id).isEnabled()


def drop(window: FilmWindow, qtbot: QtBot, *paths: Path) -> None:
    window.dropped.emit(list(paths))
    qtbot.waitUntil(lambda: not window.film.sound_import.is_busy)


def test_a_sound_dropped_on_the_window_lies_under_the_film_and_clips_are_offered(
    window: FilmWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    clips = len(window.film.document.storyboard.clips)
    assert not is_on(window, "sound.fill") and not is_on(window, "sound.mute")
    drop(window, qtbot, tone(tmp_path / "Long.wav", 20.0))
    assert [piece.name for piece in pieces(window)] == ["Long"]
    offer = window.banners.shown["sound length"]
    assert "longer than the film" in offer.text
    window.actions_table.action("sound.fill").trigger()
    assert len(window.film.document.storyboard.clips) > clips
    assert window.film.playhead.time.frames == pieces(window)[0].stop


def test_a_video_asks_what_it_is_for(window: FilmWindow, qtbot: QtBot, tmp_path: Path) -> None:
    drop(window, qtbot, tmp_path / "holiday.mp4")
    assert not pieces(window)
    assert "Its sound can go under the film" in window.banners.shown["video"].text


def test_the_film_goes_on_from_a_dropped_video(window: FilmWindow, qtbot: QtBot, tmp_path: Path) -> None:
    clips = len(window.film.document.storyboard.clips)
    drop(window, qtbot, write_video(tmp_path / "walk.mp4", counted(20)))
    buttons = window.banners.shown["video"].findChildren(QPushButton)
    next(button for button in buttons if button.text() == "Go on from it").click()
    qtbot.waitUntil(lambda: len(window.film.document.storyboard.clips) == clips + 1)
    new = window.film.document.storyboard.clips[-1]
    assert (new.cut, new.start_video is not None) == (True, True)


def test_pictures_and_films_are_dropped_as_ever(window: FilmWindow, tmp_path: Path) -> None:
    assert not window.sound_actions.take([tmp_path / "a.png"])
    assert not window.sound_actions.take([tmp_path / "a.svi"])
    assert not window.sound_actions.take([tmp_path / "a.png", tmp_path / "b.wav"])


def test_the_menu_asks_for_sounds(window: FilmWindow) -> None:
    window.actions_table.action("sound.add").trigger()
    dialog = window.findChild(QFileDialog, "choose sound")
    assert dialog is not None
    assert "*.wav" in dialog.nameFilters()[0] and "*.mp4" in dialog.nameFilters()[0]
    dialog.reject()


def test_the_chosen_sound_is_in_the_inspector_and_answers_to_the_menu(
    window: FilmWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    drop(window, qtbot, tone(tmp_path / "Tone.wav", 2.0))
    inspector = window.findChild(InspectorPanel)
    assert inspector is not None and not is_on(window, "sound.remove")
    window.actions_table.action("sound.select").trigger()
    assert window.film.pieces.chosen == (SOUND, 0)
    page = inspector.piece_pages[SOUND]
    assert isinstance(page, SoundPage) and page.isVisible() and page.title.text() == "Tone"
    assert is_on(window, "sound.remove") and not is_on(window, "clip.delete")
    window.film.playhead.set_frame(6)
    window.actions_table.action("sound.split").trigger()
    assert pieces(window)[0].length == 6
    window.actions_table.action("sound.remove").trigger()
    assert len(pieces(window)) == 1
    window.film.selection.select([window.film.document.storyboard.clips[0].id])
    assert not page.isVisible()


def test_the_volume_is_there_with_the_sound(window: FilmWindow, qtbot: QtBot, tmp_path: Path) -> None:
    panel = window.findChild(PreviewPanel)
    assert panel is not None
    volume = panel.area.transport.volume
    assert not volume.isVisible()
    drop(window, qtbot, tone(tmp_path / "Tone.wav", 1.0))
    assert volume.isVisible()
    qtbot.mouseClick(volume.button, Qt.MouseButton.LeftButton)
    assert panel.preview.playback.is_muted
    volume.slider.setValue(40)
    assert not panel.preview.playback.is_muted
    assert panel.preview.playback.volume == 0.4


def test_the_film_is_muted_from_beside_the_lane(window: FilmWindow, qtbot: QtBot, tmp_path: Path) -> None:
    drop(window, qtbot, tone(tmp_path / "Tone.wav", 1.0))
    timeline = window.findChild(TimelinePanel)
    assert timeline is not None
    mute, record = timeline.names.buttons["sound"]
    assert (mute.accessibleName(), record.accessibleName()) == ("Mute the film's sound", "Record from the microphone")
    qtbot.mouseClick(mute, Qt.MouseButton.LeftButton)
    assert window.film.document.storyboard.tracks[0].muted
    assert window.actions_table.action("sound.mute").isChecked()
    window.film.document.undo_stack.undo()
    assert not window.actions_table.action("sound.mute").isChecked()


def test_whether_pulling_the_playhead_is_heard_is_kept(window: FilmWindow) -> None:
    action = window.actions_table.action("sound.scrub")
    assert action.isChecked()
    action.trigger()
    assert not window.preferences.flag(HEAR_SCRUBBING, default=True)


def talk_film(folder: Path, clips: int) -> Path:
    board = Storyboard(
        title="Speech", family="talk", clips=tuple(Clip(id=f"c{k}", prompt="It speaks.") for k in range(1, clips + 1))
    )
    project = Project.create(folder / "Speech.svi", board)
    image = project.media.add(theatre_picture(folder / "start.png"))
    project.save(board.model_copy(update={"reference_image": image}))
    return project.folder


def test_a_talk_film_without_sound_asks_for_one_first(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(talk_film(tmp_path, 2))
    panel = window.findChild(PreviewPanel)
    assert panel is not None
    card = panel.area.next_step
    qtbot.waitUntil(lambda: card.isVisible() and card.title.text() == "Add a sound")
    drop(window, qtbot, tone(tmp_path / "Voice.wav", 3.0))
    qtbot.waitUntil(lambda: card.title.text() != "Add a sound")


def test_a_talk_film_with_a_sound_and_no_clips_makes_them_of_it(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(talk_film(tmp_path, 0))
    drop(window, qtbot, tone(tmp_path / "Voice.wav", 5.0))
    panel = window.findChild(PreviewPanel)
    assert panel is not None
    card = panel.area.next_step
    qtbot.waitUntil(lambda: card.title.text() == "The sound is there")
    qtbot.mouseClick(card.button, Qt.MouseButton.LeftButton)
    assert window.film.playhead.time.frames == pieces(window)[0].stop


def test_a_video_needs_no_question_where_the_film_needs_a_sound(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(talk_film(tmp_path, 1))
    (tmp_path / "no video.mp4").write_bytes(b"nothing of the kind")
    drop(window, qtbot, tmp_path / "no video.mp4")
    assert "video" not in window.banners.shown
    assert "no video.mp4" in window.banners.shown["refused"].text


def test_a_window_that_is_closed_while_somebody_speaks_takes_in_what_was_spoken_first(
    window: FilmWindow, qtbot: QtBot
) -> None:
    microphone, recording = FakeRecorder(), window.sound_actions.recording
    microphone.setParent(window)
    recording._use(microphone)  # type: ignore[arg-type]
    recording.start()
    window.close()
    assert window.isVisible()
    project = window.film.document.folder
    with qtbot.waitSignal(window.closed):
        microphone.speak(0.5)
    kept = Project.open(project).storyboard
    assert [piece.name[:9] for track in kept.tracks for piece in track.pieces] == ["Recording"]
