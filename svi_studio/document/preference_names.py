"""The names under which the window keeps the user's preferences, and the folders that they name."""

from svi_studio.document.preferences import Preferences
from svi_studio.settings import MODELS

FILMS_FOLDER = "films_folder"
MODELS_FOLDERS = "models_folders"
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
