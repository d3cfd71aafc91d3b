"""How long a clip takes under a memory plan, from its operations and the bytes that must travel: for choosing one."""

from typing import Final

from svi_studio.domain.film.work_sizes import PROCESSOR_FLOPS
from svi_studio.domain.render.memory_needs import MachineMemory, MemoryNeeds
from svi_studio.domain.render.memory_plan import Helper, MemoryPlan
from svi_studio.domain.render.memory_use import is_let_go_for_pictures, streamed_bytes

SHARE_OF_PEAK: Final = 0.6
"""What a render reaches of a card's peak: 0.44 (diffusers, H100) to 0.82 (LightX2V, H100), published."""
_SLOW_PICTURES = 3.0  # the VAE computes in 32 bits
_TILED = 1.65  # operations of tiles that overlap, against the whole picture's
_CLIPS = 10  # of a film, among which its texts are shared
_TEXT_PASSES = 1024  # tokens of a clip's own text and its negative one, at most


def clip_seconds(plan: MemoryPlan, needs: MemoryNeeds, machine: MachineMemory) -> float:
    """Seconds of one clip: calls of the transformer, what they wait for, the VAE, and helpers that come and go."""
    pictures = needs.picture_flops / machine.rate * _SLOW_PICTURES * (_TILED if plan.tiled_vae else 1)
    return _denoising(plan, needs, machine) + pictures + _beside(plan, needs, machine)


def _denoising(plan: MemoryPlan, needs: MemoryNeeds, machine: MachineMemory) -> float:
    """Blocks travel while others compute: the slower of the two counts. One journey serves all branches, or each one's
    own. What the system does not lock travels while nothing computes."""
    compute = needs.call_flops / machine.rate
    each = streamed_bytes(plan, needs) / (needs.branches if plan.branches_at_once else 1)
    locked = _locked_share(plan, needs, machine)
    unlocked_travel = each * (1 - locked) / machine.unlocked_link
    return needs.calls * (max(compute, each * locked / machine.link) + unlocked_travel)


def _locked_share(plan: MemoryPlan, needs: MemoryNeeds, machine: MachineMemory) -> float:
    """How much of the streamed blocks the system locks, from 0 to 1: those of an expert that waits are locked, too."""
    held = streamed_bytes(plan, needs) * (1 if plan.other_expert == "read_again" else needs.experts)
    return 1.0 if machine.lockable is None or not held else min(machine.lockable / held, 1.0)


def _beside(plan: MemoryPlan, needs: MemoryNeeds, machine: MachineMemory) -> float:
    moved = sum(_moved(where, size) for where, size in _helpers(plan, needs))
    seconds = 2 * moved / machine.link
    texts = needs.text_encoder / machine.disk if plan.text_encoder == "while_working" else 0.0
    if plan.text_encoder == "processor":
        texts = needs.text_encoder / machine.disk + _TEXT_PASSES * needs.text_encoder / PROCESSOR_FLOPS * _CLIPS
    seconds += texts / _CLIPS
    if plan.image_encoder == "processor":
        seconds += needs.image_encoder * 257 / 2 / PROCESSOR_FLOPS
    if plan.vae == "processor":
        seconds += needs.picture_flops / PROCESSOR_FLOPS
    return seconds + _changes(plan, needs, machine) + _aside(plan, needs, machine)


def _changes(plan: MemoryPlan, needs: MemoryNeeds, machine: MachineMemory) -> float:
    """Each of two experts comes in once a clip."""
    if needs.experts == 1 or plan.other_expert == "beside":
        return 0.0
    size = needs.rest + sum(needs.blocks_as(keep_stored=plan.keep_stored))
    return 2 * size / (machine.link if plan.other_expert == "waiting" else machine.disk)


def _aside(plan: MemoryPlan, needs: MemoryNeeds, machine: MachineMemory) -> float:
    """What leaves the card for pictures comes back once a clip; what is let go is read again as it is anyway."""
    if not plan.aside_for_pictures or is_let_go_for_pictures(plan, needs):
        return 0.0
    whole = needs.rest + sum(needs.blocks_as(keep_stored=plan.keep_stored))
    experts = needs.experts if plan.other_expert == "beside" else 1
    return 2 * experts * (whole - streamed_bytes(plan, needs)) / machine.link


def _helpers(plan: MemoryPlan, needs: MemoryNeeds) -> tuple[tuple[Helper, int], ...]:
    return (plan.image_encoder, needs.image_encoder), (plan.vae, 2 * needs.vae)


def _moved(where: Helper, size: int) -> int:
    return size if where == "while_working" else 0
