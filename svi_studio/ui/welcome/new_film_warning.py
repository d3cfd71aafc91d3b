"""Stops before a film is made of a picture or words that the bundled model cannot draw, and offers the ways on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from svi_studio.document.welcome.looks import Looks
from svi_studio.ui.window.banner import BannerStack, Way

if TYPE_CHECKING:
    from svi_studio.document.opening.new_film_check import NewFilmCheck
    from svi_studio.domain.story.starting_picture import StartingPicture

_BANNER = "new-film"

MakeFromPicture = Callable[[Path, str], object]  # the picture, and the model; "" = the usual one


@dataclass(frozen=True, slots=True)
class SubjectWays:
    """How to go on with a subject: ``make`` gets the model ("" = the usual one), ``use_words`` other words for it.

    ``looked_at`` is called once the words have been looked at.
    """

    make: Callable[[str], object]
    use_words: Callable[[str], object]
    looked_at: Callable[[], object]


class NewFilmWarning(QObject):
    """``show_models`` shows this computer and its models, which is the way to another one."""

    def __init__(self, looks: Looks, show_models: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._looks, self._show_models = looks, show_models

    def picture(
        self, picture: Path, banners: BannerStack, make: MakeFromPicture, looked_at: Callable[[], object]
    ) -> None:
        """Makes a film of ``picture``, at once or when the user wants it all the same; ``looked_at`` comes before."""

        def looked(found: "NewFilmCheck") -> None:
            looked_at()
            banners.dismiss(_BANNER)
            if not found.warning:
                make(picture, "")
                return
            other = found.other.name if found.other is not None else ""
            called = _called(found)

            def ask() -> None:
                ready_made = (self.tr("Ready-made picture…"), lambda: self._ready_made(banners, make, ask))
                anyway = (self.tr("Use it anyway"), lambda: make(picture, ""))
                model = self._model(called, lambda: make(picture, other), ask)
                ways = [model, ready_made] if other else [ready_made, model]
                banners.tell(_BANNER, "warn", found.warning, [*ways, anyway])

            ask()

        def failed(_error: Exception) -> None:
            make(picture, "")  # it says what is wrong with the picture

        self._looks.at_picture(picture, looked, failed)

    def subject(self, subject: str, banners: BannerStack, wanted: SubjectWays) -> None:
        """Makes a film about ``subject``, at once or when the user wants it all the same."""

        def looked(found: "NewFilmCheck") -> None:
            wanted.looked_at()
            banners.dismiss(_BANNER)
            if not found.warning:
                wanted.make("")
                return
            other = found.other.name if found.other is not None else ""
            called = _called(found)

            def ask() -> None:
                ways: list[Way] = [
                    (self.tr("Use words it knows"), lambda: wanted.use_words(found.subject.instead)),
                    self._model(called, lambda: wanted.make(other), ask),
                ]
                if found.subject.possible:
                    ways.append((self.tr("Make it anyway"), lambda: wanted.make("")))
                banners.tell(_BANNER, "warn", found.warning, ways)

            ask()

        def failed(_error: Exception) -> None:
            wanted.make("")  # it says what is wrong with the model

        self._looks.at_subject(subject, looked, failed)

    def _model(self, other: str, use_it: Callable[[], object], ask: Callable[[], object]) -> Way:
        """Offers another model of this computer; without one, shows how to get it and lets ``ask`` ask again."""
        if other:
            return self.tr("Use {model}").format(model=other), use_it

        def look() -> None:
            self._show_models()
            ask()

        return self.tr("Get another model…"), look

    def _ready_made(self, banners: BannerStack, make: MakeFromPicture, ask: Callable[[], object]) -> None:
        self._looks.ready_made(lambda pictures: self._choose(pictures, banners, make, ask))

    def _choose(
        self,
        pictures: "Sequence[StartingPicture]",
        banners: BannerStack,
        make: MakeFromPicture,
        ask: Callable[[], object],
    ) -> None:
        from svi_studio.document.pictures.thumbnails import Thumbnails  # noqa: PLC0415
        from svi_studio.ui.storyline.ready_made_dialog import ReadyMadeDialog  # noqa: PLC0415 - only when it is wanted

        window = banners.window()
        thumbnails = Thumbnails(window)
        dialog = ReadyMadeDialog(pictures, "", thumbnails, window)
        dialog.chosen.connect(lambda picture: make(picture.path, ""))
        dialog.rejected.connect(ask)
        dialog.finished.connect(lambda _result: thumbnails.close())
        dialog.open()


def _called(found: "NewFilmCheck") -> str:
    """What people call the other model that there is: by its title; empty without one."""
    other = found.other
    return "" if other is None else (other.card.title if other.card is not None else "") or other.name
