"""The kinds of file that the export dialog offers, each with one plain sentence."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from svi_studio.domain.film.subtitle_way import SubtitleWay
from svi_studio.media.formats import CONTACT_SHEET, FFV1, FORMATS, H264, PNG, PRORES, FilmFormat


@dataclass(frozen=True, slots=True)
class ExportKind:
    """``name`` is what the command line calls it, ``suffix`` how its files end, empty for a folder.

    ``film_format`` is None for a contact sheet, which has neither sound nor an enlargement.
    """

    name: str
    title: str
    sentence: str
    suffix: str
    film_format: FilmFormat | None

    @property
    def has_sound(self) -> bool:
        """Whether a sound file can be laid under it."""
        return self.film_format is not None and self.film_format.one_file

    @property
    def subtitle_ways(self) -> tuple[SubtitleWay, ...]:
        """How subtitles can go out with it."""
        if self.film_format is None:
            return (SubtitleWay.NONE,)
        track = (SubtitleWay.TRACK,) if self.film_format.subtitles else ()
        return (SubtitleWay.NONE, SubtitleWay.BURN, *track, SubtitleWay.FILE)

    @property
    def is_sheet(self) -> bool:
        """Whether it is one picture of the whole film."""
        return self.film_format is None


def export_kinds() -> tuple[ExportKind, ...]:
    """Returns all kinds of export, the most usual first."""
    return (
        _kind(H264, _tr("Film to share (MP4)"), _tr("Plays on every phone, browser and television.")),
        _kind(
            PRORES, _tr("Film to edit (ProRes)"), _tr("Large, and smooth to edit in Resolve, Premiere or Final Cut.")
        ),
        _kind(
            FFV1,
            _tr("Exact copy (FFV1)"),
            _tr("Every pixel exactly as rendered, to archive or work on; few players can open it."),
        ),
        _kind(PNG, _tr("Pictures (PNG)"), _tr("A folder with each frame as a picture.")),
        ExportKind(
            CONTACT_SHEET,
            _tr("Contact sheet"),
            _tr("The whole film in one picture: a frame of every clip with its time and prompt."),
            ".png",
            None,
        ),
    )


def _kind(film_format: FilmFormat, title: str, sentence: str) -> ExportKind:
    return ExportKind(film_format.name, title, sentence, FORMATS[film_format.name].suffix, film_format)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ExportKinds", text)
