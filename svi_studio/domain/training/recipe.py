"""The training recipe: everything that decides what a LoRA learns, from which footage, and how."""

from typing import Annotated, Final, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from svi_studio.domain.film.architecture import Expert
from svi_studio.domain.film.family import family_to_show
from svi_studio.domain.film.lora_names import LoraNames
from svi_studio.domain.training.data_recipe import DataRecipe, Probability
from svi_studio.domain.training.noise_range import ALL_NOISE, ExpertsRecipe, NoiseLevel, NoiseRange, OneExpert
from svi_studio.domain.training.path_text import PathText
from svi_studio.domain.value import MAX_SEED, Name, ShortText, Text, Value, with_fields

RECIPE_VERSION: Final = 1

Steps = Annotated[int, Field(ge=1, le=10_000_000)]
Side = Annotated[int, Field(ge=16, le=8192, multiple_of=16)]

Purpose = Literal["scene", "story", "style", "talk", "dance", "pro"]
"""What people want a LoRA for; the words for it are the window's."""

Target = Literal["q", "k", "v", "o", "ffn.0", "ffn.2"]
"""Layers of a transformer block by the authors' names; ``k`` is never ``k_img``, whose name only ends alike."""

Replacement = Literal["nearest", "random", "oldest"]
Storage = Literal["memory", "disk"]
ErrorSource = Literal["bank", "degraded"]
BasePrecision = Literal["float32", "bfloat16", "float8"]

ALL_TARGETS: tuple[Target, ...] = ("q", "k", "v", "o", "ffn.0", "ffn.2")

FILMS_FROM_FOOTAGE = 4
"""Test films of a recipe that names no pictures, from its clips: the fewest that say how far films differ by chance."""


class LoraRecipe(Value):
    """Size and place of the LoRA. Defaults: the paper's table 9.

    ``start_from``: a LoRA file to go on from instead of a new one. ``names``: whose names its file has.
    """

    rank: int = Field(default=128, ge=1, le=1024)
    alpha: float = Field(default=128.0, gt=0, le=4096)
    targets: tuple[Target, ...] = Field(default=ALL_TARGETS, min_length=1)
    start_from: PathText | None = None
    names: LoraNames = Field(default="authors", exclude_if=lambda names: names == "authors")

    @model_validator(mode="after")
    def _each_target_once(self) -> Self:
        if len(set(self.targets)) != len(self.targets):
            raise ValueError("targets must name every layer at most once")
        return self


class OptimizerRecipe(Value):
    """How the LoRA is changed from step to step. Defaults: the paper's table 9 and AdamW's own.

    ``max_grad_norm``: gradients are scaled down to this L2 norm. ``warmup_steps``: steps over which the learning rate
    rises from 0.
    """

    name: Literal["adamw", "adamw8bit"] = "adamw"
    learning_rate: float = Field(default=2e-5, gt=0, le=1)
    weight_decay: float = Field(default=0.01, ge=0, le=1)
    max_grad_norm: float = Field(default=1.0, gt=0, le=1e6)
    schedule: Literal["constant", "cosine"] = "constant"
    warmup_steps: int = Field(default=0, ge=0, le=10_000_000)


class ErrorRecycling(Value):
    """Error-Recycling Fine-Tuning (paper, section 4). ``enabled`` False trains a plain LoRA.

    Probabilities of eq. 3: ``noise_probability``, ``latent_probability`` and ``image_probability`` of the three errors,
    ``clean_probability`` that a step has none of them after all. ``clean_update_probability``: that the errors of such
    a clean step enter the bank. It has ``grids`` inference timesteps of ``capacity`` entries each (Z); ``replacement``
    says which entry of a full grid goes. During ``warmup_steps`` the errors of all processes enter the bank of each.
    ``image_frames``: latent frames of the image condition that an error is added to, from the first. With
    ``image_from_all_grids`` it comes from any timestep (eq. 5), else from the step's own; ``image_window`` says from
    where in the error's time: anywhere (Unif_T of eq. 4) or its last frames. ``modulation``: every error is scaled by a
    random factor of 1 +- this much (the authors' scripts: 0). ``anchor_probability``: how often the error of handed-on
    latents also lies on the anchor before them.

    ``source`` "degraded" takes copies of the clips that were spoilt by hand instead of the model's own errors, as the
    authors' later EverAnimate does: with ``degraded_probability``, and from the noise level ``degraded_above`` on, what
    the model sees is made of such a copy. There is no bank then, and no other error.
    """

    enabled: bool = True
    noise_probability: Probability = 0.01
    latent_probability: Probability = 0.9
    image_probability: Probability = 0.9
    clean_probability: Probability = 0.5
    clean_update_probability: Probability = 0.1
    grids: int = Field(default=50, ge=1, le=1000)
    capacity: int = Field(default=500, ge=1, le=100_000)
    replacement: Replacement = "nearest"
    warmup_steps: int = Field(default=50, ge=0, le=10_000_000)
    image_frames: int = Field(default=3, ge=1, le=257)
    image_from_all_grids: bool = True
    image_window: Literal["random", "last"] = "random"
    modulation: Probability = 0.0
    storage: Storage = "memory"
    anchor_probability: Probability = Field(default=1.0, exclude_if=lambda probability: probability == 1)
    source: ErrorSource = Field(default="bank", exclude_if=lambda source: source == "bank")
    degraded_probability: Probability = Field(default=0.8, exclude_if=lambda probability: probability == 0.8)
    degraded_above: NoiseLevel = Field(default=0.5, exclude_if=lambda level: level == 0.5)

    @property
    def has_bank(self) -> bool:
        """Whether the model's own errors are kept and used again."""
        return self.enabled and self.source == "bank"

    @property
    def degrades(self) -> bool:
        """Whether copies that were spoilt by hand take the place of the model's own errors."""
        return self.enabled and self.source == "degraded"


