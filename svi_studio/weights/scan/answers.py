"""What the user said about files that say nothing of it themselves: which of two experts a transformer is."""

import contextlib
from collections.abc import Iterable
from pathlib import Path

from platformdirs import user_data_path
from pydantic import TypeAdapter, ValidationError

from svi_studio.disk.atomic import atomic_write
from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.errors import BadWeights, StudioError
from svi_studio.domain.film.model_file import ModelFile
from svi_studio.weights.file_print import file_print
from svi_studio.weights.model_folder import OneExpert

_MOST_BYTES, _MOST = 1 << 20, 5000
_KEPT: TypeAdapter[dict[str, OneExpert]] = TypeAdapter(dict[str, OneExpert])


def remember_expert(files: Iterable[Path], expert: OneExpert, kept: Path | None = None) -> None:
    """Keeps that these ``files`` are of the transformer for that noise, wherever they are moved to and whatever called.

    ``kept``: another file of answers than the user's own. An answer that cannot be kept is asked for again.
    """
    place = kept or _place()
    with contextlib.suppress(OSError, StudioError):
        known = _read(place) | {file_print(file): expert for file in files}
        place.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(place, _KEPT.dump_json(dict([*known.items()][-_MOST:]), indent=0))


def with_answers(rows: Iterable[ModelFile], kept: Path | None = None) -> tuple[ModelFile, ...]:
    """``rows``, and where one asks for its expert and the user once said it, with that instead of the question."""
    rows = tuple(rows)
    known = _read(kept or _place()) if any(row.asks for row in rows) else {}
    return tuple(_answered(row, known) if row.asks and known else row for row in rows)


def _answered(row: ModelFile, known: dict[str, OneExpert]) -> ModelFile:
    try:
        expert = known.get(file_print(Path(row.path)))
    except BadWeights:  # it vanished meanwhile
        return row
    return row.model_copy(update={"expert": expert, "asks": None, "why": ""}) if expert else row


def _place() -> Path:
    return user_data_path("svi-studio", appauthor=False) / "expert-answers.json"


def _read(place: Path) -> dict[str, OneExpert]:
    with contextlib.suppress(OSError, ValidationError):  # lost or broken, it is asked again
        return dict(_KEPT.validate_json(read_plain(place, _MOST_BYTES)))
    return {}
