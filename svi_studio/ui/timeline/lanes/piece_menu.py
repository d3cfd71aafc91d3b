"""The menu rows that every piece of a track has, whatever lies in it."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu

from svi_studio.domain.film.track import InputKind
from svi_studio.ui.desktop.show_folder import show_folder
from svi_studio.ui.theme.icons import icon
from svi_studio.ui.timeline.hand.lane_host import LaneHost

translate = QCoreApplication.translate


def add_piece_rows(menu: QMenu, host: LaneHost, kind: InputKind, place: int) -> None:
    """Split at the playhead, and remove."""
    film = host.film
    piece = film.pieces.pieces(kind)[place]
    split = menu.addAction(
        icon("scissors"),
        translate("Timeline", "Split at the playhead") + "\tS",
        lambda: film.commands.tracks.split(kind),
    )
    split.setEnabled(piece.start < film.playhead.frame < piece.stop and not film.read_only)
    remove = menu.addAction(
        icon("trash"), translate("Timeline", "Remove") + "\tDel", lambda: film.commands.tracks.remove(kind, place)
    )
    remove.setEnabled(not film.read_only)


def add_file_row(menu: QMenu, host: LaneHost, kind: InputKind, place: int) -> None:
    """Show the piece's file in its folder."""
    film = host.film
    file = film.pieces.pieces(kind)[place].file
    menu.addAction(icon("folder"), translate("Timeline", "Show in its folder"), lambda: show_folder(film, file))
