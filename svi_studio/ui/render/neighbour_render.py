"""A clip that is made again between its neighbours: rendered at once, then both joins are told, with a way back."""

from PySide6.QtCore import QObject, Slot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.render.commands import RenderCommands
from svi_studio.document.takes.join_words import join_sentences
from svi_studio.document.takes.joins import Joins
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.window.banner import BannerStack, Way

_BANNER = "neighbours"


class NeighbourRender(QObject):
    """Follows one such clip at a time, until its joins are told or the film is edited otherwise."""

    def __init__(
        self, film: OpenFilm, commands: RenderCommands, joins: Joins, banners: BannerStack, actions: Actions
    ) -> None:
        super().__init__(banners)
        self._film, self._commands, self._joins, self._banners = film, commands, joins, banners
        self._actions = actions
        self._clip_id: str | None = None
        self._take: str | None = None
        self._at_work = False
        self._step = 0
        actions.connect_action("clip.render_between", film.commands.ends.render_between)
        film.commands.ends.between_neighbours.connect(self._begin)
        film.document.changed.connect(self._edited)
        film.states.settled.connect(self._render)
        film.takes.changed.connect(self._look)
        film.states.changed.connect(self._look_at_work)
        joins.measured.connect(self._look)
        for signal in (film.selection.changed, film.states.changed, film.states.settled):
            signal.connect(self._show_possible)
        self._show_possible()

    @Slot(str)
    def _begin(self, clip_id: str) -> None:
        self._clip_id, self._take, self._at_work = clip_id, None, False
        self._step = self._film.document.undo_stack.index()
        self._render()

    @Slot()
    def _render(self) -> None:
        """Begins as soon as the end picture was read, which takes a moment."""
        index = None if self._clip_id is None else self._film.document.index(self._clip_id)
        if index is None or self._clip_id is None or self._take is not None:
            return
        clip, job = self._film.document.storyboard.clips[index], self._film.states.job(self._clip_id)
        if job is None or (job.end_image, job.seed) != (clip.end_image, clip.seed):
            return  # planned before the edit; ``settled`` comes
        self._take = job.take_hash
        if not self._commands.render_clips([index]):
            self._clip_id = None
            return  # the render bar says why
        words = self.tr("Clip {number} is made again. It will end where clip {next} begins, which stays as it is.")
        self._banners.tell(_BANNER, "info", words.format(number=index + 1, next=index + 2), [self._way_back()])

    @Slot()
    def _look_at_work(self) -> None:
        """Says so when the render failed or was stopped; a take that comes later is told all the same."""
        index = None if self._clip_id is None else self._film.document.index(self._clip_id)
        if index is None or self._clip_id is None or self._take is None or self._film.takes.has(self._take):
            return
        at_work = self._film.states.state(self._clip_id).state in (ClipState.QUEUED, ClipState.RENDERING)
        if self._at_work and not at_work:
            words = self.tr("Clip {number} was not made again. Render it once more, or go back to the take it had.")
            self._banners.tell(_BANNER, "warn", words.format(number=index + 1), [self._way_back()])
        self._at_work = at_work

    @Slot()
    def _look(self) -> None:
        """Tells how the new take joins its neighbours, once that is measured."""
        index = None if self._clip_id is None else self._film.document.index(self._clip_id)
        if index is None or self._clip_id is None or self._take is None or not self._film.takes.has(self._take):
            return
        joins = self._joins.of_clip(self._clip_id)
        starts = self._film.document.storyboard.starts_chain(index)
        if joins.behind is None or (joins.before is None and not starts):
            return  # ``measured`` comes
        said = " ".join((self.tr("Clip {number} is new.").format(number=index + 1), *join_sentences(joins)))
        self._banners.tell(_BANNER, "ok", said, [self._way_back()])
        self._clip_id = None

    def _way_back(self) -> Way:
        return self.tr("Back to how it was"), self._go_back

    def _go_back(self) -> None:
        if self._film.document.undo_stack.index() == self._step:
            self._film.document.undo_stack.undo()

    @Slot()
    def _edited(self) -> None:
        """Another edit, or undo, ends the story: one step back would not be the way back any more."""
        if self._film.document.undo_stack.index() != self._step and _BANNER in self._banners.shown:
            self._clip_id = None
            self._banners.dismiss(_BANNER)

    @Slot()
    def _show_possible(self) -> None:
        some = self._film.selection.current is not None and not self._film.read_only
        self._actions.set_enabled("clip.render_between", some and not self._film.commands.ends.neighbours_problem())
