"""The names under which the window keeps the user's wishes, and the folders that they name."""

import os

from svi_studio.document.preferences import Preferences

FILMS_FOLDER = "films_folder"
MODELS_FOLDERS = "models_folders"
PLAY_WHEN_DONE = "play_when_done"
_MODELS_VARIABLE = "SVI_MODELS"

_given: list[str] = [part for part in os.environ.get(_MODELS_VARIABLE, "").split(os.pathsep) if part]


def use_models_folders(preferences: Preferences) -> None:
    """Let this process and those that it starts look for models in the folders of the preferences, too."""
    own = [part for part in preferences.text(MODELS_FOLDERS).split(os.pathsep) if part]
    folders = os.pathsep.join(dict.fromkeys([*_given, *own]))
    if folders:
        os.environ[_MODELS_VARIABLE] = folders
    else:
        os.environ.pop(_MODELS_VARIABLE, None)
