"""Writes a LoRA file under other names, so that another program reads it."""

from pathlib import Path

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.lora_names import LoraNames
from svi_studio.weights.lora_kind import check_lora_kind
from svi_studio.weights.lora_names import file_pieces, kept_metadata, renamed


def refuse_existing(target: Path, *, overwrite: bool) -> None:
    """Raises BadInput when there is a file ``target`` that nobody wants to lose."""
    if target.exists() and not overwrite:
        raise BadInput(f"{target} is there already: choose another name, or add --overwrite.")


def convert_lora(source: Path, target: Path, names: LoraNames, *, overwrite: bool = False) -> None:
    """Writes the LoRA ``source`` to ``target`` under ``names``, its card and other words with it.

    What it makes of a model stays the same: to the last bit where its factor is 1 or goes into an alpha, else as far as
    float32 reaches. Raises BadInput when ``target`` is ``source`` or is there already, BadWeights when those names have
    no place for what it holds, StudioError when the disk refuses.
    """
    if target.resolve() == source.resolve():
        raise BadInput(f"{target} is the LoRA itself: choose another name for the new file.")
    refuse_existing(target, overwrite=overwrite)
    header = check_lora_kind(source)
    atomic_write(target, file_pieces(header, renamed(header, names), kept_metadata(header)))
