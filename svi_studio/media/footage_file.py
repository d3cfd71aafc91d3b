"""The file ``footage.json`` of a training: read with every bound checked, written whole or not at all."""

from pathlib import Path

from pydantic import ValidationError

from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.disk.plain_file import TooLarge, read_plain
from svi_studio.domain.errors import BadProject, NewerVersion, NotAFile, Refused
from svi_studio.domain.training.footage import FOOTAGE_FILE, FOOTAGE_VERSION, Footage
from svi_studio.domain.value import first_problem, with_fields

_MAX_BYTES = 256 << 20


def read_footage(run: Path) -> Footage:
    """The footage of the training in the folder ``run``.

    Raises BadProject when there is none or it is damaged, NewerVersion when a later program wrote it.
    """
    path = run / FOOTAGE_FILE
    try:
        content = read_plain(path, _MAX_BYTES)
    except TooLarge as error:
        raise BadProject(f"{path} is too large to be a list of clips: delete it and scan the footage again.") from error
    except Refused as error:
        raise NotAFile(str(error)) from error
    except OSError as error:
        raise BadProject(f"{path} cannot be read ({error.strerror}): scan the footage first.") from error
    try:
        footage = Footage.model_validate_json(content)
    except ValidationError as error:
        if any(each["loc"] == ("schema_version",) for each in error.errors(include_url=False)):
            raise NewerVersion(
                f"{path} has another version than {FOOTAGE_VERSION}: use the program that wrote it, or scan again."
            ) from error
        raise BadProject(f"{path} is damaged ({first_problem(error)}): delete it and scan again.") from error
    return with_fields(footage, {"schema_version": FOOTAGE_VERSION})


def write_footage(run: Path, footage: Footage) -> None:
    """Puts ``footage`` into the folder ``run``, which is made when it is not there. Raises DiskFull or StudioError."""
    path = run / FOOTAGE_FILE
    with plain_errors(path):
        run.mkdir(parents=True, exist_ok=True)
    atomic_write(path, footage.model_dump_json(indent=1).encode())
