"""The export dialog: what it offers, what it refuses with a way out, and what lies on the disk in the end."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from svi_studio.document.export.export_request import Extent, arguments, choose_part
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.preferences import Preferences
from svi_studio.domain.editing.edits import change_clips, change_film
from svi_studio.domain.film.subtitle_way import SubtitleWay
from svi_studio.domain.film.subtitles import Cue
from svi_studio.domain.film.track import InputKind, Piece
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.media.sounds.decode import Decoded, decoded
from svi_studio.media.video_reader import stream_frames
from svi_studio.project.media.media_store import MediaStore
from svi_studio.ui.export.dialog import ExportDialog
from tests.builders.odd_sounds import clicks, read_wav, wav
from tests.ui.export.conftest import EXPORT_MS, frames_of, put_real_take


def choose(dialog: ExportDialog, kind: str, extent: Extent) -> None:
    place = [each.name for each in dialog.choices._kinds].index(kind)
    dialog.choices.kind_buttons[place].click()
    dialog.choices.extents[extent].click()


def export(qtbot: QtBot, dialog: ExportDialog) -> Path:
    with qtbot.waitSignal(dialog.run.finished, timeout=EXPORT_MS) as finished:
        qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    path = finished.args[0]
    assert isinstance(path, Path)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_clips_without_takes_are_named_and_can_be_queued_from_here(qtbot: QtBot, dialog: ExportDialog) -> None:
    assert dialog.problem.text() == "Clip 3 is not rendered yet."
    assert not dialog.export_button.isEnabled()
    with qtbot.waitSignal(dialog.render_wanted) as wanted:
        qtbot.mouseClick(dialog.render_missing, Qt.MouseButton.LeftButton)
    assert wanted.args == [(2,)]


def test_a_film_without_any_take_says_so(qtbot: QtBot, dialog: ExportDialog, film: OpenFilm) -> None:
    film.document.edit("Other words", lambda board: change_film(board, style="in crayon"))
    qtbot.waitUntil(lambda: dialog.problem.text() == "No clip is rendered yet.")


def test_a_clip_that_cannot_be_rendered_says_why_instead(qtbot: QtBot, dialog: ExportDialog, film: OpenFilm) -> None:
    film.document.edit("Prompt", lambda board: change_clips(board, ["c3"], prompt=""))
    qtbot.waitUntil(lambda: "Clip 3 has no prompt" in dialog.problem.text())
    assert not dialog.render_missing.isVisible()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ClipState.RENDERING, "Clip 3 is rendering: export when it is done."),
        (ClipState.QUEUED, "Clip 3 waits in the queue: export when it is rendered."),
    ],
)
def test_a_clip_on_its_way_is_said_to_wait_or_to_be_made(
    dialog: ExportDialog, film: OpenFilm, state: ClipState, words: str
) -> None:
    film.states.set_activity("c3", state)
    dialog.choices.changed.emit()
    assert dialog.problem.text() == words


def test_a_new_take_makes_the_export_possible(qtbot: QtBot, dialog: ExportDialog, film: OpenFilm) -> None:
    put_real_take(film, "c3")
    qtbot.waitUntil(dialog.export_button.isEnabled)
    assert not dialog.problem.isVisible()


def test_the_selected_clips_are_a_film_of_their_own(qtbot: QtBot, dialog: ExportDialog, film: OpenFilm) -> None:
    film.selection.select(["c1", "c2"])
    choose(dialog, "ffv1", Extent.SELECTED)
    assert dialog.choices.extents[Extent.SELECTED].text() == "The selected clips  ·  clips 1 to 2, 3.1 s"
    path = export(qtbot, dialog)
    jobs = [film.states.job("c1"), film.states.job("c2")]
    assert jobs[0] is not None and jobs[1] is not None
    shown = np.concatenate([frames_of(jobs[0])[:16], frames_of(jobs[1])])
    assert path.name == "Foxes a tale.mkv"
    assert np.array_equal(np.concatenate(list(stream_frames(path))), shown)
    assert dialog.outcome.headline.text() == "Foxes a tale.mkv is done"
    assert dialog.show_button.isVisible()


def test_the_range_is_exact_to_the_frame(qtbot: QtBot, dialog: ExportDialog, film: OpenFilm) -> None:
    film.playhead.set_in(10)
    film.playhead.set_out(18)
    choose(dialog, "ffv1", Extent.RANGE)
    assert dialog.summary.text().startswith("0.8 s, 9 frames of 80 × 48 pixels at 12 a second, about ")
    path = export(qtbot, dialog)
    jobs = [film.states.job("c1"), film.states.job("c2")]
    assert jobs[0] is not None and jobs[1] is not None
    shown = np.concatenate([frames_of(jobs[0])[10:16], frames_of(jobs[1])[:3]])
    assert np.array_equal(np.concatenate(list(stream_frames(path))), shown)


def test_a_film_is_exported_with_its_own_sound(qtbot: QtBot, dialog: ExportDialog, film: OpenFilm) -> None:
    assert dialog.choices.sound.text() == "No sound"
    file = MediaStore(film.path).add(wav(film.path.parent / "speech.wav", clicks(3, ())))
    film.commands.tracks.lay(InputKind.SOUND, Piece(file=file, start=0, length=36))
    dialog.choices.refresh()
    assert dialog.choices.sound.text() == "The film's own sound"
    film.playhead.set_in(10)
    film.playhead.set_out(18)
    choose(dialog, "ffv1", Extent.RANGE)
    path = export(qtbot, dialog)
    heard = np.concatenate(list(decoded(path, Decoded())))[:, 0]
    assert np.array_equal(heard, read_wav(film.path / file)[10 * 4000 : 19 * 4000])


def test_a_contact_sheet_has_no_size_and_no_sound(qtbot: QtBot, dialog: ExportDialog, film: OpenFilm) -> None:
    film.selection.select(["c1", "c2"])
    choose(dialog, "contact-sheet", Extent.SELECTED)
    assert not dialog.choices.sizes.isEnabled()
    assert not dialog.choices.choose_sound.isEnabled()
    path = export(qtbot, dialog)
    assert (path.name, Image.open(path).format) == ("Foxes a tale.png", "PNG")


def test_progress_is_told_clip_by_clip(qtbot: QtBot, dialog: ExportDialog, film: OpenFilm) -> None:
    film.selection.select(["c1", "c2"])
    choose(dialog, "mp4", Extent.SELECTED)
    told: list[tuple[int, int]] = []
    dialog.run.progress.connect(lambda done, total: told.append((done, total)))
    export(qtbot, dialog)
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_a_cancelled_export_leaves_nothing(qtbot: QtBot, dialog: ExportDialog, film: OpenFilm, folder: Path) -> None:
    film.selection.select(["c1", "c2"])
    choose(dialog, "prores", Extent.SELECTED)
    dialog.choices.sizes.show_value(16)
    dialog.export_button.click()
    with qtbot.waitSignal(dialog.run.cancelled, timeout=EXPORT_MS):
        qtbot.mouseClick(dialog.cancel_button, Qt.MouseButton.LeftButton)
    assert names(folder) == []
    assert dialog.export_button.isVisible(), "back at the choices"


def test_a_failure_is_one_sentence_with_a_way_back(
    qtbot: QtBot, dialog: ExportDialog, film: OpenFilm, folder: Path
) -> None:
    film.selection.select(["c1"])
    choose(dialog, "mp4", Extent.SELECTED)
    job = film.states.job("c1")
    assert job is not None
    film.takes.file(job.take_hash, "frames.mkv").write_bytes(b"damaged")
    with qtbot.waitSignal(dialog.run.failed, timeout=EXPORT_MS) as failed:
        dialog.export_button.click()
    assert dialog.outcome.sentence.text() == failed.args[0]
    assert "Traceback" not in failed.args[0]
    assert (dialog.again_button.text(), names(folder)) == ("Back", [])


def test_the_last_edit_is_on_the_disk_before_the_export_reads_it(
    qtbot: QtBot, dialog: ExportDialog, film: OpenFilm
) -> None:
    film.document.edit("Cut", lambda board: change_clips(board, ["c3"], cut=True))
    film.document.edit("Title", lambda board: board.model_copy(update={"title": "Bears"}))
    film.states.settle()
    film.selection.select(["c1", "c2"])
    choose(dialog, "mp4", Extent.SELECTED)
    assert export(qtbot, dialog).name == "Bears.mp4"


def test_closing_the_dialog_lets_the_export_go_on(qtbot: QtBot, dialog: ExportDialog, film: OpenFilm) -> None:
    film.selection.select(["c1"])
    choose(dialog, "mp4", Extent.SELECTED)
    with qtbot.waitSignal(dialog.run.finished, timeout=EXPORT_MS):
        dialog.export_button.click()
        dialog.close()
    assert not dialog.isVisible()


def test_the_folder_is_remembered(
    qtbot: QtBot, dialog: ExportDialog, film: OpenFilm, preferences: Preferences, tmp_path: Path
) -> None:
    film.selection.select(["c1"])
    choose(dialog, "mp4", Extent.SELECTED)
    dialog.choices.set_folder(tmp_path)
    export(qtbot, dialog)
    assert preferences.text("export_folder") == str(tmp_path)


def test_the_name_follows_the_kind_until_the_user_writes_one(qtbot: QtBot, dialog: ExportDialog) -> None:
    assert dialog.choices.name.text() == "Foxes a tale.mp4"
    dialog.choices.kind_buttons[1].click()
    assert dialog.choices.name.text() == "Foxes a tale.mov"
    dialog.choices.name.clear()
    qtbot.keyClicks(dialog.choices.name, "my cut")
    dialog.choices.kind_buttons[2].click()
    assert dialog.choices.name.text() == "my cut.mkv"


def test_a_name_that_is_taken_is_told_and_never_suggested(
    qtbot: QtBot, dialog: ExportDialog, film: OpenFilm, folder: Path
) -> None:
    film.selection.select(["c1"])
    choose(dialog, "mp4", Extent.SELECTED)
    (folder / "Foxes a tale.mp4").write_bytes(b"an earlier one")
    dialog.choices.new_name()
    assert dialog.choices.name.text() == "Foxes a tale 2.mp4"
    dialog.choices.name.clear()
    qtbot.keyClicks(dialog.choices.name, "Foxes a tale")
    assert "it is replaced when this export is done" in dialog.problem.text()
    assert dialog.export_button.isEnabled()


def test_a_folder_that_is_gone_is_told(dialog: ExportDialog, film: OpenFilm, folder: Path) -> None:
    film.selection.select(["c1"])
    choose(dialog, "mp4", Extent.SELECTED)
    folder.rmdir()
    dialog.choices.changed.emit()
    assert dialog.problem.text() == "The folder no longer exists: choose another one."
    assert not dialog.export_button.isEnabled()


@pytest.mark.parametrize(("place", "factor"), [(0, 12), (1, 12), (2, 1), (3, 1)])
def test_films_to_look_at_are_enlarged_and_exact_ones_are_not(dialog: ExportDialog, place: int, factor: int) -> None:
    dialog.choices.kind_buttons[place].click()
    assert dialog.choices.sizes.shown() == factor


def test_every_control_has_a_name_for_those_who_hear_it(dialog: ExportDialog) -> None:
    choices = dialog.choices
    controls = (choices.sizes, choices.choose_sound, choices.no_sound, choices.name, choices.choose_folder)
    assert all(control.accessibleName() for control in controls)
    assert all(button.accessibleDescription() for button in choices.kind_buttons)


def test_a_film_without_subtitles_is_not_asked_for_them(dialog: ExportDialog) -> None:
    assert not dialog.choices.subtitles.isVisible()
    request = dialog.choices.request
    assert request is not None
    assert request.subtitles is SubtitleWay.NONE


def test_subtitles_go_out_as_chosen_and_the_command_line_is_told(dialog: ExportDialog, film: OpenFilm) -> None:
    film.commands.subtitles.replace("Import", [Cue(start=0, stop=900, text="x")])
    dialog.choices.refresh()
    assert dialog.choices.subtitles.isVisible()
    ways = [choice.value for choice in dialog.choices.subtitles._choices]
    assert ways == [SubtitleWay.NONE, SubtitleWay.BURN, SubtitleWay.TRACK, SubtitleWay.FILE]
    dialog.choices.subtitles.show_value(SubtitleWay.TRACK)
    request, chosen = dialog.choices.request, choose_part(film, Extent.WHOLE)
    assert request is not None and chosen is not None
    assert arguments(film, request, chosen)[-2:] == ("--subtitles", "track")


def test_a_folder_of_pictures_has_no_track_of_subtitles_and_a_contact_sheet_none_at_all(
    dialog: ExportDialog, film: OpenFilm
) -> None:
    film.commands.subtitles.replace("Import", [Cue(start=0, stop=900, text="x")])
    pictures, sheet = dialog.choices.kind_buttons[3:5]
    pictures.click()
    assert SubtitleWay.TRACK not in [choice.value for choice in dialog.choices.subtitles._choices]
    sheet.click()
    assert not dialog.choices.subtitles.isVisible()