class MemoryRecipe(Value):
    """What is traded for memory: how the frozen model is stored, and what of a step is computed again or kept in RAM.

    ``gradient_checkpointing`` computes every block twice; ``offload_checkpoints`` keeps its inputs in ordinary memory.
    ``swapped_blocks``: so many blocks of the frozen model wait there too, and each comes when it works, twice a step.
    """

    base_precision: BasePrecision = "bfloat16"
    gradient_checkpointing: bool = True
    offload_checkpoints: bool = False
    swapped_blocks: int = Field(default=0, ge=0, le=1000, exclude_if=lambda blocks: blocks == 0)

    @model_validator(mode="after")
    def _blocks_come_again(self) -> Self:
        if self.swapped_blocks and not self.gradient_checkpointing:
            raise ValueError("swapped_blocks needs gradient_checkpointing: a block that left must be computed again")
        return self


class PlannedFilms(NamedTuple):
    """So many test ``films`` of each arm, from so many different ``starts``."""

    films: int
    starts: int


class EvaluationRecipe(Value):
    """The test films: every ``every`` steps (0: never; else a multiple of ``save_every``), of ``clips`` clips each.

    ``storyboards``: the user's own storyboard files. ``prompts`` and ``pictures``: what films are asked for and start
    from; where one of the two is shorter it begins again, and where it is empty the footage gives it. Without pictures
    there are at least ``FILMS_FROM_FOOTAGE`` films, each from another clip, however few prompts there are. Without any
    of the three, films begin with clips of the footage and their captions. ``naive``: beside them stand the naive films
    of table 5 of the paper, in which nothing new happens. ``control``: first another LoRA is trained as long without
    errors, and films too.
    """

    clips: int = Field(default=10, ge=1, le=1000)
    storyboards: tuple[PathText, ...] = Field(default=(), max_length=64)
    every: int = Field(default=0, ge=0, le=10_000_000)
    prompts: tuple[Text, ...] = Field(default=(), max_length=64, exclude_if=lambda prompts: not prompts)
    pictures: tuple[PathText, ...] = Field(default=(), max_length=64, exclude_if=lambda pictures: not pictures)
    naive: bool = Field(default=False, exclude_if=lambda naive: not naive)
    control: bool = Field(default=False, exclude_if=lambda control: not control)

    @property
    def has_own(self) -> bool:
        """Whether the user says what the films are, so that the footage need not."""
        return bool(self.storyboards or self.prompts or self.pictures)

    @property
    def from_footage(self) -> bool:
        """Whether films begin with clips of the footage."""
        return not self.pictures and (bool(self.prompts) or not self.storyboards)

    @property
    def films(self) -> int:
        """How many films there are of each arm, where the footage has enough clips to start from."""
        return self.planned().films

    def planned(self, clips: int = 0) -> PlannedFilms:
        """The films when the footage has ``clips`` for them to start from; 0: not known yet, and taken as enough."""
        boards = len(self.storyboards)
        if self.pictures:
            return PlannedFilms(boards + max(len(self.prompts), len(self.pictures)), boards + len(self.pictures))
        if not self.from_footage:
            return PlannedFilms(boards, boards)
        fewest = max(0, FILMS_FROM_FOOTAGE - boards)
        films = max(len(self.prompts), min(fewest, clips or fewest))
        return PlannedFilms(boards + films, boards + min(films, clips or films))


