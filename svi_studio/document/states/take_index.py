"""Every take of the open film, in memory: found in its folder at opening, added as clips are rendered."""

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from svi_studio.domain.errors import StudioError, as_studio_error
from svi_studio.domain.takes.take import Take
from svi_studio.domain.takes.take_files import POSTER
from svi_studio.jobs.film.take_scanner import TakeScanner
from svi_studio.jobs.threads.background import Background
from svi_studio.project.takes.ratings import Ratings
from svi_studio.project.takes.take_catalogue import read_take
from svi_studio.project.takes.take_store import TakeStore


class TakeIndex(QObject):
    """The takes of the project in the folder ``project``; the disk is read and written in threads.

    Signals: ``changed`` with the ids of the clips (frozenset) whose takes or ratings changed; ``scanned`` when all that
    was there at opening is known; ``deleted`` with the bytes that it freed; ``refused`` with a sentence.
    """

    changed = Signal(object)
    scanned = Signal()
    deleted = Signal(object)  # an int of more than 32 bits
    refused = Signal(str)

    def __init__(self, project: Path, work: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = project / "takes"
        self.is_scanned = False
        self._store = TakeStore(self.folder)
        self._stars_file = Ratings(project)
        self._work = work
        self._takes: dict[str, Take] = {}
        self._of_clip: dict[str, set[str]] = {}
        self._owners: dict[str, set[str]] = {}
        self._stars: dict[str, int] = {}
        self._doubted: set[str] = set()
        self._lost: set[str] = set()
        self._fewest_steps: int | None = None
        self._fewest_pixels: int | None = None
        self._scanner = TakeScanner(project, self)
        self._scanner.found.connect(self.found)
        self._scanner.rated.connect(self._rated)
        self._scanner.scanned.connect(self._all_found)

    def scan(self) -> None:
        """Begins to read the folder."""
        self._scanner.start()

    def close(self) -> bool:
        """Ends the reading; returns whether its thread has ended."""
        return self._scanner.stop_and_join()

    def __len__(self) -> int:
        """How many takes there are."""
        return len(self._takes)

    @property
    def fewest_steps(self) -> int | None:
        """Denoising steps of the take with the fewest; None without takes. Most drafts have fewer than final takes."""
        return self._fewest_steps

    @property
    def fewest_pixels(self) -> int | None:
        """Pixels in a frame of the smallest take; None without takes. Most drafts are smaller than final takes."""
        return self._fewest_pixels

    def all(self) -> Iterable[Take]:
        """Every take, in no particular order."""
        return self._takes.values()

    def has(self, take_hash: str) -> bool:
        """Whether the take exists."""
        return take_hash in self._takes

    def get(self, take_hash: str) -> Take | None:
        """The manifest of a take; None when there is no such take."""
        return self._takes.get(take_hash)

    def of_clip(self, clip_id: str) -> tuple[Take, ...]:
        """The takes of a clip, newest first: those rendered for it and those that its settings give too."""
        takes = (self._takes[take_hash] for take_hash in self._of_clip.get(clip_id, ()))
        return tuple(sorted(takes, key=lambda take: (take.created_at, take.take_hash), reverse=True))

    def has_any(self, clip_id: str) -> bool:
        """Whether the clip has a take, of whatever settings."""
        return bool(self._of_clip.get(clip_id))

    def newest_of_clip(self, clip_id: str) -> str | None:
        """Hash of the newest take of a clip; None when it has none."""
        hashes = self._of_clip.get(clip_id)
        return max(hashes, key=lambda take_hash: (self._takes[take_hash].created_at, take_hash)) if hashes else None

    def attach(self, clip_id: str, take_hash: str) -> bool:
        """Adds a take that was rendered for another clip to this one too. Returns whether that is news."""
        if take_hash not in self._takes or take_hash in self._of_clip.get(clip_id, ()):
            return False
        self._lost.discard(clip_id)
        self._of_clip.setdefault(clip_id, set()).add(take_hash)
        self._owners.setdefault(take_hash, set()).add(clip_id)
        return True

    def rating(self, take_hash: str) -> int:
        """Stars of a take, 1 to 5; 0 = not rated."""
        return self._stars.get(take_hash, 0)

    def rate(self, take_hash: str, stars: int) -> None:
        """Gives a take 1 to 5 stars, or 0 to take them away."""
        if take_hash not in self._takes or stars == self.rating(take_hash) or not 0 <= stars <= 5:
            return
        self._stars[take_hash] = stars
        self._do(lambda: self._stars_file.set(take_hash, stars))
        self._tell([take_hash])

    def size(self, hashes: Iterable[str]) -> int:
        """Bytes that these takes have on the disk: what deleting them frees."""
        known = (self._takes[take_hash] for take_hash in set(hashes) if take_hash in self._takes)
        return sum(file.size for take in known for file in take.files)

    def delete(self, hashes: Iterable[str], shown: Collection[str] = ()) -> None:
        """Removes takes from the disk for good; ``deleted`` says how many bytes that freed.

        While the film is rendered, here or by another program, those that it has ``shown`` stay: it is made of them.
        """
        gone = [take_hash for take_hash in dict.fromkeys(hashes) if take_hash in self._takes]
        if gone:
            self._do(lambda: self._remove(gone, shown), lambda done: self._removed(*done))

    @property
    def has_lost_any(self) -> bool:
        """Whether there are clips for which ``has_lost`` holds."""
        return bool(self._lost)

    def has_lost(self, clip_id: str) -> bool:
        """Whether a take of the clip was found damaged since the film was opened, and none has come since."""
        return clip_id in self._lost

    def doubt(self, take_hash: str) -> None:
        """Checks the files of a take of which a frame could not be read; a damaged take counts no more."""
        if take_hash in self._takes and take_hash not in self._doubted:
            self._doubted.add(take_hash)
            self._do(lambda: self._store.is_damaged(take_hash), lambda yes: self._lose([take_hash] if yes else []))

    def look_again(self) -> None:
        """Drops takes that are not on the disk any more, after another program has met a damaged one."""
        known = list(self._takes)
        self._do(lambda: [each for each in known if self.folder.is_dir() and not self._store.has(each)], self._lose)

    def poster(self, take_hash: str) -> Path:
        """The picture that stands for a take."""
        return self.file(take_hash, POSTER)

    def file(self, take_hash: str, name: str) -> Path:
        """A file of a take; it may not be there when the take is not."""
        return self.folder / take_hash / name

    def add(self, take_hash: str) -> None:
        """Reads the take of a clip that was rendered, then emits ``changed``."""
        if take_hash not in self._takes:
            self._do(lambda: read_take(self.folder, take_hash), lambda take: self.found((take,) if take else ()))

    @Slot(object)
    def found(self, takes: tuple[Take, ...]) -> None:
        """Adds takes that were found in the folder."""
        for take in takes:
            self._takes[take.take_hash] = take
            steps, pixels = take.job.num_inference_steps, take.job.width * take.job.height
            self._fewest_steps = min(steps, self._fewest_steps or steps)
            self._fewest_pixels = min(pixels, self._fewest_pixels or pixels)
            self.attach(take.job.clip_id, take.take_hash)
            self._doubted.discard(take.take_hash)
        self._tell(take.take_hash for take in takes)

    @Slot(object)
    def _rated(self, stars: dict[str, int]) -> None:
        self._stars = dict(stars) | self._stars

    @Slot()
    def _all_found(self) -> None:
        self.is_scanned = True
        self.scanned.emit()

    def _remove(self, hashes: list[str], shown: Collection[str]) -> tuple[list[str], int, StudioError | None]:
        """Removes takes, in the thread; returns those that are gone, the bytes freed, and the error that stopped it."""
        freed = 0
        for number, take_hash in enumerate(hashes):
            try:
                if take_hash in shown and self._store.is_rendering():
                    return hashes[:number], freed, StudioError(_rendering())
                freed += self._store.delete(take_hash)
            except StudioError as error:
                return hashes[:number], freed, error
        return hashes, freed, None

    def _removed(self, hashes: list[str], freed: int, error: StudioError | None) -> None:
        self._forget(hashes)
        self.deleted.emit(freed)
        if error is not None:
            self.refused.emit(str(error))

    def _lose(self, hashes: list[str]) -> None:
        for take_hash in hashes:
            self._lost |= self._owners.get(take_hash, set())
        if hashes:
            self._forget(hashes)

    def _forget(self, hashes: list[str]) -> None:
        owners: set[str] = set()
        for take_hash in hashes:
            self._takes.pop(take_hash, None)
            owners |= self._owners.pop(take_hash, set())
        for clip_id in owners:
            self._of_clip[clip_id].difference_update(hashes)
        self.changed.emit(frozenset(owners))

    def _tell(self, hashes: Iterable[str]) -> None:
        self.changed.emit(frozenset[str]().union(*(self._owners.get(take_hash, ()) for take_hash in hashes)))

    def _do(self, work: Callable[[], object], done: Callable[..., None] = lambda _: None) -> None:
        self._work.submit(work, done, self._failed)

    def _failed(self, error: Exception) -> None:
        told = as_studio_error(error)
        if told is None:
            raise error
        self.refused.emit(str(told))


def _rendering() -> str:
    return QCoreApplication.translate(
        "TakeIndex", "This film is being rendered now, and is made of these takes: delete them when the render is over."
    )
