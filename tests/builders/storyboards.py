"""Random storyboards that are valid, and one plain film, for the tests of domain and project."""

from hypothesis import strategies as st

from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.storyboard import Clip, LoraUse, Marker, Storyboard
from svi_studio.domain.film.track import InputKind, Piece, Track
from svi_studio.domain.pictures.credit import Credit
from svi_studio.domain.render.plan import RenderPlan
from tests.domain.whole_plan import plan_render

MINI = ModelCard(name="svi-mini", num_frames=21, width=80, height=48)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
prompts = words.filter(lambda text: text.strip() != "")
paths = st.sampled_from(["a.png", "media/b.jpg", "Bilder/ünï côdé.webp"])
seeds = st.integers(0, 2**53 - 1)


def clips(clip_id: str) -> st.SearchStrategy[Clip]:
    return st.builds(
        Clip,
        id=st.just(clip_id),
        prompt=prompts,
        negative_prompt=st.none() | words,
        seed=st.none() | seeds,
        cut=st.booleans(),
        image=st.none() | paths,
        num_inference_steps=st.none() | st.integers(1, 1000),
        guidance_scale=st.none() | st.floats(0, 100),
        locked=st.just(False),
        note=words,
    )


credits_of_pictures = st.builds(Credit, picture=paths, title=words, author=words, licence=words)


@st.composite
def tracks(draw: st.DrawFn, kind: InputKind = InputKind.SOUND, most: int = 5) -> Track:
    """Pieces with and without gaps between them, some of which go on with the one before."""
    pieces: list[Piece] = []
    for gap, length in draw(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 60)), max_size=most)):
        start = gap + (pieces[-1].stop if pieces else 0)
        offset = draw(st.just(pieces[-1].offset + pieces[-1].length if pieces else 0) | st.integers(0, 99))
        gain = draw(st.sampled_from([1.0, 0.5])) if kind is InputKind.SOUND else 1.0
        file = draw(st.sampled_from(["a.wav", "media/b.flac"]))
        pieces.append(Piece(file=file, start=start, length=length, offset=offset, gain=gain))
    return Track(kind=kind, pieces=tuple(pieces))


@st.composite
def storyboards(draw: st.DrawFn, min_clips: int = 0, max_clips: int = 8) -> Storyboard:
    ids = draw(st.lists(st.integers(1, 99), unique=True, min_size=min_clips, max_size=max_clips))
    return Storyboard(
        title=draw(words),
        family=draw(st.sampled_from(["shot", "film"])),
        reference_image=draw(paths),
        style=draw(words),
        negative_prompt=draw(st.none() | words),
        seed=draw(st.integers(0, 2**40)),
        loras=tuple(draw(st.lists(st.builds(LoraUse, file=paths, weight=st.floats(-10, 10)), max_size=2))),
        clips=tuple(draw(clips(f"c{number}")) for number in ids),
        markers=tuple(draw(st.lists(st.builds(Marker, frame=st.integers(0, 9999), label=words), max_size=2))),
        credits=tuple(draw(st.lists(credits_of_pictures, max_size=2, unique_by=lambda credit: credit.picture))),
        tracks=tuple(draw(tracks(kind)) for kind in draw(st.lists(st.sampled_from(InputKind), unique=True))),
        stability=draw(st.sampled_from([0.0, 0.35, 1.0, 2.0])),
    )


def film(count: int = 10, family: str = "film") -> Storyboard:
    """A film of ``count`` clips c1, c2, ... in one chain."""
    cards = tuple(Clip(id=f"c{number}", prompt=f"scene {number}") for number in range(1, count + 1))
    return Storyboard(title="A film", family=family, reference_image="a.png", clips=cards)


def plan_of(storyboard: Storyboard, card: ModelCard = MINI) -> RenderPlan:
    """The plan with made-up hashes that depend on the names only."""
    images = {path: f"{number:064x}" for number, path in enumerate(["a.png", "media/b.jpg", "Bilder/ünï côdé.webp"])}
    return plan_render(storyboard, card, "a" * 64, images, images, card.size or (80, 48))


def hashes(storyboard: Storyboard) -> list[str]:
    return [job.take_hash for job in plan_of(storyboard).jobs]
