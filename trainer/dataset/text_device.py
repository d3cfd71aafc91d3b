"""Where captions are encoded: on the graphics card, or by the processor where the text encoder does not fit there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from svi_studio.domain.training.advice import ROOM_ON_CARD
from svi_studio.domain.training.phase_memory import LIBRARIES, texts_fit
from svi_studio.engine.memory.model_memory import collect
from svi_studio.weights.model_size import read_model_size

if TYPE_CHECKING:
    from pathlib import Path

PROCESSOR = torch.device("cpu")


def text_device(model: Path, dtype: torch.dtype, device: torch.device) -> torch.device:
    """``device``, or the processor where that has too little room: by itself, or because other programs fill it.

    It is decided before anything is loaded: drivers of Windows lend a card the computer's memory and become many times
    slower, without any error. Raises BadWeights where the model in ``model`` is not whole.
    """
    if device.type != "cuda":
        return device
    collect()  # what an encoder before this one left, such as that of the test films' prompts, is room, too
    free, whole = torch.cuda.mem_get_info(device)  # free of this program's libraries, which the advice counts
    room = min(free + LIBRARIES, whole * ROOM_ON_CARD)
    return device if texts_fit(read_model_size(model), dtype.itemsize, room) else PROCESSOR
