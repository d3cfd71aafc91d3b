"""How the models folders and the files found elsewhere stand: what is installed, what is here, what it makes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from svi_studio.document.models.installed import InstalledModel, read_installed
from svi_studio.document.models.kit_states import entries_here, fetched_sizes, fetched_users
from svi_studio.domain.errors import StudioError
from svi_studio.domain.fetching.known_model import KnownModel
from svi_studio.domain.film.filmable import Filmable
from svi_studio.domain.film.model_file import ModelFile
from svi_studio.hub.known_models import known_models
from svi_studio.jobs.threads.owned_thread import thread_stops
from svi_studio.weights.catalogue import models_folders
from svi_studio.weights.linking.filmable import parts_found, what_can_be_filmed
from svi_studio.weights.scan.answers import with_answers
from svi_studio.weights.scan.scan import scan_folder
from svi_studio.weights.story_models import downloads_folder


@dataclass(frozen=True, slots=True)
class Stand:
    """What one look found. ``here``: the entries of the catalogue that are here, ``fetched`` the bytes of
    those that were fetched, ``users`` the titles of the models that are made with them.

    ``filmables``: the models that ``files`` make, or would make. ``problem``: why the catalogue cannot be read.
    """

    installed: tuple[InstalledModel, ...]
    known: Mapping[str, KnownModel]
    here: frozenset[str]
    fetched: Mapping[str, int]
    users: Mapping[str, tuple[str, ...]]
    files: tuple[ModelFile, ...]
    filmables: tuple[Filmable, ...]
    problem: str = ""


def read_stand(rows: tuple[ModelFile, ...]) -> Stand:
    """Looks at the models folders; ``rows`` are files that were found elsewhere. For a thread."""
    folder, problem = models_folders()[0], ""
    try:
        known = known_models()
    except StudioError as error:
        known, problem = {}, str(error)
    every = {row.path: row for row in (*_files_in(models_folders()), *rows)}
    names = {Path(row.path).name.casefold() for row in every.values() if row.usable}
    files = with_answers([*every.values()])
    filling = _files_in([downloads_folder()])
    here = entries_here(known, folder, names) | parts_found([*files, *filling])
    filmables = what_can_be_filmed(files, filling)
    installed, sizes = read_installed(), fetched_sizes(known, folder)
    users = fetched_users(known, folder, installed)
    return Stand(installed, known, here, sizes, users, files, filmables, problem)


def _files_in(folders: Iterable[Path]) -> tuple[ModelFile, ...]:
    """What lies in ``folders``."""
    found: list[ModelFile] = []
    for folder in folders:
        try:
            found += scan_folder(folder, should_stop=thread_stops).files
        except (StudioError, OSError):  # not made yet, or on a drive that is away
            continue
    return tuple(found)
