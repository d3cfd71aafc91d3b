"""Puts on the canvas what the playhead, the view and the render say: asks for frames, shows them when they come."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from svi_studio.document.preview.film_frames import FilmFrames, Spot
from svi_studio.document.preview.follow import Follow
from svi_studio.document.preview.live_clip import LiveClip
from svi_studio.document.preview.scene import Scene, View
from svi_studio.document.preview.staging import Staging
from svi_studio.document.subtitles.subtitle_pictures import SubtitlePictures
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.jobs.frames.frame_cache import FrameKey
from svi_studio.jobs.frames.frame_decoder import DecodedFrames, FrameDecoder

if TYPE_CHECKING:
    from svi_studio.document.opening.open_film import OpenFilm

AHEAD_SECONDS = 0.5
MOST_AHEAD = 32
REST_SECONDS = 0.1  # while scrubbing, frames come faster than that
AROUND = (1, -1, 2, -2, 3)  # frames that are decoded while the film stands, for the next press of an arrow


@dataclass(frozen=True, slots=True)
class _FrameRequest:
    """A film frame, and what stands there in each picture.

    ``making``: instead of it the clip at this place is shown, which is being made and goes on from the frame ``start``.
    """

    frame: int
    spots: tuple[Spot, ...]
    view: View
    making: int | None = None
    start: FrameKey | None = None

    @property
    def keys(self) -> tuple[FrameKey, ...]:
        """The frames that are to be decoded."""
        keys = (self.start,) if self.making is not None else (spot.key or spot.start_key for spot in self.spots)
        return tuple(key for key in keys if key is not None)


class Projector(QObject):
    """``scene`` is what is to be drawn. ``spot`` is the place in the takes that is on the screen, None = no take."""

    scene_changed = Signal(object)
    projected = Signal(int)
    """The film frame with this number is in ``scene`` now."""

    def __init__(
        self, film: "OpenFilm", decoder: FrameDecoder, live: LiveClip, follow: Follow, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = film.document
        self._playhead = film.playhead
        self._takes = film.takes
        self._frames = FilmFrames(film)
        self._decoder = decoder
        self._live = live
        self._follow = follow
        self._staging = Staging(film, live, self)
        self._subtitles = SubtitlePictures(film.document, film.playhead, self)
        self._waiting: dict[int, _FrameRequest] = {}
        self._overtaken = 0
        self.view = View()
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
        self._staging.pictures_changed.connect(self.project)
        self._subtitles.came.connect(self.project)

    @property
    def is_waiting(self) -> bool:
        """Whether the frame under the playhead is still being decoded."""
        return bool(self._waiting)

    @property
    def shows_live(self) -> bool:
        """Whether the clip in the making is in the picture, whole."""
        here = self._frames.spot(self._playhead.frame)
        shows = self._follow.shows_live or (here is not None and self._is_made_at(here))
        return shows and self._making_index() is not None

    def close(self) -> bool:
        """Ends the threads that read and paint pictures; returns whether they have ended."""
        return all([self._staging.close(), self._subtitles.close()])

    def set_view(self, view: View) -> None:
        """Shows another view: the film, one take, or two takes compared."""
        if view != self.view:
            self.view = view
            self.project()

    @Slot()
    def project(self) -> None:
        """Shows the frame under the playhead, at once when it is cached, else as soon as it is decoded."""
        frame = self._playhead.frame
        found = (self._frames.spot(frame, take) for take in self.view.takes or (None,))
        spots = tuple(spot for spot in found if spot is not None)
        making = self._making_index()
        if not spots:
            self._show_without_frames(self._staging.nothing())
        elif making is not None and (self._follow.shows_live or self._is_made_at(spots[0])):
            self._show_making(making)
        else:
            self._show_frames(_FrameRequest(frame, spots, self.view))

    def _show_making(self, index: int) -> None:
        """Shows the newest preview of the clip in the making, before the first one the frame that it continues from."""
        start = self._frames.start_key(index) if self._live.image is None else None
        if start is None:
            self._show_without_frames(self._staging.of_making(index))
        else:
            self._show_frames(_FrameRequest(self._playhead.frame, (), self.view, index, start))

    def _show_frames(self, request: _FrameRequest) -> None:
        images = {key: self._decoder.cached(key) for key in request.keys}
        is_there = all(image is not None for image in images.values())
        rest = 0.0 if self._playhead.rate else REST_SECONDS
        number = self._decoder.want(() if is_there else images, self._keys_ahead(request), rest)
        if is_there:
            self._show(request, images, number)
        else:
            self._waiting[number] = request

    @Slot(object)
    def _decoded(self, decoded: DecodedFrames) -> None:
        request = self._waiting.get(decoded.number)
        if request is not None and decoded.number > self._overtaken:
            self._show(request, {frame.key: frame.image for frame in decoded.frames}, decoded.number)

    def _show(self, request: _FrameRequest, images: dict[FrameKey, QImage | None], number: int) -> None:
        self._overtaken = number
        self._waiting = {later: each for later, each in self._waiting.items() if later > number}
        for key, image in images.items():
            if image is None:
                self._takes.doubt(key.path.parent.name)
        first = request.spots[0] if request.making is None else None
        self.spot = first if first is not None and first.key is not None and images.get(first.key) is not None else None
        if request.making is None:
            self._set_scene(self._staging.of_frames(request.spots, request.view, images), request.frame)
        else:
            self._set_scene(
                self._staging.of_making(request.making, images.get(request.start) if request.start else None),
                request.frame,
            )
        self.projected.emit(request.frame)

    def _show_without_frames(self, scene: Scene) -> None:
        """Shows a scene that needs no frames, and drops earlier requests for some."""
        self._overtaken = self._decoder.want(())
        self._waiting.clear()
        self.spot = None
        self._set_scene(scene, self._playhead.frame)
        self.projected.emit(self._playhead.frame)

    def _set_scene(self, scene: Scene, frame: int) -> None:
        if self.view.clip_id is None:
            size = scene.size.width() * scene.enlarge, scene.size.height() * scene.enlarge
            scene = replace(scene, subtitles=self._subtitles.at(frame, size))
        self.scene = scene
        self.scene_changed.emit(scene)

    def _making_index(self) -> int | None:
        """Place of the clip in the making in the film; None when no clip of it is being made."""
        clip_id = self._live.clip_id
        return self._document.index(clip_id) if clip_id is not None else None

    def _is_made_at(self, spot: Spot) -> bool:
        """Whether the clip under the playhead is the one in the making."""
        making = spot.view.state == ClipState.RENDERING and spot.clip_id == self._live.clip_id
        return making and self.view.clip_id is None

    def _keys_ahead(self, request: _FrameRequest) -> Iterator[FrameKey]:
        rate = self._playhead.rate
        count = min(MOST_AHEAD, round(self._playhead.time.fps * abs(rate) * AHEAD_SECONDS))
        direction = 1 if rate > 0 else -1
        distances = tuple(range(direction, direction * (count + 1), direction)) if rate else AROUND
        for distance in distances:
            for take in request.view.takes or (None,):
                if 0 <= request.frame + distance <= self._playhead.last_frame:
                    spot = self._frames.spot(request.frame + distance, take)
                    if spot is not None and spot.key is not None:
                        yield spot.key

    @Slot(object)
    def _states_changed(self, clip_ids: frozenset[str] | None) -> None:
        here = self._frames.spot(self._playhead.frame)
        if clip_ids is None or here is None or here.clip_id in clip_ids:
            self.project()

    @Slot()
    def _live_changed(self) -> None:
        if self.shows_live or self.scene.progress is not None:
            self.project()
