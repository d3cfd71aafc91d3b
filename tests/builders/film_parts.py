"""The parts of an open film put together for tests: without a disk, or on a small one."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QObject

from svi_studio.document.commands.commands import Commands
from svi_studio.document.commands.edits import Edits
from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.film.picture_import import PictureImport
from svi_studio.document.film.piece_selection import PieceSelection
from svi_studio.document.film.playhead import Playhead
from svi_studio.document.film.selection import Selection
from svi_studio.document.sound.sounds import Sounds
from svi_studio.document.states.clip_states import ClipStates
from svi_studio.document.states.take_index import TakeIndex
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.render.planner import FilmFacts
from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.takes.take import Take
from svi_studio.jobs.film.facts_reader import FactsReader
from svi_studio.jobs.threads.background import Background
from svi_studio.project.film.prepare import PreparedFacts
from svi_studio.project.film.project_file import Project
from svi_studio.project.takes.take_store import TakeStore

PICTURE = "first.png"
OTHER_PICTURE = "other.png"
IMPORTED_PICTURE = f"media/{'3' * 64}.png"
HASHES = {PICTURE: "1" * 64, OTHER_PICTURE: "2" * 64, IMPORTED_PICTURE: "3" * 64}


def story(*prompts: str, **settings: object) -> Storyboard:
    """A film of one clip a prompt, called c1, c2, ..., of the family that tells a story."""
    clips = tuple(Clip(id=f"c{k}", prompt=prompt) for k, prompt in enumerate(prompts, start=1))
    return Storyboard(**{"family": "film", "reference_image": PICTURE, "clips": clips, **settings})


def numbered(count: int, **settings: object) -> Storyboard:
    """A film of ``count`` clips with different words."""
    return story(*(f"a ball rolls, part {k}" for k in range(1, count + 1)), **settings)


def facts_of(images: Iterable[str] = HASHES) -> PreparedFacts:
    """What a small model says; pictures that are not among ``images`` are missing."""
    card = ModelCard(name="svi-mini", num_frames=21, width=80, height=48, fps=8.0)
    hashes = {name: HASHES[name] for name in images}
    lost = {name: f"The picture {name} is gone." for name in HASHES if name not in hashes}
    return PreparedFacts(FilmFacts(card, "0" * 64, {}, hashes, (80, 48), lost), Path("model"), ())


def take_for(job: ClipJob, created_at: str = "2026-01-01T00:00:00Z") -> Take:
    """A take of ``job`` as its manifest says it."""
    return Take(
        take_hash=job.take_hash, parent_hash=job.parent_hash, job=job, num_frames=job.num_frames, created_at=created_at
    )


def commit_take(project: Path, job: ClipJob, created_at: str = "2026-01-01T00:00:00Z") -> Take:
    """The same on the disk, with a poster and 1,000 bytes of video."""
    draft = TakeStore(project / "takes").begin(job)
    draft.path("frames.mkv").write_bytes(b"f" * 1000)
    draft.path("poster.png").write_bytes(b"poster")
    return draft.commit(take_for(job, created_at))


def make_project(folder: Path, storyboard: Storyboard) -> Path:
    """A project with its first picture; returns its folder."""
    project = Project.create(folder, storyboard)
    Image.new("RGB", (80, 48), "red").save(project.folder / PICTURE)
    return project.folder


@dataclass
class Parts:
    """A film that is open, in memory only."""

    owner: QObject
    document: FilmDocument
    selection: Selection
    playhead: Playhead
    takes: TakeIndex
    states: ClipStates
    pictures: PictureImport
    commands: Commands
    reader: FactsReader
    work: Background
    pieces: PieceSelection
    sounds: Sounds

    def know(self, facts: PreparedFacts) -> None:
        """Model and pictures are read, and everything is planned."""
        self.reader.facts.emit(facts)
        self.states.settle()

    def render(self, *indexes: int, created_at: str = "2026-01-01T00:00:00Z") -> list[Take]:
        """The clips at these places have takes now."""
        self.states.settle()
        clips = self.document.storyboard.clips
        jobs = [self.states.job(clips[index].id) for index in indexes]
        takes = [take_for(job, created_at) for job in jobs if job is not None]
        self.takes.found(tuple(takes))
        self.states.settle()
        return takes

    def close(self) -> None:
        self.states.close()
        self.document.undo_stack.clear()
        self.reader.close()
        self.sounds.close()
        self.work.close()


def open_parts(storyboard: Storyboard, folder: Path, read_only_reason: str = "") -> Parts:
    """Everything but the disk: nothing is scanned, read or written."""
    owner = QObject()
    work, reader = Background("test work", owner), FactsReader(owner)
    document = FilmDocument(folder, storyboard, read_only_reason, owner)
    selection, playhead = Selection(document, owner), Playhead(document, 21, 8.0, owner)
    takes = TakeIndex(folder, work, owner)
    takes.is_scanned = True
    states = ClipStates(document, takes, reader, owner)
    pictures = PictureImport(folder, work, owner)
    pictures.refused.connect(document.refused)
    pieces, sounds = PieceSelection(document, selection, owner), Sounds(document, playhead, owner)
    commands = Commands(Edits(document, selection, takes, states, owner), playhead, pictures, pieces, sounds)
    return Parts(owner, document, selection, playhead, takes, states, pictures, commands, reader, work, pieces, sounds)
