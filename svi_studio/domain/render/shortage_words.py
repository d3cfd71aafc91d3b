"""What a render does about memory that ran out, in one sentence for whoever watches it."""

from svi_studio.domain.render.memory_needs import Stage
from svi_studio.domain.render.memory_plan import Helper, MemoryPlan

_NETWORKS = {"text_encoder": "the text encoder", "image_encoder": "the picture encoder", "vae": "the video decoder"}
_PLACES: dict[Helper, str] = {
    "resident": "stays on the card",
    "while_working": "comes onto the card only while it works",
    "processor": "works on the processor",
}
_OTHER = {
    "beside": "both experts stay on the card",
    "waiting": "the expert that does not work waits in the computer's memory",
    "read_again": "the expert that does not work is read from the disk again",
}
_GOES_ON: dict[Stage, str] = {
    "texts": "the prompts are encoded again",
    "pictures": "the clip goes on",
    "encoding": "the clip goes on",
    "denoising": "the clip goes on from its last finished step",
    "decoding": "the clip goes on from its finished steps",
}


def shortage_sentence(before: MemoryPlan, after: MemoryPlan, stage: Stage) -> str:
    """What is different in the plan ``after`` that ``stage`` is done again by, since memory ran out by ``before``."""
    changes = [
        *_blocks(before, after),
        *([_OTHER[after.other_expert]] if after.other_expert != before.other_expert else []),
        *(
            f"{words} {_PLACES[getattr(after, name)]}"
            for name, words in _NETWORKS.items()
            if getattr(after, name) != getattr(before, name)
        ),
        *(["the branches of guidance take turns"] if before.branches_at_once and not after.branches_at_once else []),
        *(
            ["the transformer leaves the card while pictures are made"]
            if after.aside_for_pictures and not before.aside_for_pictures
            else []
        ),
        *(["pictures are made in tiles"] if after.tiled_vae and not before.tiled_vae else []),
    ]
    return f"Memory ran out: {_GOES_ON[stage]}, and from now on {_listed(changes) or 'less is kept in memory'}."


def _blocks(before: MemoryPlan, after: MemoryPlan) -> list[str]:
    if after.resident_blocks == before.resident_blocks:
        return []
    count = after.resident_blocks
    if count is None:
        return ["all of the model stays on the card"]
    if count == 0:
        return ["no block of the model stays on the card"]
    return [f"only {count} block{'s' if count > 1 else ''} of the model {'stay' if count > 1 else 'stays'} on the card"]


def _listed(parts: list[str]) -> str:
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1] if parts else ""
