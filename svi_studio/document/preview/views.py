"""What the preview looks at: the film, one take in the place of its clip, or two takes against each other."""

from dataclasses import dataclass

from svi_studio.document.preview.scene import Layout


@dataclass(frozen=True, slots=True)
class FilmView:
    """The film as it is, with the take that each clip shows."""

    @property
    def takes(self) -> tuple[str | None, ...]:
        """The takes to show in the place of the clip's own, one for each picture."""
        return (None,)

    @property
    def layout(self) -> Layout:
        """How the pictures stand."""
        return Layout.SINGLE


@dataclass(frozen=True, slots=True)
class TakeView:
    """One take in the place of the clip ``clip_id``, trimmed as the film trims it."""

    clip_id: str
    take_hash: str

    @property
    def takes(self) -> tuple[str | None, ...]:
        """See ``FilmView``."""
        return (self.take_hash,)

    @property
    def layout(self) -> Layout:
        """See ``FilmView``."""
        return Layout.SINGLE


@dataclass(frozen=True, slots=True)
class CompareView:
    """Two takes in the place of the clip ``clip_id``, frame by frame together."""

    clip_id: str
    first: str
    second: str
    layout: Layout = Layout.SIDE_BY_SIDE

    @property
    def takes(self) -> tuple[str | None, ...]:
        """See ``FilmView``."""
        return (self.first, self.second)


View = FilmView | TakeView | CompareView
