"""The dialogs for clips from sound and spoken texts, with a hand on them."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.film.sound_marks import MarkKind
from svi_studio.media.sounds import scratch_voice
from svi_studio.media.sounds.scratch_voice import Voice
from svi_studio.ui.speech.clips_dialog import ClipsDialog
from svi_studio.ui.speech.speak_dialog import SpeakDialog
from tests.builders.speaking_film import sentences_file


@pytest.fixture
def clips(film: OpenFilm, qtbot: QtBot) -> ClipsDialog:
    dialog = ClipsDialog(film)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_what_will_be_is_said_before_and_made_as_one_step(clips: ClipsDialog, film: OpenFilm, qtbot: QtBot) -> None:
    clips.shortest.stepBy(-8)
    assert "begin anew at 2 places" in clips.sentence.text()
    assert "frames are rendered and not shown" in clips.remark.text()
    assert clips.apply_button.isEnabled()
    qtbot.mouseClick(clips.apply_button, Qt.MouseButton.LeftButton)
    assert film.document.undo_stack.count() == 2  # the sound and the clips
    assert "Undo takes it back" in clips.sentence.text()
    film.document.undo_stack.undo()
    assert "begin anew" in clips.sentence.text()


def test_each_kind_shows_only_what_belongs_to_it(clips: ClipsDialog) -> None:
    shown = {}
    for kind, button in clips.kinds.items():
        button.setChecked(True)
        shown[kind] = (clips.pause.isVisible(), clips.every.isVisible(), clips.beats.isVisible())
    assert shown == {
        MarkKind.SENTENCE: (True, False, False),
        MarkKind.SILENCE: (True, False, False),
        MarkKind.BEAT: (False, True, True),
        MarkKind.ONSET: (False, True, False),
    }


def test_the_slider_and_the_strip_follow_each_other(clips: ClipsDialog, film: OpenFilm, qtbot: QtBot) -> None:
    clips.pause.slider.setValue(clips.pause.slider.maximum())
    assert "1 s" in clips.pause.findChild(type(clips.pause._words)).text().replace(".00", "").replace(",00", "")
    assert "No" in clips.sentence.text() or "Nobody" in clips.sentence.text()
    assert not clips.apply_button.isEnabled()
    qtbot.mouseClick(clips.strip, Qt.MouseButton.LeftButton, pos=clips.strip.rect().center())
    assert film.playhead.frame == pytest.approx(film.playhead.last_frame / 2, abs=film.playhead.last_frame)
    clips.strip.grab()


def test_a_film_that_can_only_be_read_is_not_split(clips: ClipsDialog, film: OpenFilm) -> None:
    film.document.read_only_reason = "Another window has it."
    clips.fresh.setChecked(True)
    assert not clips.apply_button.isEnabled()


def test_beats_are_changed_by_their_buttons(clips: ClipsDialog, film: OpenFilm, qtbot: QtBot) -> None:
    clips.kinds[MarkKind.BEAT].setChecked(True)
    for frame in (12, 18, 24):
        film.playhead.set_frame(frame)
        clips.beats.tap_button.pressed.emit()
    assert "120" in clips.beats.tempo.text()
    qtbot.mouseClick(clips.beats.twice_button, Qt.MouseButton.LeftButton)
    assert "240" in clips.beats.tempo.text()
    qtbot.mouseClick(clips.beats.half_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(clips.beats.between_button, Qt.MouseButton.LeftButton)
    assert clips.choice.between


@pytest.fixture
def speak(film: OpenFilm, qtbot: QtBot) -> SpeakDialog:
    dialog = SpeakDialog(film)
    qtbot.addWidget(dialog)
    yield dialog  # type: ignore[misc]
    assert dialog.shutdown()


def test_without_the_program_the_dialog_says_how_to_get_it(
    speak: SpeakDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch_voice, "find_program", lambda: None)
    speak.show()
    speak.text.setPlainText("Hello")
    qtbot.waitUntil(lambda: "espeak-ng" in speak.problem.text())
    assert not speak.speak_button.isEnabled()


def test_a_text_is_spoken_and_lies_under_the_film_behind_the_other_sounds(
    speak: SpeakDialog, film: OpenFilm, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str, int]] = []

    def played(text: str, target: Path, *, voice: str, speed: int) -> Path:
        asked.append((text, voice, speed))
        return sentences_file(target)

    monkeypatch.setattr(scratch_voice, "find_program", lambda: Path("/usr/bin/espeak-ng"))
    monkeypatch.setattr(scratch_voice, "voices", lambda: (Voice("de", "German"),))
    monkeypatch.setattr(scratch_voice, "speak", played)
    speak.show()
    qtbot.waitUntil(lambda: speak.voices.count() == 2)
    speak.text.setPlainText("Guten Abend.")
    speak.voices.show_value("de")
    speak.speed.setValue(200)
    with qtbot.waitSignal(film.sound_import.laid):
        qtbot.mouseClick(speak.speak_button, Qt.MouseButton.LeftButton)
    assert asked == [("Guten Abend.", "de", 200)]
    first, second = film.document.storyboard.tracks[0].pieces
    assert second.start == first.stop
    assert second.name == "Guten Abend"


def test_a_voice_that_fails_says_why_and_the_text_stays(
    speak: SpeakDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from svi_studio.domain.errors import StudioError

    def fail(*_: object, **__: object) -> Path:
        raise StudioError("The scratch voice said nothing: try another voice or text.")

    monkeypatch.setattr(scratch_voice, "find_program", lambda: Path("/usr/bin/espeak-ng"))
    monkeypatch.setattr(scratch_voice, "voices", lambda: ())
    monkeypatch.setattr(scratch_voice, "speak", fail)
    speak.show()
    speak.text.setPlainText("Hello")
    qtbot.waitUntil(speak.speak_button.isEnabled)
    qtbot.mouseClick(speak.speak_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "said nothing" in speak.problem.text())
    assert speak.isVisible() and speak.text.toPlainText() == "Hello"
