"""Shows where a film's file lies, in the system's own window."""

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.errors import StudioError
from svi_studio.ui.desktop.open_with_system import open_with_system


def show_folder(film: OpenFilm, file: str) -> None:
    """Shows the folder of the file that the storyboard names so; where that is not possible, the film says why."""
    try:
        open_with_system(film.document.file(file).parent)
    except StudioError as error:
        film.document.refused.emit(str(error))
