"""The journey of someone who has never seen a command line: a picture becomes a film, changes, and comes back."""

from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from PySide6.QtWidgets import QApplication

from svi_studio.document.preferences import Preferences
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.resource_files import resource_path
from svi_studio.ui.application import prepare_application
from svi_studio.ui.export.dialog import ExportDialog
from svi_studio.ui.studio import Studio
from tests.journey.user import User

PROMPTS = (
    "The red puppet dances in the meadow.",
    "The red puppet moves right in the meadow.",
    "The scene changes to the beach. The red puppet rests.",
)
DONE, STALE, EMPTY = ClipState.DONE, ClipState.STALE, ClipState.EMPTY


@pytest.fixture
def user(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[User]:
    monkeypatch.setattr("svi_studio.document.opening.new_film.films_folder", lambda: tmp_path / "Videos")
    prepare_application(qapp)
    studio = Studio(Preferences(tmp_path / "preferences.ini"))
    studio.start()
    yield User(studio)
    assert studio.close()


def test_a_picture_becomes_a_film_that_is_changed_exported_and_found_again(user: User, tmp_path: Path) -> None:
    user.new_film(resource_path("storyboards", "first-film.png"))
    user.type_prompt(PROMPTS[0])
    for words in PROMPTS[1:]:
        user.trigger("clip.insert_after")
        user.type_prompt(words)
    assert [clip.prompt for clip in user.window.film.document.storyboard.clips] == list(PROMPTS)
    assert user.states() == [EMPTY, EMPTY, EMPTY]

    render(user, "Render 3 clips")
    first_takes = shown_takes(user)

    user.select(2)
    user.type_prompt("The red puppet jumps in the meadow.")
    user.wait(lambda: user.states() == [DONE, STALE, STALE], 10, "clips 2 and 3 became stale")
    render(user, "Render 2 clips")
    assert shown_takes(user)[0] == first_takes[0]
    assert not set(shown_takes(user)[1:]) & set(first_takes)

    user.trigger("edit.undo")
    user.wait(lambda: user.states() == [DONE] * 3, 10, "undo brought the old takes back")
    assert shown_takes(user) == first_takes

    film_file = tmp_path / "exported" / "film.mp4"
    film_file.parent.mkdir()
    export(user, film_file)
    with av.open(film_file) as container:
        frames = sum(1 for _ in container.decode(video=0))
    assert frames == user.window.film.playhead.time.frames

    folder, takes = user.window.film.path, shown_takes(user)
    user.close_window()
    user.open(folder)
    user.wait(lambda: user.states() == [DONE] * 3, 20, "the film is as it was left")
    assert [clip.prompt for clip in user.window.film.document.storyboard.clips] == list(PROMPTS)
    assert shown_takes(user) == takes


def render(user: User, button: str) -> None:
    """Press the one obvious button and wait for the film."""
    user.press_render(button)
    user.wait(lambda: ClipState.RENDERING in user.states(), 60, "a clip is being made")
    user.wait(lambda: user.states() == [DONE] * 3, 120, "every clip is done")
    user.wait(lambda: user.window.rendering.queue.current is None, 20, "the render has ended")


def export(user: User, target: Path) -> None:
    """Write the film to a file, by the dialog."""
    user.trigger("film.export")
    dialog = user.window.findChild(ExportDialog)
    assert dialog is not None
    dialog.choices.set_folder(target.parent)
    dialog.choices.name.setText(target.name)
    user.wait(dialog.export_button.isEnabled, 10, "the export can begin")
    dialog.export_button.click()
    user.wait(dialog.show_button.isVisible, 60, "the film is written")
    dialog.close_button.click()
    user.look()


def shown_takes(user: User) -> list[str | None]:
    film = user.window.film
    return [film.states.state(clip.id).take_hash for clip in film.document.storyboard.clips]
