"""Test films during a training: fixed storyboards, base against LoRA, filmed by the engine as any film is."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import torch

from svi_studio.disk.atomic import plain_errors
from svi_studio.disk.plain_file import sha256_of
from svi_studio.disk.publish import remove
from svi_studio.domain.errors import BadProject
from svi_studio.domain.film.family import family
from svi_studio.domain.training.drift import (
    BASE,
    CONTROL,
    DRIFT_FILE,
    LORA,
    DriftArm,
    DriftReport,
    read_drift,
)
from svi_studio.domain.training.events import PreparationStage, Preparing, Tell
from svi_studio.domain.training.naive import NAIVE
from svi_studio.engine.denoising.clip_renderer import ClipRenderer
from svi_studio.engine.loading.model_part import load_part, load_vae
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.engine.memory.card import Card
from svi_studio.engine.memory.guests import Guest
from svi_studio.engine.memory.placing import HOST, Placing, staying_blocks
from svi_studio.weights.architecture import read_architecture
from svi_studio.weights.model_folder import read_card, read_json
from trainer.dataset.encoders import COMPUTE_DTYPES, TextEncoder
from trainer.evaluation.board_store import BoardStore, Texts
from trainer.evaluation.boards import AnchoredBoard, footage_boards
from trainer.evaluation.both_experts import BothExperts, OtherExpert
from trainer.evaluation.filming import Filming
from trainer.evaluation.finished_films import Filmed, write_films
from trainer.evaluation.following import Following
from trainer.evaluation.known_measures import measures_of
from trainer.evaluation.naive import naive_arms
from trainer.evaluation.own_boards import own_boards
from trainer.evaluation.user_boards import user_boards
from trainer.lora.adapter import adapter_state, without_adapter
from trainer.lora.skeleton_part import skeleton_network

if TYPE_CHECKING:
    from torch import nn

    from svi_studio.domain.training.recipe import TrainingRecipe
    from trainer.dataset.clip_source import ClipSource


class Run(Protocol):
    """The folder of a training; `home` is that of the whole one where it is an expert's part."""

    folder: Path
    home: Path

    def samples(self, step: int) -> Path:
        """Where the test films of ``step`` lie."""


def _never() -> bool:
    return False


