"""Takes a linked model away again: its folder goes, the files that it was made of stay where they are."""

from pathlib import Path

from svi_studio.disk.atomic import plain_errors
from svi_studio.disk.fs_ops import REAL_DISK
from svi_studio.disk.lock import locked
from svi_studio.domain.errors import BadInput, BadWeights
from svi_studio.weights.model_folder import CARD_FILE, INDEX_FILE, PARTS, PARTS_FILE, SOUND_ENCODER, read_parts

OWN_FILES = (CARD_FILE, INDEX_FILE, *(f"{part}/config.json" for part in (*PARTS, SOUND_ENCODER)), PARTS_FILE)
"""All that linking writes; what makes it a linked model goes last."""

PATIENCE_S = 30.0
"""How long one who links or unlinks waits for another in the same models folder."""


def is_linked(folder: Path) -> bool:
    """Whether the model in ``folder`` is made of files that lie elsewhere."""
    return (folder / PARTS_FILE).is_file()


def is_alone(file: Path) -> bool:
    """Whether nothing lies beside ``file``, as beside the configuration of a part that is linked."""
    return [*file.parent.iterdir()] == [file]


def unlink_model(folder: Path) -> None:
    """Removes what linking wrote into ``folder``, and the folder unless something else was put there.

    A part that lies in the folder itself, beside those that are linked, stays whole.
    Raises BadInput when it is no linked model, StudioError when the disk refuses.
    """
    if not is_linked(folder):
        raise BadInput(
            f"{folder} was not linked: it holds its own weights, so it is left as it is; delete the folder yourself."
        )
    disk = REAL_DISK.below(folder.parent)
    linked = _linked_parts(folder)
    with locked(folder.parent, PATIENCE_S), plain_errors(folder):
        for name in OWN_FILES:
            file = folder / name
            if file.is_file() and (file.parent == folder or file.parent.name in linked or is_alone(file)):
                disk.remove(file)
        for inner in (*(folder / part for part in (*PARTS, SOUND_ENCODER)), folder):
            if inner.is_dir():
                disk.remove_folder(inner)


def _linked_parts(folder: Path) -> frozenset[str]:
    """Those that lie elsewhere; none where nobody can tell any more."""
    try:
        parts = read_parts(folder)
    except BadWeights:
        return frozenset()
    return frozenset(parts.parts if parts else ())
