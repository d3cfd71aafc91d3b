"""The break between two steps in which test films are made: whatever happens in it, the training goes on the same."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from svi_studio.crash_log import write_crash_log
from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.errors import Stopped, StudioError
from svi_studio.domain.training.events import SampleFailed, SampleReady
from svi_studio.engine.driver_fault import has_broken_the_driver
from svi_studio.engine.memory.placing import bring_back
from svi_studio.engine.out_of_memory import ran_out_of_memory, ran_out_on_card
from trainer.dataset.fill_cache import release_memory
from trainer.run.state.random_state import random_state, restore_random_state
from trainer.run.state.run_folder import RunFolder

MARK = "film-under-way.json"
_TRIES = 2

_ON_CARD = (
    "The graphics card's memory is too small for test films beside this training. Choose fewer or smaller test films, "
    "or set them to 0 and film with the LoRA later."
)
_ON_COMPUTER = (
    "This computer's memory is too small for test films beside this training. Close other programs, choose fewer or "
    "smaller test films, or set them to 0."
)
_KILLED = (
    "The training ended {tries} times while it made these films, most likely for want of memory, so they are left out. "
    "Close other programs, or choose fewer or smaller test films."
)
_UNFORESEEN = "Something unexpected went wrong with these films; the details are in {log}."


@dataclass(frozen=True)
class FilmBreak:
    """Films with ``evaluate`` and puts everything of the training back: random generators, mode, device, memory.

    A film that fails costs itself only, unless the fault broke the graphics card's driver. When the system ends the
    whole process for it, ``_TRIES`` times in a row, the films of that step are left out: a note in the folder of
    ``run`` counts that.
    """

    run: RunFolder
    transformer: nn.Module
    device: torch.device

    def film(self, evaluate: Callable[[int], Path], step: int) -> SampleReady | SampleFailed | Stopped:
        """What became of the films of ``step``. Raises what breaks a driver, with everything back in place."""
        if (tries := self._tries(step)) >= _TRIES:
            self._forget()
            return SampleFailed(step, _KILLED.format(tries=tries))
        self._note(step, tries + 1)
        tensors, values = random_state()
        mode = self.transformer.training
        try:
            return _outcome(evaluate, step)
        finally:
            restore_random_state(tensors, values)
            self.transformer.train(mode)
            self._bring_back()
            self._forget()

    def _bring_back(self) -> None:
        """An expert that made room for the other one may have stayed away, or come back in part."""
        if any(value.device.type != self.device.type for value in self.transformer.parameters()):
            release_memory()  # what failed is gone by now, and with it whatever took the place
            bring_back(self.transformer, self.device)  # but for blocks that wait in ordinary memory

    def _tries(self, step: int) -> int:
        """How often the films of ``step`` were begun by processes that did not live to end them."""
        with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
            noted = json.loads(self._mark.read_bytes())
            return int(noted["tries"]) if noted["step"] == step else 0
        return 0

    def _note(self, step: int, tries: int) -> None:
        with suppress(StudioError):  # a full disk is told by what matters more
            atomic_write(self._mark, json.dumps({"step": step, "tries": tries}).encode(), self.run.disk)

    def _forget(self) -> None:
        with suppress(OSError):
            self._mark.unlink(missing_ok=True)

    @property
    def _mark(self) -> Path:
        return self.run.folder / MARK


def _outcome(evaluate: Callable[[int], Path], step: int) -> SampleReady | SampleFailed | Stopped:
    try:
        return SampleReady(step, evaluate(step))
    except Stopped as asked:
        return Stopped(*asked.args)
    except Exception as error:
        if has_broken_the_driver(error) and not ran_out_of_memory(error):
            raise
        sentence = why_not_filmed(error) or _UNFORESEEN.format(log=write_crash_log(error))
    release_memory()  # out here: the error's traceback held every tensor of the film
    return SampleFailed(step, sentence)


def why_not_filmed(error: Exception) -> str | None:
    """One sentence about what ended a test film; None for anything else than a StudioError or a want of memory."""
    if isinstance(error, StudioError):  # what was learnt is worth more than a film of it
        return str(error)
    if not ran_out_of_memory(error):
        return None
    return _ON_CARD if ran_out_on_card(error) and torch.cuda.is_available() else _ON_COMPUTER
