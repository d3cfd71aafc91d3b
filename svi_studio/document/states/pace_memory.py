"""Remembers how fast this computer makes clips, from film to film, so that a new film knows its price."""

from pydantic import ValidationError

from svi_studio.document.preferences import Preferences
from svi_studio.domain.render.measured_pace import MeasuredPace, MeasuredPaces
from svi_studio.domain.takes.take import Take

_NAME = "measured_paces"


class PaceMemory:
    """Kept with the user's preferences; without ``preferences`` only as long as the film is open."""

    def __init__(self, preferences: Preferences | None = None) -> None:
        self._preferences = preferences
        self._paces: MeasuredPaces | None = None

    def keep_in(self, preferences: Preferences) -> None:
        """Takes the paces that ``preferences`` hold, and keeps there what comes."""
        self._preferences, self._paces = preferences, None

    @property
    def paces(self) -> tuple[MeasuredPace, ...]:
        """The measured paces, newest first; what cannot be read counts as nothing."""
        return self._known().paces

    def remember(self, take: Take) -> None:
        """Remembers the pace of a take that was made here just now."""
        pace = MeasuredPace.of(take)
        if pace is not None:
            self.keep(pace)

    def keep(self, pace: MeasuredPace) -> None:
        """Remembers a pace that was measured here just now."""
        self._paces = self._known().with_pace(pace)
        if self._preferences is not None:
            self._preferences.set_text(_NAME, self._paces.model_dump_json())

    def _known(self) -> MeasuredPaces:
        if self._paces is None:
            try:
                kept = self._preferences.text(_NAME) if self._preferences is not None else ""
                self._paces = MeasuredPaces.model_validate_json(kept) if kept else MeasuredPaces()
            except ValidationError:
                self._paces = MeasuredPaces()
        return self._paces
