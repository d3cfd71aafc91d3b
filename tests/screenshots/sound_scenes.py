"""The sound lane as it is seen: a Talk film that asks for a sound, a film with two, near and far, muted, as a grid."""

import tempfile
from pathlib import Path

from PySide6.QtWidgets import QApplication

from svi_studio.domain.film.track import InputKind
from svi_studio.ui.timeline.panel import TimelinePanel
from tests.builders.sounds import speech_like, tone
from tests.journey.user import User
from tests.screenshots.camera import Camera

SOUND = InputKind.SOUND


def photograph_sound(user: User, camera: Camera) -> None:
    """A film from an example, in both families."""
    count = len(user.studio.windows)
    user.studio.new_from_example("first-film")
    user.wait(lambda: len(user.studio.windows) > count, 30, "the window of the example")
    user.wait(lambda: user.window.film.states.facts is not None, 30, "the model was read")
    window, film = user.window, user.window.film
    film.commands.film.change("Talk", family="talk")
    user.look(1)
    camera.window("talk-without-sound", window)
    with tempfile.TemporaryDirectory() as folder:
        sounds = [speech_like(Path(folder, "Monologue of the red puppet.wav"), 12), tone(Path(folder, "Music.wav"), 4)]
        film.sound_import.bring_in(sounds)
        user.wait(lambda: not film.sound_import.is_busy, 60, "the sounds are there")
    film.commands.sounds.set_level(-6, 1)
    film.commands.sounds.set_fades(10, 14, 1)
    user.look(1)
    camera.window("talk-with-sound", window)
    film.commands.film.change("Film", family="film")
    film.pieces.choose(SOUND, 0)
    _near_and_far(user, camera)
    film.commands.sounds.toggle_mute()
    user.look(0.5)
    camera.window("sound-muted", window, [(1280, 800)])
    window.close()
    QApplication.processEvents()


def _near_and_far(user: User, camera: Camera) -> None:
    timeline = user.panel(TimelinePanel)
    timeline.view.fit()
    user.look(0.5)
    camera.window("sound-far", user.window)
    timeline.view.zoom_to(16.0)
    user.look(0.5)
    camera.window("sound-near", user.window)
    user.trigger("view.grid")
    user.look(0.5)
    camera.window("sound-grid", user.window, [(1280, 800)])
    user.trigger("view.grid")
