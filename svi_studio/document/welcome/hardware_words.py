"""What was found on this computer, in one plain line each for the machine and for its models."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from svi_studio.document import words
from svi_studio.domain.film.found_model import FoundModel
from svi_studio.domain.render.what_fits import what_fits
from svi_studio.domain.training.hardware import Hardware


def machine_line(hardware: Hardware) -> str:
    """For example ``8 cores · 32 GB memory · NVIDIA RTX 4070, 12 GB``."""
    parts = [_cores(hardware.cores)]
    if hardware.memory:
        parts.append(_text("{size} memory").format(size=memory_size(hardware.memory)))
    parts.append(cards_line(hardware))
    return " · ".join(parts)


def cards_line(hardware: Hardware) -> str:
    """The graphics cards, or that there is none and what that means."""
    if hardware.cards:
        named = (f"{card.name}, {memory_size(card.memory)}" if card.memory else card.name for card in hardware.cards)
        return " + ".join(named)
    if hardware.card_problem:
        return _text("the graphics card cannot be used: {why}").format(why=hardware.card_problem)
    return _text("no graphics card for large models")


def fitting_line(hardware: Hardware) -> str:
    """What of the large models fits there, and in which kind of file, at the size that they were made for."""
    fits = what_fits(hardware)
    if not fits:
        return _text("No large model fits its memory and the computer's at 832 x 480, not even in small files.")
    named = _text(", ").join(_text("{model} as {kind}").format(model=model, kind=kind) for model, kind in fits)
    return _text("Films of 832 x 480 with {models}, or smaller files of the same.").format(models=named)


def models_line(models: Sequence[FoundModel]) -> str:
    """For example ``Models: svi-mini, wan-14b``."""
    good = [model.name for model in models if model.problem is None]
    if not good:
        return _text("No model was found: put one into a models folder (see Help, This computer and its models).")
    shown = ", ".join(good[:4]) + (_text(" and {count} more").format(count=len(good) - 4) if len(good) > 4 else "")
    return (_text("Model ready: {names}") if len(good) == 1 else _text("Models ready: {names}")).format(names=shown)


def _cores(count: int) -> str:
    return _text("1 core") if count == 1 else _text("{count} cores").format(count=count)


def memory_size(count: int) -> str:
    """Memory as its makers count it: 2**30 bytes are a gigabyte."""
    return f"{round(count / (1 << 30))} GB" if count >= 1 << 30 else words.size(count)


def _text(text: str) -> str:
    return QCoreApplication.translate("Hardware", text)
