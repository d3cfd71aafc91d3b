"""Reads what decides a film's takes besides its words, the model, its LoRAs and pictures, in a thread of its own."""

import logging

from PySide6.QtCore import QObject, Signal

from svi_studio.domain.errors import as_studio_error
from svi_studio.jobs.threads.background import Background
from svi_studio.project.film.film_source import FilmSource
from svi_studio.project.film.prepare import read_facts


class FactsReader(QObject):
    """``read`` answers with ``facts`` (PreparedFacts) or ``problem`` (a sentence). Only the last question is answered.

    The first reading of a large model takes minutes, because all of it is hashed; the hashes are remembered.
    """

    facts = Signal(object)
    problem = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = Background("facts reader", self)
        self._question = 0

    def read(self, film: FilmSource) -> None:
        """Asks for the facts of ``film``; questions that are still open are forgotten."""
        self._question += 1
        question = self._question
        self._work.submit(
            lambda: read_facts(film, should_stop=lambda: question != self._question),
            lambda found: self.facts.emit(found) if question == self._question else None,
            lambda error: self._failed(error) if question == self._question else None,
        )

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        self._question += 1
        return self._work.close()

    def _failed(self, error: Exception) -> None:
        told = as_studio_error(error)
        if told is None:
            logging.getLogger(__name__).error("reading a film's model and pictures failed", exc_info=error)
        self.problem.emit(str(told or self.tr("The model and the pictures of this film could not be read.")))
