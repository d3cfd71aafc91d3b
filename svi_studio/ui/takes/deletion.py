"""Deleting takes: what it frees, what would be missing, and the question before anything that somebody may want."""

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QCheckBox, QMessageBox, QWidget

from svi_studio.document import words
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.takes.take_look import unused_takes, used_by
from svi_studio.ui.controls.confirm import ask


class Deletion(QObject):
    """Deletes takes of ``film``; questions stand over ``window``."""

    def __init__(self, film: OpenFilm, window: QWidget) -> None:
        super().__init__(window)
        self._film, self._window = film, window

    def delete(self, hashes: Sequence[str]) -> QMessageBox | None:
        """Deletes these takes: at once when nobody uses or rated them, else after a question, which is returned."""
        if not hashes:
            return None
        self._film.states.settle()
        warning = self._warning(hashes)
        if not warning:
            self._film.commands.takes.delete(hashes)
            return None
        question = self._question(len(hashes))
        answer = self.tr("Delete, frees {size}").format(size=words.size(self._film.takes.size(hashes)))
        return ask(self._window, question, warning, answer, lambda: self._film.commands.takes.delete(hashes))

    def delete_unused(self) -> QMessageBox | None:
        """Asks, then deletes every take that no clip of the film needs; rated ones stay unless the user says so."""
        film = self._film
        film.states.want_drafts(True)
        film.states.settle()
        if film.states.facts is None:
            reason = film.states.problem or self.tr("The film's model is still loading: try again in a moment.")
            film.document.refused.emit(reason)
            return None
        unused = unused_takes(film)
        rated = [take for take in unused if film.takes.rating(take)]
        plain = [take for take in unused if not film.takes.rating(take)]
        if not unused:
            film.document.refused.emit(self.tr("Every take is used by a clip: there is nothing to delete."))
            return None
        return self._ask_unused(plain, rated)

    def _ask_unused(self, plain: list[str], rated: list[str]) -> QMessageBox:
        size = words.size(self._film.takes.size(plain))
        details = self.tr("Frees {size}. Clips keep what they show. Undo cannot bring takes back.").format(size=size)
        too = QCheckBox(self.tr("Also the rated ones ({count})").format(count=len(rated)))

        def delete() -> None:
            self._film.commands.takes.delete([*plain, *(rated if too.isChecked() else [])])

        box = ask(self._window, self._unused_question(len(plain)), details, self.tr("Delete"), delete)
        too.setVisible(bool(rated))
        if rated:
            box.setCheckBox(too)
        else:
            too.setParent(box)
        return box

    def _unused_question(self, count: int) -> str:
        if count == 1:
            return self.tr("Delete the one take that no clip uses?")
        return self.tr("Delete {count} takes that no clip uses?").format(count=count)

    def _question(self, count: int) -> str:
        return self.tr("Delete this take?") if count == 1 else self.tr("Delete {count} takes?").format(count=count)

    def _warning(self, hashes: Sequence[str]) -> str:
        lines = []
        used = sorted({number for numbers in used_by(self._film, hashes).values() for number in numbers})
        if len(used) == 1:
            sentence = self.tr("Clip {clip} uses it and would have to be rendered again.")
            if len(hashes) > 1:
                sentence = self.tr("Clip {clip} uses one of them: the clip would have to be rendered again.")
            lines.append(sentence.format(clip=used[0]))
        elif used:
            named = words.clip_range((number - 1 for number in used), len(self._film.document.storyboard.clips))
            sentence = self.tr("{clips} use them: they would have to be rendered again.")
            lines.append(sentence.format(clips=words.capital(named)))
        rated = sum(self._film.takes.rating(take) > 0 for take in hashes)
        if rated:
            lines.append(self._rated_words(rated, len(hashes)))
        if lines:
            lines.append(self.tr("Undo cannot bring takes back."))
        return " ".join(lines)

    def _rated_words(self, rated: int, count: int) -> str:
        if count == 1:
            return self.tr("You rated it.")
        return self.tr("You rated {rated} of them.").format(rated=rated)
