"""The names under which the window keeps the user's preferences, and the folders that they name."""

from pathlib import Path

from svi_studio.document.preferences import Preferences
from svi_studio.settings import MODELS

FILMS_FOLDER = "films_folder"
MODELS_FOLDERS = "models_folders"
MODEL_PLACES = "model_places"
MODEL_PLACES_SEEN = "model_places_looked_through"
PLAY_WHEN_DONE = "play_when_done"
ONION_OPACITY = "onion_opacity"
SOUND_DEVICE = "sound_device"
SOUND_INPUT = "sound_input"
SOUND_LATE = "sound_late_ms"
SOUND_VOLUME = "sound_volume"
SOUND_MUTED = "sound_muted"
HEAR_SCRUBBING = "hear_scrubbing"


def use_models_folders(preferences: Preferences) -> None:
    """Lets this process and those that it starts look for models in the folders of the preferences, too."""
    MODELS.add(preferences.text(MODELS_FOLDERS))


def chosen_places(preferences: Preferences) -> tuple[Path, ...]:
    """The folders that the user chose to look for models in."""
    return _paths(preferences, MODEL_PLACES)


def known_places(preferences: Preferences) -> tuple[Path, ...]:
    """Those, and the folders of other programs that were once looked through."""
    return tuple(dict.fromkeys([*chosen_places(preferences), *_paths(preferences, MODEL_PLACES_SEEN)]))


def _paths(preferences: Preferences, name: str) -> tuple[Path, ...]:
    return tuple(Path(line) for line in preferences.text(name).split("\n") if line)
