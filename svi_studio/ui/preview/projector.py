"""Puts on the canvas what the playhead, the view and the render say: asks for frames, shows them when they come."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Signal, Slot
from PySide6.QtGui import QImage

from svi_studio.document.clip_states import ClipStates
from svi_studio.domain.clip_state import ClipState
from svi_studio.jobs.frame_cache import FrameKey
from svi_studio.jobs.frame_decoder import DecodedFrames, FrameDecoder
from svi_studio.ui.preview.film_frames import FilmFrames, Spot
from svi_studio.ui.preview.follow import Follow
from svi_studio.ui.preview.live_clip import LiveClip
from svi_studio.ui.preview.scene import Badge, Scene, Side
from svi_studio.ui.preview.start_pictures import StartPictures
from svi_studio.ui.preview.views import CompareView, FilmView, View
from svi_studio.ui.preview.wording import (
    badges_of,
    clip_name,
    take_name,
    words_for_problem,
    words_while_made,
    words_without_take,
)

if TYPE_CHECKING:
    from svi_studio.document.open_film import OpenFilm

AHEAD_SECONDS = 0.5
MOST_AHEAD = 32
REST_SECONDS = 0.1  # a hand that scrubs is never that slow
AROUND = (1, -1, 2, -2, 3)  # frames that are decoded while the film stands, for the next press of an arrow


@dataclass(frozen=True, slots=True)
class _Wish:
    """A film frame, and what stands there in each picture."""

    frame: int
    spots: tuple[Spot, ...]
    view: View


class Projector(QObject):
    """``scene`` is what is to be drawn. ``spot`` is the place in the takes that is on the screen, None = no take."""

    scene_changed = Signal(object)
    projected = Signal(int)
    """The film frame with this number is in ``scene`` now."""
    view_changed = Signal()

    def __init__(
        self, film: "OpenFilm", decoder: FrameDecoder, live: LiveClip, follow: Follow, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = film.document
        self._playhead = film.playhead
        self._takes = film.takes
        self._states: ClipStates = film.states
        self._frames = FilmFrames(film)
        self._decoder = decoder
        self._live = live
        self._follow = follow
        self._pictures = StartPictures(film.document, self)
        self._waiting: dict[int, _Wish] = {}
        self._overtaken = 0
        self.view: View = FilmView()
        self.scene = Scene()
        self.spot: Spot | None = None
        decoder.decoded.connect(self._decoded)
        film.playhead.moved.connect(self.project)
        film.playhead.time_changed.connect(self.project)
        film.document.changed.connect(self.project)
        film.states.changed.connect(self._states_changed)
        film.states.facts_changed.connect(self.project)
        live.changed.connect(self._live_changed)
        follow.changed.connect(self.project)
        self._pictures.ready.connect(self.project)

    @property
    def is_waiting(self) -> bool:
        """Whether the frame under the playhead is still being decoded."""
        return bool(self._waiting)

    @property
    def shows_live(self) -> bool:
        """Whether the clip in the making is in the picture, whole."""
        here = self._frames.spot(self._playhead.frame)
        return self._follow.shows_live or (here is not None and self._shows_making(here))

    def close(self) -> bool:
        """End the thread that reads pictures; returns whether it has ended."""
        return self._pictures.close()

    def set_view(self, view: View) -> None:
        """Look at something else."""
        if view != self.view:
            self.view = view
            self.view_changed.emit()
            self.project()

    @Slot()
    def project(self) -> None:
        """Show the frame under the playhead, at once when it is cached, else as soon as it is decoded."""
        frame = self._playhead.frame
        spots = tuple(spot for take in self.view.takes if (spot := self._frames.spot(frame, take)) is not None)
        if self._follow.shows_live or not spots or self._shows_making(spots[0]):
            self._overtake()
            self._show_words(spots)
            return
        wish = _Wish(frame, spots, self.view)
        images = {spot.key: self._decoder.cached(spot.key) for spot in spots if spot.key is not None}
        is_there = all(image is not None for image in images.values())
        rest = 0.0 if self._playhead.rate else REST_SECONDS
        number = self._decoder.want(() if is_there else images, self._keys_ahead(wish), rest)
        if is_there:
            self._show(wish, images, number)
        else:
            self._waiting[number] = wish

    @Slot(object)
    def _decoded(self, decoded: DecodedFrames) -> None:
        wish = self._waiting.get(decoded.number)
        if wish is None or decoded.number <= self._overtaken:
            return
        images = {frame.key: frame.image for frame in decoded.frames}
        self._show(wish, images, decoded.number)

    def _show(self, wish: _Wish, images: dict[FrameKey, QImage | None], number: int) -> None:
        self._overtaken = number
        self._waiting = {later: each for later, each in self._waiting.items() if later > number}
        sides = tuple(self._side(spot, images, wish.view) for spot in wish.spots)
        self.spot = wish.spots[0] if wish.spots[0].key is not None and sides[0].image is not None else None
        self._set_scene(
            Scene(sides, wish.view.layout, self._badges(wish), size=self._size(sides), enlarge=self._enlarge())
        )
        self.projected.emit(wish.frame)

    def _side(self, spot: Spot, images: dict[FrameKey, QImage | None], view: View) -> Side:
        if spot.key is None:
            words = words_without_take(self._document.storyboard, spot)
            return Side(words=words, behind=self._pictures.of_clip(spot.index))
        image = images.get(spot.key)
        if image is None:
            return Side(words=words_for_problem(spot))
        if not isinstance(view, CompareView) or spot.take_hash is None:
            return Side(image)
        name = take_name(self._takes, view.clip_id, spot.take_hash)
        return Side(image, caption=name, stars=self._takes.rating(spot.take_hash))

    def _badges(self, wish: _Wish) -> tuple[Badge, ...]:
        return badges_of(wish.spots[0].view) if isinstance(wish.view, FilmView) else ()

    def _show_words(self, spots: tuple[Spot, ...]) -> None:
        """The clip in the making, or nothing at all when there are no clips."""
        self.spot = None
        board, clip_id = self._document.storyboard, self._live.clip_id
        index = self._document.index(clip_id) if clip_id is not None else None
        if index is None:
            self._set_scene(Scene((Side(),), size=self._size(()), enlarge=self._enlarge()))
        elif self._live.image is None:
            side = Side(words=words_while_made(self._live, board, index), behind=self._pictures.of_clip(index))
            self._set_scene(Scene((side,), size=self._size(()), enlarge=self._enlarge(), progress=self._live.progress))
        else:
            badges = (Badge(clip_name(index), "clip-rendering"), Badge(self._live.text))
            side = Side(self._live.image, smooth=True)
            scene = Scene((side,), badges=badges, progress=self._live.progress, size=self._size(()))
            self._set_scene(replace(scene, enlarge=self._enlarge()))
        if spots:
            self.projected.emit(self._playhead.frame)

    def _set_scene(self, scene: Scene) -> None:
        self.scene = scene
        self.scene_changed.emit(scene)

    def _overtake(self) -> None:
        """What was asked for before is not wanted any more."""
        self._overtaken = self._decoder.want(())
        self._waiting.clear()

    def _shows_making(self, spot: Spot) -> bool:
        making = spot.view.state == ClipState.RENDERING and spot.clip_id == self._live.clip_id
        return making and isinstance(self.view, FilmView)

    def _keys_ahead(self, wish: _Wish) -> Iterator[FrameKey]:
        rate = self._playhead.rate
        count = min(MOST_AHEAD, round(self._playhead.time.fps * abs(rate) * AHEAD_SECONDS))
        direction = 1 if rate > 0 else -1
        distances = tuple(range(direction, direction * (count + 1), direction)) if rate else AROUND
        for distance in distances:
            for take in wish.view.takes:
                if 0 <= wish.frame + distance <= self._playhead.last_frame:
                    spot = self._frames.spot(wish.frame + distance, take)
                    if spot is not None and spot.key is not None:
                        yield spot.key

    def _size(self, sides: tuple[Side, ...]) -> QSize:
        facts = self._states.facts
        if facts is not None:
            return QSize(*facts.facts.size)
        return next((side.image.size() for side in sides if side.image is not None), QSize(832, 480))

    def _enlarge(self) -> int:
        facts = self._states.facts
        return 1 if facts is None else facts.facts.card.enlarge

    @Slot(object)
    def _states_changed(self, clip_ids: frozenset[str] | None) -> None:
        here = self._frames.spot(self._playhead.frame)
        if clip_ids is None or here is None or here.clip_id in clip_ids:
            self.project()

    @Slot()
    def _live_changed(self) -> None:
        if self.shows_live or self.scene.progress is not None:
            self.project()
