"""The catalogue: the entries that ship with the program, and those that the user added."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from platformdirs import user_data_path
from pydantic import ValidationError

from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.domain.fetching.known_model import KnownModel, KnownModels
from svi_studio.domain.text.command_name import command_line
from svi_studio.domain.value import first_problem
from svi_studio.hub.file_names import check_file_name
from svi_studio.resource_files import resource_path

_MOST = 4 << 20


def own_entries_folder() -> Path:
    """Where the user's entries lie, a JSON file each."""
    return user_data_path("svi-studio", appauthor=False) / "known_models"


def known_models(own: Path | None = None) -> Mapping[str, KnownModel]:
    """All entries by name; an entry of the user's replaces one that ships. ``own``: another folder of entries.

    Raises BadInput for an entry that is wrong, naming its file.
    """
    folder = own or own_entries_folder()
    files = [resource_path("known_models.json"), *sorted(folder.glob("*.json"))]
    return {model.name: model for file in files for model in read_entries(file)}


def find_known(name: str, own: Path | None = None) -> KnownModel:
    """The entry called ``name``. Raises BadInput, which names one that is spelled alike."""
    known = known_models(own)
    if name in known:
        return known[name]
    close = get_close_matches(name, known, n=1)
    hint = f'did you mean "{close[0]}"?' if close else f'"{command_line("models", "fetch")}" shows all that are.'
    raise BadInput(f'No model called "{name}" is known: {hint}')


def read_entries(file: Path) -> tuple[KnownModel, ...]:
    """The entries in a JSON file, checked: places, names and kinds of files. Raises BadInput, StudioError."""
    with plain_errors(file):
        content = read_plain(file, _MOST)
    try:
        entries = KnownModels.model_validate_json(content).models
    except (ValidationError, RecursionError) as error:
        why = first_problem(error) if isinstance(error, ValidationError) else "it is nested too deeply"
        raise BadInput(f"{file} holds no entries of known models ({why}); correct or remove it.") from None
    for entry in entries:
        _check(entry, file)
    return entries


def add_entries(file: Path, own: Path | None = None) -> tuple[KnownModel, ...]:
    """Takes the entries in ``file`` over into the catalogue. Raises BadInput, StudioError, DiskFull."""
    entries = read_entries(file)
    folder = own or own_entries_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudioError(f"{folder} cannot be made ({error.strerror}): allow it and do it again.") from error
    for entry in entries:
        content = KnownModels(version=1, models=(entry,)).model_dump_json(indent=1)
        atomic_write(folder / f"{entry.name}.json", content.encode())
    return entries


def _check(entry: KnownModel, file: Path) -> None:
    try:
        check_file_name(f"{entry.folder}/x.json")
        for each in entry.files:
            check_file_name(each.path.replace("*", "x.json" if each.path.endswith("*") else "x"))
            if each.save_as is not None:
                check_file_name(each.save_as)
    except BadInput as error:
        raise BadInput(f'The entry "{entry.name}" in {file} is wrong: {error}') from None
