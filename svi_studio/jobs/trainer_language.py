"""How the window speaks with the trainer's process."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from svi_studio.domain.training_messages import (
    TRAINER_PROTOCOL,
    MessageError,
    StopTraining,
    TrainerReady,
    TrainingRequest,
    from_text,
    to_text,
)
from svi_studio.jobs.language import Language
from svi_studio.jobs.trainer_patience import TrainerPatience
from svi_studio.pipes.packets import PacketError, PacketReader, pack

_MAX_TEXT = 1 << 20  # a trainer has only short things to say


class _Messages:
    def __init__(self) -> None:
        self._packets = PacketReader(max_text=_MAX_TEXT, max_data=0)

    def feed(self, piece: bytes) -> Iterator[Any]:
        for packet in self._packets.feed(piece):
            try:
                yield from_text(packet.text)
            except MessageError as error:
                raise PacketError(str(error)) from error


def _encode(request: TrainingRequest) -> bytes:
    return pack(to_text(request))


TRAINER = Language(_encode, _Messages, TrainerPatience, TrainerReady, TRAINER_PROTOCOL, StopTraining(), may_stay=True)
"""A training that the window leaves writes its checkpoint first, and then ends by itself."""

SCANNER = replace(TRAINER, may_stay=False)
"""One that looks through footage has nothing to save."""
