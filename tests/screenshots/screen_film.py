"""Films the window while someone makes their first film: an animated picture that a web page can show."""

import time
from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from svi_studio.domain.render.clip_state import ClipState
from svi_studio.resource_files import resource_path
from svi_studio.ui.studio import Studio
from svi_studio.ui.theme import theme
from tests.journey.user import User

SIZE = (1280, 800)
SHOWN = (960, 600)
SECONDS_A_FRAME = 0.2
WAITING_FASTER = 4  # while the model renders, only every fourth frame is kept

PROMPTS = (
    "The red puppet dances in the meadow.",
    "The red puppet moves right in the meadow.",
    "The scene changes to the beach. The red puppet rests.",
)


class ScreenFilm:
    """Looks at the window that the user looks at, a few times a second."""

    def __init__(self) -> None:
        self.studio: Studio | None = None
        self.faster = 1
        self._frames: list[Image.Image] = []
        self._seen = 0
        self._last = 0.0

    def watch(self) -> None:
        """Keep a frame when it is time for one."""
        now = time.monotonic()
        if now - self._last < SECONDS_A_FRAME or self.studio is None:
            return
        self._last = now
        self._seen += 1
        if self._seen % self.faster == 0:
            window = self.studio.windows[-1] if self.studio.windows else self.studio.welcome.window
            self._frames.append(_picture(window))

    def save(self, path: Path) -> None:
        """Write the frames; equal neighbours become one longer frame."""
        kept, durations = [self._frames[0]], [0]
        for frame in self._frames:
            if frame.tobytes() != kept[-1].tobytes():
                kept.append(frame)
                durations.append(0)
            durations[-1] += round(SECONDS_A_FRAME * 1000)
        durations = [min(duration, 1500) for duration in durations]
        kept[0].save(path, save_all=True, append_images=kept[1:], duration=durations, loop=0, quality=60, method=4)


def film_the_journey(studio: Studio, folder: Path) -> None:
    """The whole way, as ``journey.webp`` in ``folder``."""
    theme().set_mode("dark")
    folder.mkdir(parents=True, exist_ok=True)
    film = ScreenFilm()
    film.studio = studio
    user = User(studio, film.watch)
    studio.welcome.window.resize(*SIZE)
    user.look(1.5)
    user.new_film(resource_path("storyboards", "first-film.png"))
    user.window.resize(*SIZE)
    user.look(0.5)
    user.type_prompt(PROMPTS[0], pause=0.03)
    for words in PROMPTS[1:]:
        user.trigger("clip.insert_after")
        user.type_prompt(words, pause=0.03)
    _render(user, film)
    _play(user)
    user.select(2)
    user.look(0.6)
    user.type_prompt("The red puppet jumps in the meadow.", pause=0.03)
    user.look(1)
    _render(user, film)
    _play(user)
    film.save(folder / "journey.webp")


def _render(user: User, film: ScreenFilm) -> None:
    user.look(0.8)
    user.press_render()
    user.look(0.6)
    film.faster = WAITING_FASTER
    user.wait(lambda: ClipState.RENDERING in user.states(), 120, "a clip is being made")
    film.faster = 2
    user.wait(lambda: set(user.states()) == {ClipState.DONE}, 300, "the film is done")
    film.faster = 1
    user.look(0.8)


def _play(user: User) -> None:
    user.trigger("play.start")
    user.trigger("play.toggle")
    user.look(user.window.film.playhead.time.seconds + 0.5)


def _picture(window: QWidget) -> Image.Image:
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    image = image.scaled(*SHOWN, mode=Qt.TransformationMode.SmoothTransformation)
    rows = image.constBits().tobytes()
    return Image.frombuffer("RGB", SHOWN, rows, "raw", "RGB", image.bytesPerLine(), 1).copy()
