"""Makes scenes: of decoded frames, of the clip in the making, and of words where there is neither."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage

from svi_studio.document.preview.film_frames import Spot
from svi_studio.document.preview.live_clip import LiveClip
from svi_studio.document.preview.scene import Badge, Scene, Side, View
from svi_studio.document.preview.start_pictures import StartPictures
from svi_studio.document.preview.wording import (
    badges_of,
    clip_name,
    compared_name,
    goes_on_words,
    words_for_problem,
    words_while_made,
    words_without_take,
)
from svi_studio.jobs.frames.frame_cache import FrameKey

if TYPE_CHECKING:
    from svi_studio.document.opening.open_film import OpenFilm

_UNKNOWN_SIZE = QSize(832, 480)


class Staging(QObject):
    """``pictures_changed``: a scene of words would have another picture behind it now."""

    pictures_changed = Signal()

    def __init__(self, film: "OpenFilm", live: LiveClip, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = film.document
        self._takes = film.takes
        self._states = film.states
        self._live = live
        self._pictures = StartPictures(film.document, self)
        self._pictures.ready.connect(self.pictures_changed)

    def close(self) -> bool:
        """Ends the thread that reads pictures; returns whether it has ended."""
        return self._pictures.close()

    def nothing(self) -> Scene:
        """The scene of a film without clips."""
        return self._scene((Side(),))

    def of_frames(self, spots: tuple[Spot, ...], view: View, images: Mapping[FrameKey, QImage | None]) -> Scene:
        """The scene for ``spots``, with those of the decoded frames that are among ``images``."""
        sides = tuple(self._side(spot, view, images) for spot in spots)
        badges = badges_of(spots[0].view) if view.clip_id is None else ()
        return self._scene(sides, view, badges)

    def of_making(self, index: int, start: QImage | None = None) -> Scene:
        """The scene for the clip in the making, at ``index`` of the film.

        ``start`` is the frame that it continues from, which is shown until its first preview is there.
        """
        live = self._live
        if live.image is None and start is not None:
            badges = (Badge(clip_name(index), "clip-rendering"), Badge(goes_on_words()))
            return self._scene((Side(start),), badges=badges, progress=live.progress)
        if live.image is None:
            words = words_while_made(live, self._document.storyboard, index)
            return self._scene((Side(words=words, behind=self._start_picture(index)),), progress=live.progress)
        badges = (Badge(clip_name(index), "clip-rendering"), Badge(live.text))
        return self._scene((Side(live.image, smooth=True),), badges=badges, progress=live.progress)

    def _side(self, spot: Spot, view: View, images: Mapping[FrameKey, QImage | None]) -> Side:
        if spot.key is None:
            before = images.get(spot.start_key) if spot.start_key is not None else None
            words = words_without_take(self._document.storyboard, spot)
            return Side(words=words, behind=before or self._start_picture(spot.index))
        image = images.get(spot.key)
        if image is None:
            return Side(words=words_for_problem(spot))
        if len(view.takes) < 2 or spot.take_hash is None:
            return Side(image)
        name = compared_name(self._takes, spot.take_hash, view.takes)
        return Side(image, caption=name, stars=self._takes.rating(spot.take_hash))

    def _start_picture(self, index: int) -> QImage | None:
        facts, board = self._states.facts, self._document.storyboard
        return self._pictures.of_clip(index, board.size if facts is None else facts.facts.size)

    def _scene(
        self,
        sides: tuple[Side, ...],
        view: View = View(),  # noqa: B008 - a value
        badges: tuple[Badge, ...] = (),
        progress: float | None = None,
    ) -> Scene:
        facts = self._states.facts
        shown = next((side.image.size() for side in sides if side.image is not None and not side.smooth), _UNKNOWN_SIZE)
        size = shown if facts is None else QSize(*facts.facts.size)
        enlarge = 1 if facts is None else facts.facts.card.enlarge
        layout = view.layout
        return Scene(sides, layout, badges, progress, size, enlarge)
