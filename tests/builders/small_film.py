"""A small film for tests: a storyboard with pictures on disk, its plan, and a folder that takes go to."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.render.events import RenderEvent
from svi_studio.domain.render.plan import RenderPlan
from svi_studio.domain.takes.take import Take
from svi_studio.engine.chain.film import render_film
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.project.takes.take_store import TakeStore
from tests.domain.whole_plan import plan_render

SIZE = (32, 16)


def small_storyboard(prompts: Iterable[str], family: str = "film") -> Storyboard:
    """One clip a prompt, two steps of nine frames each."""
    clips = tuple(Clip(id=f"c{k}", prompt=prompt) for k, prompt in enumerate(prompts, start=1))
    return Storyboard(
        title="A small film",
        family=family,
        reference_image="first.png",
        num_frames=9,
        num_inference_steps=2,
        guidance_scale=2.0,
        clips=clips,
    )


def write_picture(path: Path, red: int = 200) -> None:
    """A picture of a gradient, larger than the film."""
    picture = Image.linear_gradient("L").resize((70, 40))
    Image.merge(
        "RGB",
        (picture.point(lambda value: value * red // 255), picture, picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM)),
    ).save(path)


def plan_of(storyboard: Storyboard, folder: Path, size: tuple[int, int] = SIZE) -> RenderPlan:
    """The plan of `storyboard`, whose pictures lie in `folder`, at `size` = (width, height)."""
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in storyboard.images()}
    return plan_render(storyboard, ModelCard(name="tiny", fps=8.0, enlarge=2), "0" * 64, {}, hashes, size)


@dataclass
class Renders:
    """Renders plans into one store and remembers what was said."""

    folder: Path
    models: WanModels
    events: list[RenderEvent] = field(default_factory=list)
    stop_after: int | None = None

    def __post_init__(self) -> None:
        self.store = TakeStore(self.folder / "takes")

    def __call__(self, plan: RenderPlan) -> list[Take]:
        self.events.clear()
        return render_film(
            plan, self.models, self.store, emit=self.events.append, should_stop=self._should_stop, folder=self.folder
        )

    def heard(self, kind: str) -> list[Any]:
        """The events of one kind, of the last render."""
        return [event for event in self.events if event.kind == kind]

    def _should_stop(self) -> bool:
        return self.stop_after is not None and len(self.heard("step_done")) >= self.stop_after