class TestFilms:
    """The test films of one training in the folder `run`, of the model in the folder `model`, computed on `device`.

    `clips` are the footage's, for films without storyboards of the user's. While one of two experts learns, `other` is
    the other one; the films with the LoRA have it with its own LoRA, where that was trained before. `arm` is whose
    films are made beside those of the base; those of a control are an arm of all that are made later.
    """

    __test__ = False  # not a test case for pytest

    def __init__(
        self,
        recipe: TrainingRecipe,
        model: Path,
        run: Run,
        clips: Sequence[ClipSource] = (),
        *,
        device: torch.device,
        tell: Tell = lambda _event: None,
        should_stop: Callable[[], bool] = _never,
        other: OtherExpert | None = None,
        arm: str = LORA,
    ) -> None:
        self._other, self._arm = other, arm
        self._recipe, self._model, self._run, self._clips = recipe, model, run, clips
        self._device, self._tell, self._should_stop = device, tell, should_stop
        self._profile = family(recipe.family)
        self._card = read_card(model)
        self._store = BoardStore(run.home, recipe)
        self._measures, self._unmeasured = measures_of(recipe, self._card, self._store.folder)
        self._dtype = COMPUTE_DTYPES[recipe.memory.base_precision]

    def prepare(self) -> None:
        """Fixes the storyboards and encodes their prompts, best before the transformer fills the memory.

        Nothing happens the second time. Raises StudioError with one sentence.
        """
        self._texts(self._boards())

    def evaluate(self, transformer: nn.Module, step: int) -> Path:
        """Films what is missing of all arms and writes drift.json, drift.svg, strip.png and the films: their folder.

        `transformer` carries the adapter, as it is after `step`; it and all random generators are left as they were.
        Films that were begun go on, and the base is filmed only once in a training. Raises Stopped when asked to stop,
        else StudioError; what is filmed stays.
        """
        folder = self._run.samples(step)
        others = self._others(boards := self._boards())
        naive = NAIVE if self._recipe.evaluation.naive else ()
        made_of = _digest(transformer, " ".join((self._store.folder.name, *others, *naive)), self._other)
        if _is_done(folder, made_of):
            return folder
        films = folder / "films" / made_of[:12]
        texts = self._texts(boards)
        is_whole_control = self._arm == CONTROL and step == self._recipe.steps  # what is compared with, and no other
        own = self._control if is_whole_control else films
        filmed = {BASE: self._filmings(boards, self._store.folder / BASE), self._arm: self._filmings(boards, own)}
        filmed |= others
        self._film(transformer, filmed, texts)
        gc.collect()  # the networks of the render refer to each other, and the training needs their memory
        self._write(folder, step, made_of, filmed, self._naive(boards, filmed[BASE]))
        remove(folder / "films")
        return folder

    @property
    def _control(self) -> Path:
        """Where the films of the control lie that was trained for as many steps."""
        return self._store.folder / f"{CONTROL}-{self._recipe.steps}"

    def _others(self, boards: Sequence[AnchoredBoard]) -> dict[str, list[Filming]]:
        """The arms beside base and LoRA that were filmed before: a control, where it is done."""
        filmed: dict[str, list[Filming]] = {}
        control = self._filmings(boards, self._control) if self._recipe.has_control else []
        if control and all(film.is_over for film in control):
            filmed[CONTROL] = control
        return filmed

    def _naive(self, boards: Sequence[AnchoredBoard], base: Sequence[Filming]) -> tuple[DriftArm, ...]:
        """Films that no measure must be fooled by, where they are wanted; no model is needed for them."""
        recipe = self._recipe
        size = (recipe.width, recipe.height)
        return naive_arms(boards, base, recipe.evaluation.clips, size) if recipe.evaluation.naive else ()

    def _film(self, transformer: nn.Module, filmed: Mapping[str, list[Filming]], texts: Texts) -> None:
        both = self._both(transformer)
        with _as_in_a_render(transformer, self._device), nullcontext() if both is None else both.back_in_place():
            models = self._models(transformer)
            everything, following = list(chain.from_iterable(filmed.values())), self._following(models)

            def film(arm: str, other_lora: Path | None) -> None:
                own = models if both is None else replace(models, transformer=None, experts=both.with_lora(other_lora))
                renderer = ClipRenderer(own, self._profile, lambda text: texts(text).to(own.device, own.dtype))

                def film_next(each: Filming) -> None:
                    each.film_next(renderer, self._should_stop, following)

                self._film_each(arm, filmed[arm], film_next, everything)

            with without_adapter(transformer):
                film(BASE, None)
            film(self._arm, None if self._other is None else self._other.lora)

    def _both(self, transformer: nn.Module) -> BothExperts | None:
        """Both experts of a model that has two, None for one transformer."""
        if self._recipe.expert == "both" or self._other is None:
            return None
        swapped = self._recipe.memory.swapped_blocks
        placing = Placing(Card(self._device), staying_blocks(transformer, swapped) if swapped else None)
        return BothExperts(self._recipe.expert, transformer, self._other, placing)

    def _following(self, models: WanModels) -> Following | None:
        """What reads the films' inputs and measures how they are followed; None for a family without inputs."""
        if not self._profile.needs:
            return None
        return Following.of(self._recipe, models, self._store.folder, self._measures, self._should_stop)

    def _film_each(
        self, arm: str, films: list[Filming], film_next: Callable[[Filming], None], everything: list[Filming]
    ) -> None:
        total = len(everything) * self._recipe.evaluation.clips
        for film in films:
            while not film.is_over:
                done = sum(each.done for each in everything)
                self._tell(Preparing(PreparationStage.TEST_FILM, done, total, f"{arm}: {film.film.name}"))
                film_next(film)

    def _write(self, folder: Path, step: int, made_of: str, filmed: Filmed, naive: tuple[DriftArm, ...]) -> None:
        recipe = self._recipe
        arms = tuple(DriftArm(name=name, films=tuple(each.film for each in films)) for name, films in filmed.items())
        report = DriftReport(
            title=f"{recipe.lora_name}, step {step}",
            family=recipe.family,
            step=step,
            num_frames=recipe.num_frames,
            arms=arms + naive,
            made_of=made_of,
        )
        write_films(folder, report, filmed, recipe, self._unmeasured)

    def _boards(self) -> tuple[AnchoredBoard, ...]:
        return self._store.boards(self._make_boards)

    def _make_boards(self) -> tuple[AnchoredBoard, ...]:
        recipe, folder = self._recipe, self._store.folder
        if not recipe.evaluation.has_own:
            return footage_boards(recipe, self._card, self._clips, folder)
        boards = user_boards(recipe, self._card, folder)
        return boards + own_boards(recipe, self._card, self._clips, folder, before=len(boards))

    def _texts(self, boards: Sequence[AnchoredBoard]) -> Texts:
        return self._store.texts(boards, lambda: TextEncoder.load(self._model, dtype=self._dtype, device=self._device))

    def _filmings(self, boards: Sequence[AnchoredBoard], folder: Path) -> list[Filming]:
        frames, fps = self._recipe.num_frames, self._recipe.fps
        return [Filming(b, self._profile, frames, folder / f"film-{k + 1}", fps=fps) for k, b in enumerate(boards)]

    def _models(self, transformer: nn.Module) -> WanModels:
        """The transformer in training, and what a render needs beside it, loaded for this evaluation only."""
        pictures = read_json(self._model / "transformer" / "config.json").get("image_dim") is not None
        return WanModels(
            transformer=transformer,
            vae=load_vae(self._model, self._device, rounded_to=self._dtype),
            text_encoder=None,
            tokenizer=None,
            image_encoder=self._image_encoder() if pictures else None,
            device=self._device,
            dtype=self._dtype,
            card=self._card,
            folder=self._model,
            sound=getattr(transformer, "sound_network", None),
            skeleton=skeleton_network(transformer),
            architecture=read_architecture(self._model, self._card),
        )

    def _image_encoder(self) -> nn.Module:
        """CLIP, which looks at one picture a clip: the memory of a card is the training's but for that moment."""
        card = Card(self._device)
        network = load_part(self._model, "image_encoder", HOST if card.is_apart else self._device, torch.float32)
        if card.is_apart:
            Guest(network, card, "while_working")
        return network


def _digest(transformer: nn.Module, boards: str, other: OtherExpert | None) -> str:
    """What decides the films of a LoRA: its weights, the storyboards, and the LoRA of the other expert."""
    digest = hashlib.sha256(boards.encode())
    if other is not None and other.lora is not None:
        with plain_errors(other.lora):
            digest.update(sha256_of(other.lora).encode())
    for name, tensor in sorted(adapter_state(transformer).items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().float().contiguous().numpy().tobytes())
    return digest.hexdigest()


def _is_done(folder: Path, made_of: str) -> bool:
    try:
        return read_drift((folder / DRIFT_FILE).read_bytes()).made_of == made_of
    except (OSError, BadProject):
        return False


@contextmanager
def _as_in_a_render(transformer: nn.Module, device: torch.device) -> Iterator[None]:
    """Without gradients and in evaluation mode; mode and random generators are put back afterwards."""
    training, devices = transformer.training, [device] if device.type == "cuda" else []
    transformer.eval()
    try:
        with torch.random.fork_rng(devices), torch.no_grad():
            yield
    finally:
        transformer.train(training)
