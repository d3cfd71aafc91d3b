"""Memory that runs out costs a step, never a clip: the film goes on by a smaller plan, and is the same film."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.architecture import ARCHITECTURES, WAN_2_2_I2V_A14B
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.render.events import RenderEvent
from svi_studio.domain.render.memory_ladder import Ladder
from svi_studio.domain.render.memory_needs import Stage
from svi_studio.domain.render.memory_plan import MemoryPlan
from svi_studio.domain.render.model_shape import ClipSize
from svi_studio.domain.render.plan import RenderPlan, plan_film
from svi_studio.domain.render.plan_words import UNLOCKED
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner
from svi_studio.domain.takes.take_files import LATENTS, LOSSLESS_VIDEO
from svi_studio.engine.chain.film import render_film, texts_of
from svi_studio.engine.chain.render_job import ready_models
from svi_studio.engine.denoising.kept_texts import UNWRITTEN
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.engine.memory.pinned import LOCKS
from svi_studio.media.video_reader import stream_frames
from svi_studio.project.takes.take_store import TakeStore
from svi_studio.weights.content_hash import file_hash
from svi_studio.weights.memory_needs import read_memory_needs
from tests.builders.fake_card import FakeCard
from tests.builders.memory_faults import FaultyMemory
from tests.builders.small_film import small_storyboard, write_picture
from tests.builders.tiny_models import build_two_experts

pytestmark = pytest.mark.timeout(1800)

CLIPS = 12
SIZE = (32, 16)
PLANS = {
    "everything on the card": MemoryPlan(branches_at_once=True),
    "streamed": MemoryPlan(
        resident_blocks=2, other_expert="waiting", text_encoder="while_working", vae="while_working"
    ),
    "nearly the smallest": MemoryPlan(
        resident_blocks=1,
        other_expert="read_again",
        text_encoder="processor",
        vae="while_working",
        branches_at_once=True,
    ),
}
PIECES: Sequence[tuple[Stage, int]] = (
    ("encoding", 0),
    ("denoising", 0),  # its LoRAs
    ("denoising", 1),
    ("denoising", 2),
    ("decoding", 0),
)
CASES = list(itertools.product(range(CLIPS), PIECES, PLANS))
"""All 180: at every clip, every piece of its work, by every plan."""
SAMPLE = {
    (2, "denoising", 1, "nearly the smallest"),
    (2, "encoding", 0, "everything on the card"),
    (1, "decoding", 0, "streamed"),
}


@cache
def _frames(path: Path) -> np.ndarray:
    return np.concatenate(list(stream_frames(path)))


@dataclass
class Scene:
    """A model, a film of it, and how its takes are without any trouble."""

    model: Path
    folder: Path
    plan: RenderPlan
    store: TakeStore
    models: dict[str, WanModels]

    def laid_out(self, name: str) -> WanModels:
        """The model by that plan, as if nothing had ever run out."""
        if name not in self.models:
            needs = read_memory_needs(self.model, ClipSize(*SIZE, 9))
            self.models[name] = ready_models(
                self.model, (), FakeCard(), plan=PLANS[name], smaller=Ladder(needs), texts=texts_of(self.plan.jobs)
            )
        models = self.models[name]
        assert models.memory is not None
        models.memory.obey(PLANS[name])
        return models

    def render(self, models: WanModels, store: TakeStore, events: list[RenderEvent], clips: int = CLIPS) -> None:
        """All takes that `store` lacks of the first `clips`."""
        plan = self.plan.model_copy(update={"jobs": self.plan.jobs[:clips]})
        render_film(plan, models, store, emit=events.append, should_stop=lambda: False, folder=self.folder)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("film")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        write_picture(folder / "first.png")
        model = build_two_experts(folder / "two", num_layers=3)
        board = small_storyboard([f"step {number}" for number in range(CLIPS)], "pro")
        card, architecture = ModelCard(name="tiny", fps=8.0), ARCHITECTURES[WAN_2_2_I2V_A14B]
        pictures = {name: file_hash(folder / name, folder / "hashes.json") for name in board.images()}
        facts = FilmFacts(card, "0" * 64, {}, pictures, SIZE, architecture=architecture)
        found = Scene(model, folder, plan_film(FilmPlanner(board, facts)), TakeStore(folder / "takes"), {})
        yield found


def frames_of(store: TakeStore, take_hash: str) -> np.ndarray:
    return _frames(store.file(take_hash, LOSSLESS_VIDEO))


def is_same_take(store: TakeStore, other: TakeStore, take_hash: str, *, tiled: bool) -> bool:
    """Bit for bit; of a film that was made in tiles from some step on, by no more than the rounding of its sums."""
    latents = [load_file(each.file(take_hash, LATENTS))["latents"].float() for each in (store, other)]
    frames = [frames_of(each, take_hash).astype(int) for each in (store, other)]
    if not tiled:
        return torch.equal(*latents) and np.array_equal(*frames)
    return torch.allclose(*latents, atol=1e-4) and bool(np.abs(frames[0] - frames[1]).max() <= 1)


def bytes_of(store: TakeStore, take_hash: str) -> dict[str, bytes]:
    folder = store.file(take_hash, LATENTS).parent
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def copied(scene: Scene, into: Path, clips: int) -> TakeStore:
    """A store with the takes of the first `clips` clips of the film without any trouble."""
    import shutil

    into.mkdir()
    for job in scene.plan.jobs[:clips]:
        shutil.copytree(scene.store.file(job.take_hash, LATENTS).parent, into / job.take_hash)
    return TakeStore(into)


def check(scene: Scene, case: tuple[int, tuple[Stage, int], str], place: Path, last: int) -> None:
    """Renders the film up to `last` with memory that runs out at the clip and piece of `case`."""
    clip, (stage, piece), name = case
    hashes = [job.take_hash for job in scene.plan.jobs[:last]]
    if not all(map(scene.store.has, hashes)):
        scene.render(ready_models(scene.model, (), "cpu"), scene.store, [], last)
    models, store, events = scene.laid_out(name), copied(scene, place, clip), _Heard()
    before = [bytes_of(store, each) for each in hashes[:clip]]
    assert models.memory is not None
    fault = FaultyMemory(models.memory, stage, piece, at=17 * clip % 40)
    events.begin_at(clip, fault.begin)
    try:
        scene.render(models, store, events, last)
    finally:
        models.memory.__dict__.pop("surviving")
    assert fault.has_raised
    (said,) = [event for event in events if event.kind == "memory_planned"]
    assert said.smaller and said.index == clip and said.plan == models.memory.plan != PLANS[name]
    assert [bytes_of(store, each) for each in hashes[:clip]] == before
    tiled = models.memory.plan.tiled_vae
    assert all(is_same_take(store, scene.store, each, tiled=tiled) for each in hashes[clip:])
    steps = [(event.index, event.step) for event in events if event.kind == "step_done"]
    assert steps == [(index, step) for index in range(clip, last) for step in (1, 2)], "no step was done twice"


class _Heard(list[RenderEvent]):
    """What was said, and a fault that counts from the beginning of a clip on."""

    def begin_at(self, clip: int, begin: Callable[[], None]) -> None:
        self._clip, self._begin = clip, begin

    def append(self, event: RenderEvent) -> None:
        super().append(event)
        if event.kind == "clip_started" and event.index == self._clip:
            self._begin()


@pytest.mark.parametrize(("clip", "stage", "piece", "name"), sorted(SAMPLE))
def test_a_film_goes_on_where_memory_ran_out(
    scene: Scene, clip: int, stage: Stage, piece: int, name: str, tmp_path: Path
) -> None:
    check(scene, (clip, (stage, piece), name), tmp_path / "takes", clip + 2)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: f"{piece[0]}-{piece[1]}")
def test_a_film_of_twelve_clips_goes_on_wherever_memory_runs_out(
    scene: Scene, piece: tuple[Stage, int], name: str, tmp_path: Path
) -> None:
    """To its end from each fourth clip; from the others to the next clip, whose takes are those of the film."""
    cases = [case for case in CASES if case[1:] == (piece, name)]
    assert len(cases) * len(PIECES) * len(PLANS) == 180
    for case in cases:
        clip = case[0]
        check(scene, case, tmp_path / str(clip), CLIPS if clip % 4 == 0 else min(clip + 2, CLIPS))


def test_a_card_that_is_too_small_for_the_plan_has_the_film_made_by_one_that_fits(scene: Scene, tmp_path: Path) -> None:
    hashes = [job.take_hash for job in scene.plan.jobs[:2]]
    scene.render(ready_models(scene.model, (), "cpu"), scene.store, [], 2)
    whole = FakeCard()
    everything = ready_models(scene.model, (), whole)
    limit = whole.now * 9 // 10  # one expert and the rest, without the other
    del everything
    card = FakeCard(limit)
    needs = read_memory_needs(scene.model, ClipSize(*SIZE, 9))
    models = ready_models(scene.model, (), card, plan=PLANS["everything on the card"], smaller=Ladder(needs))
    store = TakeStore(tmp_path / "takes")
    scene.render(models, store, [], 2)
    assert models.memory is not None and 0 < card.peak <= limit
    assert all(is_same_take(store, scene.store, each, tiled=models.memory.plan.tiled_vae) for each in hashes), (
        models.memory.plan
    )


def test_that_the_system_locks_too_little_memory_is_said_once(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LOCKS, "refused_at", None)
    models, events = scene.laid_out("streamed"), _Heard()
    events.begin_at(0, LOCKS.refused)  # the first expert's blocks were locked, those of the second are not
    scene.render(models, TakeStore(tmp_path / "takes"), events, 2)
    (said,) = [event for event in events if event.kind == "memory_planned"]
    assert (said.message, said.smaller, said.index) == (UNLOCKED, False, 0)
    quiet: list[RenderEvent] = []
    scene.render(scene.laid_out("everything on the card"), TakeStore(tmp_path / "others"), quiet, 1)
    assert not [event for event in quiet if event.kind == "memory_planned"], "nothing is streamed"


def test_that_texts_stay_in_memory_is_said_once(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(UNWRITTEN, "problem", "The encoded prompts cannot be written.")
    for name, count in (("streamed", 1), ("everything on the card", 0)):
        events: list[RenderEvent] = []
        scene.render(scene.laid_out(name), TakeStore(tmp_path / name), events, 2)
        assert [event.message for event in events if event.kind == "warning"] == [UNWRITTEN.problem] * count


def test_when_nothing_smaller_is_left_the_render_ends_with_a_sentence_and_keeps_its_takes(
    scene: Scene, tmp_path: Path
) -> None:
    models, store, events = scene.laid_out("streamed"), TakeStore(tmp_path / "takes"), _Heard()
    assert models.memory is not None
    models.memory.smaller, before = (lambda plan, stage, *, of_the_card: None), models.memory.smaller
    fault = FaultyMemory(models.memory, "denoising", 1, at=5)
    events.begin_at(1, fault.begin)
    try:
        with pytest.raises(StudioError, match="not enough memory for clip 2 of 32 x 16 pixels"):
            scene.render(models, store, events, 3)
    finally:
        models.memory.__dict__.pop("surviving")
        models.memory.smaller = before
    assert store.has(scene.plan.jobs[0].take_hash) and not store.has(scene.plan.jobs[1].take_hash)
