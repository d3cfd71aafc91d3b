"""How many clips a story needs to be as long as a sound track."""

import math

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.family import FamilyProfile
from svi_studio.domain.film.film_time import film_time
from svi_studio.domain.story.story_brief import MOST_STORY_CLIPS
from svi_studio.domain.text.wording import as_duration


def clips_for_seconds(seconds: float, num_frames: int, profile: FamilyProfile, fps: float | None = None) -> int:
    """The fewest clips of one chain, 1 to 500, whose film lasts at least ``seconds``.

    The model makes ``num_frames`` >= 1 frames a clip, shown at ``fps``, None = the family's. Cuts make such a film a
    little longer, as nothing is trimmed there. Raises BadInput when ``seconds`` is no length, or too long for a story.
    """
    rate = fps or profile.fps
    if not 0 < seconds < math.inf:
        raise BadInput("The sound has no length: choose a file that plays.")
    one, two = (film_time([True, False][:count], num_frames, profile, rate).frames for count in (1, 2))
    wanted = math.ceil(seconds * rate - 1e-6)  # a sound of exactly n frames needs n, whatever the last bit says
    clips = 1 + max(0, math.ceil((wanted - one) / (two - one)))
    if clips > MOST_STORY_CLIPS:
        most = (one + (MOST_STORY_CLIPS - 1) * (two - one)) / rate
        raise BadInput(
            f"The sound lasts {as_duration(seconds)}, but a story has at most {MOST_STORY_CLIPS} clips, which last "
            f"{as_duration(most)}: choose a shorter sound, or go on with a second story."
        )
    return clips