class TrainingRecipe(Value):
    """One training. Sizes are pixels, multiples of 16; ``num_frames`` is 4n + 1; ``fps`` frames per second.

    ``footage`` is the folder with the user's videos. A step of the optimizer sees ``batch_size * accumulation`` clips
    in each process. A checkpoint is written every ``save_every`` steps, and the newest ``keep_checkpoints`` are kept;
    with ``keep_loras`` the LoRA of every one stays as a file, named with its step.
    ``follows`` says in one sentence whose recipe this is, and where paper and script differ. ``smaller_preset``: the
    preset to offer when the memory does not suffice. ``experts``: that the model has two, and which noise levels each
    learns, in ``steps`` steps of its own and a LoRA of its own. ``noise``: the levels that are learned without them.
    ``expert``: whose part of such a training this is, where it is one; nobody writes that by hand. ``published_batch``:
    the clips that a step saw where this recipe was published, over all cards; 1: as many as here, or nobody said.
    """

    schema_version: Literal[1] = RECIPE_VERSION
    name: Name
    purpose: Purpose = "scene"
    follows: ShortText = ""
    smaller_preset: Name | None = None
    family: Name = "shot"
    model: PathText = "svi-mini"
    footage: PathText = ""
    num_frames: int = Field(ge=5, le=1025)
    width: Side
    height: Side
    fps: float = Field(gt=0, le=240)
    batch_size: int = Field(default=1, ge=1, le=1024)
    accumulation: int = Field(default=1, ge=1, le=1024)
    steps: Steps
    save_every: Steps = 100
    keep_checkpoints: int = Field(default=3, ge=1, le=1000)
    keep_loras: bool = Field(default=False, exclude_if=lambda keep: not keep)
    seed: int = Field(default=0, ge=0, le=MAX_SEED)
    lora: LoraRecipe = LoraRecipe()
    optimizer: OptimizerRecipe = OptimizerRecipe()
    errors: ErrorRecycling = ErrorRecycling()
    memory: MemoryRecipe = MemoryRecipe()
    data: DataRecipe = DataRecipe()
    evaluation: EvaluationRecipe = EvaluationRecipe()
    experts: ExpertsRecipe | None = Field(default=None, exclude_if=lambda experts: experts is None)
    noise: NoiseRange = Field(default=ALL_NOISE, exclude_if=lambda noise: noise == ALL_NOISE)
    expert: Expert = Field(default="both", exclude_if=lambda expert: expert == "both")
    published_batch: int = Field(default=1, ge=1, le=100_000, exclude_if=lambda clips: clips == 1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.num_frames % 4 != 1:
            raise ValueError("num_frames must be 4n + 1, for example 81")
        profile = family_to_show(self.family)
        if profile.hands_on_latents and self.num_frames <= profile.known_frames:
            known = profile.known_frames
            raise ValueError(f"num_frames must be above {known}: the first {known} of a clip of this family are given")
        if self.evaluation.every % self.save_every:
            raise ValueError("evaluation every must be a multiple of save_every: a test film needs a checkpoint")
        if self.errors.image_frames > self.latent_frames:
            raise ValueError(f"errors image_frames must be at most {self.latent_frames}, the clip's latent frames")
        if self.experts is not None and (self.expert != "both" or self.noise != ALL_NOISE):
            raise ValueError("experts has the noise levels of each expert: leave noise and expert out")
        if self.experts is not None and self.lora.start_from is not None:
            raise ValueError("lora start_from is for one transformer: give high_start_from and low_start_from instead")
        return self

    @property
    def latent_frames(self) -> int:
        """Frames of a clip in Wan's latent space: the first alone, then one for every four."""
        return (self.num_frames - 1) // 4 + 1

    @property
    def parts(self) -> tuple[OneExpert, ...]:
        """The experts that are trained one after the other; empty for a model of one transformer."""
        return () if self.experts is None else ("high", "low")

    @property
    def all_steps(self) -> int:
        """The steps of all parts."""
        return self.steps * max(1, len(self.parts))

    @property
    def lora_name(self) -> str:
        """What the file of the LoRA is called, without its ending: that of an expert says whose it is."""
        return self.name if self.expert == "both" else f"{self.name}_{self.expert}_noise"

    def lora_name_at(self, step: int) -> str:
        """What the file of the LoRA after ``step`` is called, where such files are kept, without its ending."""
        return f"{self.lora_name}-{step:08d}"

    def is_filmed(self, step: int) -> bool:
        """Whether test films are made after ``step``: whenever they are due, and at the end, which is to be judged."""
        every = self.evaluation.every
        return bool(every) and (step % every == 0 or step == self.steps)

    @property
    def has_control(self) -> bool:
        """Whether a LoRA without errors is trained to compare with, which makes sense for one with errors alone."""
        wanted = self.evaluation.control and bool(self.evaluation.every)
        return wanted and self.errors.enabled and self.experts is None and self.expert == "both"

    def without_errors(self) -> "TrainingRecipe":
        """The control: the same training but for its errors, filmed at its end."""
        once = -(-self.steps // self.save_every) * self.save_every
        changes = {
            "name": f"{self.name[:100]} without errors",
            "errors": with_fields(self.errors, {"enabled": False}),
            "evaluation": with_fields(self.evaluation, {"every": once, "control": False}),
        }
        return with_fields(self, changes)

    def part(self, expert: OneExpert) -> "TrainingRecipe":
        """The training of one expert of a model that has two."""
        if self.experts is None:
            raise ValueError("this recipe is for a model of one transformer")
        lora = with_fields(self.lora, {"start_from": self.experts.start_of(expert)})
        noise = getattr(self.experts, expert)
        return with_fields(self, {"experts": None, "expert": expert, "noise": noise, "lora": lora})
