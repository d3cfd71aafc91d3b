"""What there is to see: every panel in its states, in the order in which one film gets into them."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QApplication, QDialog

from svi_studio.domain.render.clip_state import ClipState
from svi_studio.resource_files import resource_path
from svi_studio.ui.inspector.panel import InspectorPanel
from svi_studio.ui.preview.panel import PreviewPanel
from tests.journey.user import User
from tests.screenshots.camera import Camera
from tests.screenshots.dance_scenes import photograph_dance
from tests.screenshots.sound_scenes import photograph_sound
from tests.screenshots.story_scenes import photograph_story
from tests.screenshots.training_scenes import photograph_training

RENDER_SECONDS = 300


def photograph(user: User, camera: Camera) -> None:
    """Every scene; ``user`` stands before the welcome of a program that was never used."""
    welcome = user.studio.welcome
    assert welcome is not None
    user.look(2)
    camera.window("welcome", welcome.window)
    _new_film(user, camera)
    _example_film(user, camera)
    photograph_dance(user, camera)
    photograph_sound(user, camera)
    photograph_training(user, camera)
    photograph_story(user, camera)
    _dialogs(user, camera)


def _new_film(user: User, camera: Camera) -> None:
    user.new_film(resource_path("storyboards", "first-film.png"))
    user.look(1)
    camera.window("new-film", user.window)
    user.type_prompt("The red puppet jumps and turns and waves.")
    user.look(1)
    camera.window("advice", user.window)
    user.studio.show_welcome()
    user.close_window()


def _example_film(user: User, camera: Camera) -> None:
    user.studio.new_from_example("first-film")
    user.wait(lambda: bool(user.studio.windows), 30, "the window of the example")
    user.wait(lambda: user.window.film.states.facts is not None, 30, "the model was read")
    _render(user, camera)
    window, film = user.window, user.window.film
    film.playhead.set_frame(film.playhead.time.clips[2].start + 8)
    user.select(3)
    user.look(1)
    camera.window("film", window)
    with _tab(user, 1):
        camera.window("film-settings", window)
    user.trigger("view.grid")
    camera.window("grid", window)
    user.trigger("view.grid")
    film.selection.select([clip.id for clip in film.document.storyboard.clips[3:7]])
    camera.window("several-clips", window)
    _takes(user, camera)
    user.select(7)
    user.type_prompt("The red puppet moves left in the night.")
    user.trigger("play.add_marker")
    user.wait(lambda: user.states()[-1] is ClipState.STALE, 10, "stale clips")
    user.look(1)
    camera.window("stale", window)


def _render(user: User, camera: Camera) -> None:
    user.look(1)
    camera.window("ready-to-render", user.window)
    user.press_render()
    user.wait(lambda: user.states()[0] is ClipState.DONE, RENDER_SECONDS, "the first clip is done")
    user.wait(lambda: user.states()[1] is ClipState.RENDERING, RENDER_SECONDS, "the second clip is being made")
    user.look(0.6)
    user.trigger("render.pause")
    user.look(1)
    camera.window("paused", user.window)
    user.trigger("render.pause")
    user.look(0.7)
    camera.window("rendering", user.window, [(1280, 800)])
    user.trigger("render.show_queue")
    camera.window("queue", user.window)
    window = user.window
    window.close()
    dialogs = [
        widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QDialog) and widget.isVisible()
    ]
    for dialog in dialogs:
        camera.dialog("closing", dialog)
    window.show_panel("inspector")
    user.wait(lambda: user.states()[5] is ClipState.RENDERING, RENDER_SECONDS, "the sixth clip is being made")
    user.select(4)
    film = window.film
    film.playhead.set_frame(film.playhead.time.clips[3].start + 9)
    user.wait(lambda: film.states.state("c6").progress > 0.5, RENDER_SECONDS, "half of the sixth clip is made")
    camera.window("filming", window, [(1280, 800)])
    user.wait(lambda: all(state is ClipState.DONE for state in user.states()), RENDER_SECONDS, "the film is done")
    window.show_panel("inspector")


def _takes(user: User, camera: Camera) -> None:
    window, film = user.window, user.window.film
    user.select(10)
    clip = film.document.storyboard.clips[9].id
    for _ in range(2):
        user.trigger("clip.reroll")
        user.wait(lambda: user.states()[-1] is not ClipState.DONE, 10, "another seed")
        user.press_render()
        user.wait(lambda: user.states()[-1] is ClipState.DONE, RENDER_SECONDS, "another take")
    user.wait(lambda: window.rendering.queue.current is None, 20, "the render has ended")
    user.trigger("take.rate_4")
    window.show_panel("takes")
    user.look(1)
    camera.window("takes", window)
    newest, older = (take.take_hash for take in film.takes.of_clip(clip)[:2])
    user.panel(PreviewPanel).preview.compare(newest, older)
    user.look(1)
    camera.window("compare", window)
    user.panel(PreviewPanel).preview.show_film()
    window.show_panel("inspector")


def _dialogs(user: User, camera: Camera) -> None:
    names = {
        "export": "film.export",
        "preferences": "edit.preferences",
        "shortcuts": "edit.shortcuts",
        "hardware": "help.hardware",
        "about": "help.about",
        "check": "render.check",
    }
    for name, action_id in names.items():
        before = set(QApplication.topLevelWidgets())
        user.trigger(action_id)
        user.look(1)
        for widget in set(QApplication.topLevelWidgets()) - before:
            if isinstance(widget, QDialog) and widget.isVisible():
                camera.dialog(name, widget)


@contextmanager
def _tab(user: User, index: int) -> Iterator[None]:
    inspector = user.panel(InspectorPanel)
    inspector.show_page(index)
    user.look()
    yield
    inspector.show_page(0)
