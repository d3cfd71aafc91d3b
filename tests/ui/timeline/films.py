"""Films for tests, benchmarks and pictures of the timeline: any number of clips, some with takes, made in a moment."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from svi_studio.domain.film.storyboard import Clip, Marker, Storyboard
from svi_studio.domain.render.planner import FilmPlanner
from svi_studio.domain.takes.take import Take
from svi_studio.project.film.film_source import FilmSource
from svi_studio.project.film.prepare import read_facts
from svi_studio.project.film.project_file import Project
from svi_studio.resource_files import resource_path

SUBJECTS = (
    "The red puppet",
    "A blue ball",
    "The green kite",
    "The yellow bird",
    "Une petite fée",
    "دمية حمراء",
    "🚀 A rocket",
)
DEEDS = (
    "dances in the meadow.",
    "moves right on the beach, slowly, while the sun goes down behind the hills.",
    "rests.",
)


def storyboard_of(count: int, **changes: object) -> Storyboard:
    """A film of ``count`` clips with a cut now and then, own seeds, pictures and markers."""
    clips = tuple(
        Clip(
            id=f"c{index + 1}",
            prompt=f"{SUBJECTS[index * 5 % 7]} {DEEDS[index % 3]}" if index != count - 1 else "",
            cut=index % 7 == 6,
            seed=index * 1000 if index % 5 == 2 else None,
        )
        for index in range(count)
    )
    markers = tuple(Marker(frame=40 * index, label=f"Scene {index + 1}") for index in range(min(count // 4, 200)))
    return Storyboard(
        title="A film", family="film", reference_image="media/first.png", clips=clips, markers=markers
    ).model_copy(update=changes)


def make_film(folder: Path, storyboard: Storyboard, rendered: Sequence[int] = ()) -> Path:
    """A project in ``folder`` with takes for the clips ``rendered``; returns its path."""
    path = folder / "A film.svi"
    project = Project.create(path, storyboard)
    project.save(storyboard)
    picture = path / "media" / "first.png"
    picture.parent.mkdir(exist_ok=True)
    Image.open(resource_path("storyboards", "first-film.png")).convert("RGB").save(picture)
    if rendered:
        _commit_takes(project, path, storyboard, rendered)
    return path


def _commit_takes(project: Project, path: Path, storyboard: Storyboard, rendered: Sequence[int]) -> None:
    facts = read_facts(FilmSource(storyboard, path, path, is_bare=False)).facts
    planner = FilmPlanner(storyboard, facts, lambda _: True)
    poster = Image.open(path / "media" / "first.png").resize((80, 48))
    job = None
    for index in range(max(rendered) + 1):
        job = planner.job(index, job)
        if index in rendered:
            draft = project.takes.begin(job)
            Image.blend(poster, Image.new("RGB", poster.size, _colour(index)), 0.35).save(draft.path("poster.png"))
            draft.commit(Take(take_hash=job.take_hash, parent_hash=job.parent_hash, job=job, num_frames=job.num_frames))


def _colour(index: int) -> tuple[int, int, int]:
    return (index * 67 % 256, index * 131 % 256, index * 29 % 256)
