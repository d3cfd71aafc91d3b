"""The files of a film's story, in a thread: prompts read and written, a sound's length, pictures to start from."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.story.story_writers import StoryWriters
from svi_studio.domain.errors import as_studio_error
from svi_studio.jobs.threads.background import Background

if TYPE_CHECKING:
    from svi_studio.domain.story.proposal import Proposal
    from svi_studio.domain.story.starting_picture import StartingPicture


class StoryFiles(QObject):
    """``then`` gets what was read; a fault is told by the film's ``refused``."""

    def __init__(self, film: OpenFilm, writers: StoryWriters, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._film, self._writers = film, writers
        self._work = Background("story", self)
        self._fetched: TemporaryDirectory[str] | None = None

    def clips_for_sound(self, file: Path, then: Callable[[int], object]) -> None:
        """How many clips make the film as long as the sound in ``file``."""
        from svi_studio.document.story.story_length import clips_for_sound  # noqa: PLC0415 - only when it is wanted

        family, head = self._film.document.storyboard.family, self._film.playhead
        frames, fps = head.num_frames, head.fps
        self._do(lambda: clips_for_sound(file, family, frames, fps), then)

    def ready_made(self, then: "Callable[[tuple[StartingPicture, ...]], object]") -> None:
        """The pictures that come with the program, as far as the film's model can draw them."""
        from svi_studio.storyline.vocabulary.starting_pictures import starting_pictures  # noqa: PLC0415 - only when it is wanted

        self._do(lambda: starting_pictures(self._writers.known_words()), then)

    def read_prompts(self, path: Path, then: "Callable[[Proposal, str], object]") -> None:
        """The prompts in a text file as clips of the film, and a sentence that says how they were read."""
        from svi_studio.document.story.prompt_files import read_proposal  # noqa: PLC0415 - only when it is wanted

        board = self._film.document.storyboard
        self._do(lambda: read_proposal(path, board), lambda read: then(*read))

    def write_prompts(self, path: Path, kind: str, then: Callable[[], object]) -> None:
        """Writes the film's prompts to ``path`` in the format called ``kind``."""
        from svi_studio.storyline.text_formats import write_prompt_file  # noqa: PLC0415 - only when it is wanted

        board = self._film.document.storyboard
        self._do(lambda: write_prompt_file(path, board, kind), lambda _none: then())

    @property
    def pictures_folder(self) -> Path:
        """Where pictures that were found wait until the film takes them; it goes with the film's window."""
        if self._fetched is None:
            self._fetched = TemporaryDirectory(prefix="svi-pictures-", ignore_cleanup_errors=True)
        return Path(self._fetched.name)

    def close(self) -> bool:
        """Ends the thread, removes pictures that nobody took; returns whether the thread has ended."""
        ended = self._work.close()
        if self._fetched is not None:
            self._fetched.cleanup()
        return ended

    def _do(self, work: Callable[[], object], done: Callable[..., object]) -> None:
        def failed(error: Exception) -> None:
            told = as_studio_error(error)
            if told is None:
                raise error
            self._film.document.refused.emit(str(told))

        def ended(result: object) -> None:
            done(result)

        self._work.submit(work, ended, failed)
