"""The preview of a film without its widgets: what it looks at, what follows the render, and how the film plays."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.preview.film_frames import FilmFrames
from svi_studio.document.preview.follow import Follow
from svi_studio.document.preview.frame_commands import FrameCommands
from svi_studio.document.preview.live_clip import LiveClip
from svi_studio.document.preview.player import Player
from svi_studio.document.preview.projector import Projector
from svi_studio.document.preview.scene import Layout
from svi_studio.document.preview.views import CompareView, FilmView, TakeView, View
from svi_studio.jobs.frame_decoder import FrameDecoder

if TYPE_CHECKING:
    from svi_studio.document.open_film import OpenFilm
    from svi_studio.document.render.queue import RenderQueue


class Preview(QObject):
    """``show_take`` and ``compare`` look at takes, ``show_film`` goes back; ``close`` before it goes.

    ``view_changed``: it looks at something else, or what that is has changed.
    """

    view_changed = Signal()

    def __init__(self, film: "OpenFilm", queue: "RenderQueue", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self.frames = FilmFrames(film)
        self.decoder = FrameDecoder(self)
        self.live = LiveClip(queue, self)
        self.follow = Follow(self.live, film.playhead, self)
        self.projector = Projector(film, self.decoder, self.live, self.follow, self)
        self.player = Player(film.playhead, self, so_far=self.frames.rendered_end)
        self.frame_commands = FrameCommands(film, self.projector, self)
        film.playhead.moved.connect(self._leave_clip)
        film.takes.changed.connect(self._takes_changed)

    @property
    def view(self) -> View:
        """What it looks at."""
        return self.projector.view

    @property
    def span(self) -> tuple[int, int] | None:
        """First and last film frame of the clip whose takes it looks at; None = the whole film."""
        return None if isinstance(self.view, FilmView) else self.frames.span(self.view.clip_id)

    @property
    def live_index(self) -> int | None:
        """Place in the film of the clip that is being made; None when none of it is."""
        return self._film.document.index(self.live.clip_id) if self.live.clip_id is not None else None

    def show_take(self, take_hash: str) -> None:
        """Look at one take in its clip's place; nothing in the film changes."""
        clip_id = self._clip_of(take_hash)
        if clip_id is not None:
            self._set_view(TakeView(clip_id, take_hash))

    def compare(self, first: str, second: str) -> None:
        """Look at two takes frame by frame together."""
        clip_id = self._clip_of(first) or self._clip_of(second)
        if clip_id is not None and self._film.takes.has(second):
            self._set_view(CompareView(clip_id, first, second))

    @Slot()
    def show_film(self) -> None:
        """Back to the film."""
        self._set_view(FilmView())

    @Slot(str)
    def use_take(self, take_hash: str) -> None:
        """The clip that is looked at shows this take from now on."""
        if not isinstance(self.view, FilmView) and self._film.commands.choose_take(take_hash, self.view.clip_id):
            self.show_film()

    @Slot(object)
    def set_layout(self, layout: Layout) -> None:
        """Let the two takes stand so."""
        if isinstance(self.view, CompareView):
            self._set_view(replace(self.view, layout=layout))

    @Slot()
    def swap(self) -> None:
        """Let the two takes change places."""
        if isinstance(self.view, CompareView):
            self._set_view(replace(self.view, first=self.view.second, second=self.view.first))

    def is_usable(self, take_hash: str, clip_id: str) -> bool:
        """Whether the clip could become this take and is not it yet."""
        view = self._film.states.state(clip_id)
        return view.current_take != take_hash and not view.locked and not self._film.document.read_only

    def close(self) -> bool:
        """End what runs in the background; returns whether it has ended."""
        self.player.stop()
        return all([self.frame_commands.close(), self.projector.close(), self.decoder.close()])

    def _set_view(self, view: View) -> None:
        span = None if isinstance(view, FilmView) else self.frames.span(view.clip_id)
        self.player.set_limits(span)
        self.follow.set_busy(span is not None)
        if span is not None and not span[0] <= self._film.playhead.frame <= span[1]:
            self._film.playhead.set_frame(span[0])
        self.projector.set_view(view)
        self.view_changed.emit()

    def _clip_of(self, take_hash: str) -> str | None:
        """The clip in whose place a take is shown: the selected one or the one in the picture if it is its take."""
        spot = self.frames.spot(self._film.playhead.frame)
        take = self._film.takes.get(take_hash)
        near = [self._film.selection.current, spot.clip_id if spot else None]
        for clip_id in near:
            if clip_id is not None and take in self._film.takes.of_clip(clip_id):
                return clip_id
        made_for = take.job.clip_id if take is not None else None
        if made_for is not None and self._film.document.index(made_for) is not None:
            return made_for
        return spot.clip_id if spot is not None and take is not None else None

    @Slot(int)
    def _leave_clip(self, frame: int) -> None:
        """Who goes to another clip, in the timeline for example, wants to see the film again."""
        if not isinstance(self.view, FilmView) and ((span := self.span) is None or not span[0] <= frame <= span[1]):
            self.show_film()

    @Slot()
    def _takes_changed(self) -> None:
        if any(take is not None and not self._film.takes.has(take) for take in self.view.takes):
            self.show_film()
        elif not isinstance(self.view, FilmView):
            self.view_changed.emit()
