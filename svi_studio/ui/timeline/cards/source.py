"""Tells what each card shows: the film, its takes and states, gathered for one clip when it comes into view."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtGui import QPixmap

from svi_studio.document.film.storyboard_change import StoryboardChange
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.states.clip_view import ClipView
from svi_studio.document.timeline.film_layout import FilmLayout, film_layout
from svi_studio.document.words import film_length
from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.seeds import effective_seed
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.pictures.picture_look import AS_IT_IS, PictureLook
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.ui.timeline.cards.look import CardLook, words

translate = QCoreApplication.translate

MAX_LOOKS = 400
"""Looks hold pictures: so many are kept, which is more than are seen at once."""


class CardSource(QObject):
    """Looks of cards by place in the film. ``changed`` carries the clip ids that look different now, None = all."""

    changed = Signal(object)
    relaid = Signal()
    """Sent when the layout is another one: clips came, went, moved, or last differently."""

    def __init__(self, film: OpenFilm, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.film, self.thumbnails = film, thumbnails
        self.layout: FilmLayout = FilmLayout()
        self._laid_out: Storyboard | None = None
        self._looks: dict[str, tuple[int, CardLook]] = {}
        self._views: dict[str, ClipView] = {}
        self._waiting: dict[str, set[str]] = {}
        self._files: dict[str, Path | None] = {}
        film.document.changed.connect(self._edited)
        film.playhead.time_changed.connect(self._lay_out)
        film.states.changed.connect(self._states_changed)
        film.states.facts_changed.connect(lambda: self._states_changed(None))
        film.takes.changed.connect(self._states_changed)
        film.missing.found_again.connect(self._pictures_found_again)
        thumbnails.ready.connect(self._picture_came)
        thumbnails.live_changed.connect(lambda clip_id: self._states_changed({clip_id}))
        self._lay_out()

    def look(self, index: int, picture_height: int) -> CardLook:
        """What the card of the clip at ``index`` shows, with its picture ``picture_height`` logical pixels high."""
        clip_id = self.layout.clips[index].id
        found = self._looks.get(clip_id)
        if found is None or found[0] != picture_height:
            if len(self._looks) >= MAX_LOOKS:
                self._looks.pop(next(iter(self._looks)))
            found = self._looks[clip_id] = (picture_height, self._make(index, picture_height))
        return found[1]

    def view(self, index: int) -> ClipView:
        """The state of the clip at ``index``."""
        clip_id = self.layout.clips[index].id
        found = self._views.get(clip_id)
        if found is None:
            found = self._views[clip_id] = self.film.states.state(clip_id)
        return found

    def reference(self, path: str, height: int, clip_id: str) -> QPixmap | None:
        """A picture of the storyboard as the film sees it, ``height`` logical pixels high; None = not yet, or never."""
        file = self._file(path)
        if file is None:
            return None
        facts = self.film.states.facts
        board = self.film.document.storyboard
        look = board.picture_look(path, board.size if facts is None else facts.facts.size)
        return self._picture(file, height, clip_id, look)

    def length(self, index: int) -> str:
        """How long the film shows the clip at ``index``, in words."""
        frames = self.layout.edges[index + 1] - self.layout.edges[index]
        return film_length(frames / self.layout.fps)

    def no_prompt(self, index: int) -> str:
        """What stands in the place of a prompt: some families use the first clip's where there is none."""
        board = self.film.document.storyboard
        if index and board.profile_to_show.prompt_choice == "first" and board.clips[0].prompt.strip():
            return translate("Timeline", "As clip 1")
        return translate("Timeline", "No prompt yet")

    def _make(self, index: int, picture_height: int) -> CardLook:
        layout, clip = self.layout, self.layout.clips[index]
        view = self.view(index)
        seed = effective_seed(self.film.document.storyboard, index)
        board = self.film.document.storyboard
        picture, ghost = self._clip_picture(index, view, picture_height)
        end = board.end_image(index)
        end_picture = None if end is None else self.reference(end, picture_height, clip.id)
        return CardLook(
            number=index + 1,
            prompt=words(clip.prompt),
            hint=self.no_prompt(index),
            seed="" if seed is None else translate("Timeline", "seed {seed}").format(seed=seed),
            own_seed=clip.seed is not None,
            length=self.length(index),
            state=view.state,
            percent=round(100 * view.progress),
            message=view.message,
            locked=clip.locked,
            kept=view.kept,
            draft=translate("Timeline", "Draft") if view.is_draft else "",
            opens=layout.chain_starts[index],
            closes=index + 1 == len(layout) or layout.chain_starts[index + 1],
            ghost=ghost,
            picture=picture,
            picture_key=_key(picture),
            has_end=end is not None,
            end_picture=end_picture,
            end_key=_key(end_picture),
            from_video=board.start_video(index) is not None,
            video_words=(translate("Timeline", "From a video"), translate("Timeline", "Video")),
            own_loras=len(clip.loras),
        )

    def _clip_picture(self, index: int, view: ClipView, height: int) -> tuple[QPixmap | None, bool]:
        clip = self.layout.clips[index]
        live = self.thumbnails.live(clip.id) if view.state is ClipState.RENDERING else None
        if live is not None:
            return live, False
        if view.take_hash is not None:
            return self._picture(self.film.takes.poster(view.take_hash), height, clip.id), False
        board = self.film.document.storyboard
        path = clip.image or board.reference_image or board.start_video(index)
        if self.layout.chain_starts[index] and path:
            return self.reference(path, height, clip.id), True
        return None, False

    def _picture(self, path: Path, height: int, clip_id: str, look: PictureLook = AS_IT_IS) -> QPixmap | None:
        picture = self.thumbnails.pixmap(path, height, look)
        if picture is None:
            self._waiting.setdefault(str(path), set()).add(clip_id)
        return picture

    def _file(self, path: str) -> Path | None:
        if path not in self._files:
            try:
                self._files[path] = self.film.document.file(path)
            except StudioError:
                self._files[path] = None
        return self._files[path]

    @Slot()
    def _lay_out(self) -> None:
        self._laid_out = self.film.document.storyboard
        self.layout = film_layout(self._laid_out, self.film.playhead.time)
        self._looks.clear()
        self._views.clear()
        self.relaid.emit()

    @Slot(object)
    def _edited(self, change: StoryboardChange) -> None:
        """Lays the film out anew after an edit, unless only words of some clips changed."""
        if self._laid_out is change.after:
            return
        if change.order or change.film or change.markers or self._pictures_differ(change):
            self._lay_out()
            return
        self._laid_out = change.after
        self.layout = replace(self.layout, clips=change.after.clips)
        self._states_changed(change.clip_ids)

    def _pictures_differ(self, change: StoryboardChange) -> bool:
        """Whether a picture is another one that more than its own card shows, or what lies on the film's time."""
        places = [self.layout.positions[clip_id] for clip_id in change.clip_ids]
        pairs = ((change.before.clips[place], change.after.clips[place]) for place in places)
        return any((old.image, old.start_video) != (new.image, new.start_video) for old, new in pairs)

    @Slot(object)
    def _states_changed(self, clip_ids: object) -> None:
        if clip_ids is None:
            self._looks.clear()
            self._views.clear()
            self.changed.emit(None)
            return
        ids = set(clip_ids)  # type: ignore[call-overload]
        for clip_id in ids:
            self._looks.pop(clip_id, None)
            self._views.pop(clip_id, None)
        self.changed.emit(ids)

    @Slot(str)
    def _picture_came(self, path: str) -> None:
        ids = self._waiting.pop(path, None)
        if ids:
            self._states_changed(ids)

    @Slot()
    def _pictures_found_again(self) -> None:
        """Missing pictures are there now: read them, and show them."""
        for file in self._files.values():
            if file is not None:
                self.thumbnails.forget(file)
        self._files.clear()
        self._states_changed(None)


def _key(picture: QPixmap | None) -> int:
    return picture.cacheKey() if picture is not None else 0
