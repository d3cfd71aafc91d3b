"""The preview of a film without its widgets: what it looks at, what follows the render, and how the film plays."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.preview.film_frames import FilmFrames
from svi_studio.document.preview.follow import Follow
from svi_studio.document.preview.frame_commands import FrameCommands
from svi_studio.document.preview.live_clip import LiveClip
from svi_studio.document.preview.onion_skin import OnionSkin
from svi_studio.document.preview.player import Player
from svi_studio.document.preview.projector import Projector
from svi_studio.document.preview.scene import Layout, View
from svi_studio.document.sound.playback import Playback
from svi_studio.jobs.frames.frame_decoder import FrameDecoder

if TYPE_CHECKING:
    from svi_studio.document.opening.open_film import OpenFilm
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
        self.playback = Playback(film.playhead, film.sounds, film.preferences, self)
        self.player = Player(film.playhead, self, so_far=self.frames.rendered_end, sound=self.playback)
        self.onion = OnionSkin(film, self)
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
        return None if self.view.clip_id is None else self.frames.span(self.view.clip_id)

    @property
    def live_index(self) -> int | None:
        """The place in the film of the clip that is being made; None while none of it is."""
        return self._film.document.index(self.live.clip_id) if self.live.clip_id is not None else None

    def show_take(self, take_hash: str) -> None:
        """Looks at one take in its clip's place; nothing in the film changes."""
        clip_id = self._clip_of(take_hash)
        if clip_id is not None:
            self._set_view(View(clip_id, (take_hash,)))

    def compare(self, first: str, second: str) -> None:
        """Looks at two takes frame by frame together."""
        clip_id = self._clip_of(first) or self._clip_of(second)
        if clip_id is not None and self._film.takes.has(second):
            self._set_view(View(clip_id, (first, second), Layout.SIDE_BY_SIDE))

    @Slot(str, str)
    def play_both(self, first: str, second: str) -> None:
        """Plays two takes together from their beginning."""
        self.compare(first, second)
        span = self.span
        if span is not None and self.view.takes == (first, second):
            self.player.jump(span[0])
            self.player.toggle()

    @Slot()
    def show_film(self) -> None:
        """Back to the film."""
        self._set_view(View())

    @Slot(str)
    def use_take(self, take_hash: str) -> None:
        """The clip that is looked at shows this take from now on."""
        if self.view.clip_id is not None and self._film.commands.takes.choose(take_hash, self.view.clip_id):
            self.show_film()

    @Slot(object)
    def set_layout(self, layout: Layout) -> None:
        """Lets the two takes stand so."""
        if len(self.view.takes) == 2:
            self._set_view(replace(self.view, layout=layout))

    @Slot()
    def swap(self) -> None:
        """Lets the two takes change places."""
        self._set_view(replace(self.view, takes=self.view.takes[::-1]))

    @property
    def usable(self) -> list[bool]:
        """Whether the clip that is looked at could become each of the takes, and is not it yet."""
        if self.view.clip_id is None or self._film.document.read_only:
            return [False for _ in self.view.takes]
        clip = self._film.states.state(self.view.clip_id)
        return [clip.current_take != take_hash and not clip.locked for take_hash in self.view.takes]

    def close(self) -> bool:
        """Ends what runs in the background; returns whether it has ended."""
        self.player.stop()
        ended = [self.frame_commands.close(), self.projector.close(), self.decoder.close(), self.playback.close()]
        return all(ended)

    def _set_view(self, view: View) -> None:
        span = None if view.clip_id is None else self.frames.span(view.clip_id)
        if span is not None and not span[0] <= self._film.playhead.frame <= span[1]:
            self._film.playhead.set_frame(span[0])  # before the limits: who looked at another clip leaves it here
        self.player.set_limits(span)
        self.follow.set_busy(span is not None)
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
        """Shows the film again when the user goes to another clip, in the timeline for example."""
        if self.view.clip_id is not None and ((span := self.span) is None or not span[0] <= frame <= span[1]):
            self.show_film()

    @Slot()
    def _takes_changed(self) -> None:
        if not all(map(self._film.takes.has, self.view.takes)):
            self.show_film()
        elif self.view.clip_id is not None:
            self.view_changed.emit()
