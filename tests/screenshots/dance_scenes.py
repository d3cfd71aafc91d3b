"""A dance: the film that lacks one, choosing the dancer, the lane with its inspector, alignment, small questions."""

import tempfile
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image
from PySide6.QtWidgets import QApplication, QDialog

from svi_studio.media.formats import FFV1
from svi_studio.media.video_writer import open_writer
from svi_studio.resource_files import resource_path
from svi_studio.ui.skeleton.added_dialog import AddedDialog
from svi_studio.ui.skeleton.align_dialog import AlignDialog
from svi_studio.ui.skeleton.search_dialog import SearchDialog
from svi_studio.ui.skeleton.small_dialogs import SizeDialog, SpeedDialog
from tests.builders.dances import SKELETON, dance, dance_file
from tests.journey.user import User
from tests.screenshots.camera import Camera

Dialog = TypeVar("Dialog", bound=QDialog)
SECONDS = 60


def photograph_dance(user: User, camera: Camera) -> None:
    """Every state of a film that follows a dance."""
    user.new_film(resource_path("storyline", "pictures", "puppet-red-meadow.png"))
    film = user.window.film
    user.wait(lambda: film.states.facts is not None, SECONDS, "the model was read")
    film.commands.film.change("Dance", family="dance")
    film.commands.clips.insert_prompts(["The red puppet dances in the meadow."] * 4, 1)
    user.type_prompt("The red puppet dances in the meadow.")
    user.look(1)
    camera.window("dance-empty", user.window)
    with tempfile.TemporaryDirectory() as folder:
        _search(user, camera, Path(folder))
        _lay(user, camera, Path(folder))
    _questions(user, camera)
    user.studio.show_welcome()
    user.close_window()


def _search(user: User, camera: Camera, folder: Path) -> None:
    """A video in which somebody is to be clicked."""
    video = folder / "somebody.mkv"
    picture = np.asarray(Image.open(resource_path("pictures", "window.png")).convert("RGB"))
    with open_writer(video, width=picture.shape[1], height=picture.shape[0], fps=12, film_format=FFV1) as film:
        film.write(np.repeat(picture[None], 6, axis=0))
    user.window.film.dances.bring_in(video, 0)
    dialog = _shown(user, SearchDialog)
    user.wait(lambda: dialog.search.image is not None, SECONDS, "the first picture")
    camera.dialog("dance-search", dialog)


def _lay(user: User, camera: Camera, folder: Path) -> None:
    """A dance with gaps, what it still needs, and where the puppet's joints are."""
    film = user.window.film
    film.dances.bring_in(dance_file(folder, dance(60, gaps=((20, 29), (44, 47)))), 0)
    added = _shown(user, AddedDialog)
    camera.keep("dance-added", added)
    added.accept()
    align = _shown(user, AlignDialog)
    user.wait(align.ok.isEnabled, SECONDS, "the joints of the puppet")
    camera.keep("dance-align", align)
    align.accept()
    user.wait(lambda: film.skeleton.shelved(0) is not None, SECONDS, "the aligned dance")
    film.pieces.choose(SKELETON, 0)
    film.playhead.set_frame(8)
    user.look(1)
    camera.window("dance", user.window)


def _questions(user: User, camera: Camera) -> None:
    wishes = user.window.film.skeleton_wishes
    for name, wish, kind in (("dance-speed", wishes.speed, SpeedDialog), ("dance-size", wishes.scale, SizeDialog)):
        wish.emit(0)
        camera.dialog(name, _shown(user, kind))


def _shown(user: User, kind: type[Dialog]) -> Dialog:
    def there() -> list[Dialog]:
        return [each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()]

    user.wait(lambda: bool(there()), SECONDS, f"a {kind.__name__}")
    return there()[0]
