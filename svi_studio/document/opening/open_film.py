"""An open film with everything that belongs to it, put together once and taken apart once."""

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from svi_studio.document.commands.commands import Commands
from svi_studio.document.commands.edits import Edits
from svi_studio.document.film.calm_memory import film_closed, film_known, film_opened
from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.film.missing_media import MissingMedia
from svi_studio.document.film.picture_import import PictureImport
from svi_studio.document.film.piece_selection import PieceSelection
from svi_studio.document.film.playhead import Playhead
from svi_studio.document.film.selection import Selection
from svi_studio.document.opening.loaded_film import LoadedFilm
from svi_studio.document.preferences import Preferences
from svi_studio.document.skeleton.changes import SkeletonChanges
from svi_studio.document.skeleton.film_skeleton import FilmSkeleton
from svi_studio.document.skeleton.skeleton_import import SkeletonImport
from svi_studio.document.skeleton.wishes import SkeletonWishes
from svi_studio.document.sound.sound_finder import SoundFinder
from svi_studio.document.sound.sound_import import SoundImport
from svi_studio.document.sound.sounds import Sounds
from svi_studio.document.states.clip_states import ClipStates
from svi_studio.document.states.lora_questions import LoraQuestions
from svi_studio.document.states.memory_fit import FilmPace, MemoryFit
from svi_studio.document.states.model_reach import ModelReach
from svi_studio.document.states.pace_memory import PaceMemory
from svi_studio.document.states.take_index import TakeIndex
from svi_studio.document.states.track_rate import TrackRate
from svi_studio.jobs.film.edit_saver import EditSaver
from svi_studio.jobs.film.facts_reader import FactsReader
from svi_studio.jobs.render.render_turn import RenderTurn
from svi_studio.jobs.threads.background import Background


class OpenFilm(QObject):
    """``document``, ``selection``, ``pieces``, ``playhead``, ``takes``, ``states``, ``reach``, ``memory``,
    ``commands``, ``missing`` and ``writer``.

    ``writer`` is None when the film can only be read. ``recovered``: edits that a crash had left in the journal. Call
    ``start`` once everything is connected, and ``close`` before the object goes. ``closing`` comes first then: panels
    end their own threads.
    """

    closing = Signal()

    def __init__(self, loaded: LoadedFilm, parent: QObject | None = None) -> None:
        super().__init__(parent)
        project = loaded.project
        self.path = project.folder
        self.recovered = project.recovered if loaded.lock is not None else 0  # else another window's
        self._lock = loaded.lock
        self._work = Background("film work", self)
        self._reader = FactsReader(self)
        self.document = FilmDocument(project.folder, project.storyboard, loaded.read_only_reason, self)
        self._last_saved = project.last_saved
        self.writer = EditSaver(project, self) if loaded.lock is not None else None
        self._keep_soon = QTimer(self)  # once everybody showed the edit: saving it would take turns with that
        self._keep_soon.setSingleShot(True)
        self._keep_soon.setInterval(0)
        self._keep_soon.timeout.connect(self._keep)
        if self.writer is not None:
            self.document.changed.connect(self._edited)
            self.writer.state_changed.connect(self.document.tell_save_state)
        self.selection = Selection(self.document, self)
        self.pieces = PieceSelection(self.document, self.selection, self)
        self.playhead = Playhead(self.document, loaded.num_frames, loaded.fps, self)
        self.takes = TakeIndex(project.folder, self._work, self)
        self.takes.refused.connect(self.document.refused)
        self.states = ClipStates(self.document, self.takes, self._reader, self)
        self.states.facts_changed.connect(self._follow_model)
        self._track_rate = TrackRate(self.document, self.playhead, self.states, self)
        self.reach = ModelReach(self.document, self.states, self._work, self)
        self.paces = PaceMemory()
        self.memory = MemoryFit(self.document, self.states, FilmPace(self.takes, self.paces), self)
        self.lora_questions = LoraQuestions(self.document, self.states, self)
        self.pictures = PictureImport(project.folder, self._work, self)
        self.pictures.refused.connect(self.document.refused)
        edits = Edits(self.document, self.selection, self.takes, self.states, self)
        self.sounds = Sounds(self.document, self.playhead, self)
        self.commands = Commands(edits, self.playhead, self.pictures, self.pieces, self.sounds)
        self.sound_import = SoundImport(self.document, self.playhead, self.sounds, self)
        self.sound_finder = SoundFinder(self.document, self.playhead, self)
        self.preferences: Preferences | None = None
        self.skeleton = FilmSkeleton(self.document, self.playhead, self.states, self)
        self.skeleton_changes = SkeletonChanges(self.skeleton, self.commands.tracks, self)
        self.skeleton_wishes = SkeletonWishes(self)
        self.dances = SkeletonImport(self.skeleton, self.skeleton_changes, self.commands.tracks, self)
        self.turn: RenderTurn | None = None
        self.missing = MissingMedia(self.document, self._work, self)
        self.missing.found_again.connect(self.states.read_facts)
        self.missing.found_again.connect(self.skeleton.shelf.read_again)
        self.missing.found_again.connect(self.sounds.forget_problems)

    def share(self, preferences: Preferences, turn: RenderTurn) -> None:
        """Shares the turn to render and the paces of takes with the program's other films; call it before ``start``.

        ``preferences`` also say how films are heard.
        """
        self.preferences = preferences
        self.paces.keep_in(preferences)
        self.memory.keep_in(preferences)
        self.turn = turn

    @property
    def read_only(self) -> bool:
        """Whether the film can only be looked at; ``document.read_only_reason`` says why."""
        return self.document.read_only

    @property
    def unsaved(self) -> bool:
        """Whether edits are in memory only, because the disk refuses them."""
        return self.writer is not None and (self.writer.unsaved or self._keep_soon.isActive())

    def start(self) -> None:
        """Begins to read takes, model and pictures, in threads."""
        film_opened()
        self.states.settled.connect(film_known, Qt.ConnectionType.SingleShotConnection)
        if self.recovered and self.writer is not None:
            self.document.begin_from(self._last_saved, self._recovery_text())
            self.writer.save()
        self.takes.scan()
        self.states.read_facts()
        self.missing.look()
        self.sounds.start()
        clips = self.document.storyboard.clips
        if clips:
            self.selection.select([clips[0].id])

    def close(self) -> bool:
        """Saves, ends every thread, lets go of the film; returns whether all edits are on the disk."""
        self.closing.emit()
        self._keep()
        saved = self.writer.close() if self.writer is not None else True
        self.states.close()
        self.missing.close()
        sounds = (self.sound_finder, self.sound_import, self.sounds)
        skeletons = (self.dances, self.skeleton_changes, self.skeleton)
        for part in (*sounds, *skeletons, self.memory, self.takes, self._reader, self._work):
            part.close()
        self.document.undo_stack.clear()
        film_closed()
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        return saved

    def _recovery_text(self) -> str:
        if self.recovered == 1:
            return self.tr("Restore 1 edit")
        return self.tr("Restore {} edits").format(self.recovered)

    @Slot(object)
    def _edited(self, _change: object) -> None:
        self._keep_soon.start()

    @Slot()
    def _keep(self) -> None:
        self._keep_soon.stop()
        if self.writer is not None and self.document.storyboard is not self.writer.newest:
            self.writer.keep(self.document.storyboard)

    @Slot()
    def _follow_model(self) -> None:
        facts = self.states.facts
        if facts is not None:
            self.playhead.set_model(facts.facts.card.num_frames, facts.facts.card.fps)
