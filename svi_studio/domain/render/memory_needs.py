"""What the parts of one model take in memory, and their work on one clip: all that a memory plan is computed from."""

from dataclasses import dataclass
from typing import Final, Literal

Stage = Literal["texts", "pictures", "encoding", "denoising", "decoding"]
"""What the networks of a model do one after the other: each has its turn, and none works beside another."""

STAGES: Final[tuple[Stage, ...]] = ("texts", "pictures", "encoding", "denoising", "decoding")

_USUAL_FLOPS = 60e12


@dataclass(frozen=True, slots=True)
class StageWork:
    """Bytes that a stage takes beside the weights. ``branch``: of one more branch of guidance at the same time.

    ``kept``: what denoising takes besides where quantised weights stay as they are stored.
    """

    texts: int = 0
    pictures: int = 0
    encoding: int = 0
    encoding_tiled: int = 0
    denoising: int = 0
    branch: int = 0
    kept: int = 0
    decoding: int = 0
    decoding_tiled: int = 0


@dataclass(frozen=True, slots=True)
class MemoryNeeds:
    """Bytes of the parts of one model as they are in memory, and of their work on one clip.

    ``blocks``: of each block of the transformer, as it is kept, with what LoRAs have beside it; of two ``experts`` the
    larger. ``blocks_computed``: the same with nothing quantised; empty where nothing is. ``rest``: of the transformer
    what lies in no block. ``frames``: of a clip in the computer's memory. ``loras``: of LoRA files there
    while they are put in, of two experts the more. ``precision``: how most numbers are stored.
    ``largest_text``: the largest tensor of the text encoder, which is read through the computer's memory.
    ``call_flops``: floating-point operations of one call of the transformer, of which a clip takes ``calls`` for
    ``branches`` of guidance; ``picture_flops``: of the VAE, for one clip.
    """

    blocks: tuple[int, ...]
    rest: int = 0
    text_encoder: int = 0
    image_encoder: int = 0
    vae: int = 0
    work: StageWork = StageWork()
    blocks_computed: tuple[int, ...] = ()
    experts: int = 1
    branches: int = 2
    frames: int = 0
    loras: int = 0
    largest_text: int = 0
    precision: str = "bf16"
    call_flops: float = 0.0
    calls: int = 0
    picture_flops: float = 0.0

    def blocks_as(self, *, keep_stored: bool) -> tuple[int, ...]:
        """Bytes of each block, kept as it is stored or not."""
        return self.blocks if keep_stored or not self.blocks_computed else self.blocks_computed


@dataclass(frozen=True, slots=True)
class MachineMemory:
    """Bytes that are free: on the graphics card, and in the computer's memory.

    ``card`` None: the processor computes, or a card without a memory of its own, all in the computer's memory.
    ``flops``: operations a second that a render reaches here, None where nothing tells. That and the two rates in bytes
    a second, to the card and from the disk, weigh plans against each other. ``lockable``: bytes of the computer's
    memory that the system locks for the card at most, None where it locks all that is asked for; what is not locked
    travels at ``unlocked_link``, and the card waits for it. ``name``: of the card, empty where it is not known.
    """

    card: int | None
    host: int
    flops: float | None = None
    link: float = 12e9
    disk: float = 1.5e9
    lockable: int | None = None
    unlocked_link: float = 6e9
    name: str = ""

    @property
    def rate(self) -> float:
        """``flops``, or a guess."""
        return self.flops or _USUAL_FLOPS
