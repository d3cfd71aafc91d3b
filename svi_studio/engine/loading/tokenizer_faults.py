"""What a damaged or hostile tokenizer does to the library that runs it: it panics, or overruns the stack."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from svi_studio.domain.errors import BadWeights

_MOST_LETTERS = 1000
"""Of a word: real ones have 16. The library walks as deep as a word is long, and 200,000 letters end the process."""


@contextmanager
def told_faults(sentence: str) -> Iterator[None]:
    """Whatever the library raises in there becomes a BadWeights with that ``sentence``; memory that runs out does not.

    A panic of its own is no Exception, so that it would end a worker.
    """
    try:
        yield
    except (BadWeights, MemoryError):
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise BadWeights(sentence) from error


def are_words(words: Iterable[object]) -> bool:
    """Whether all ``words`` of a vocabulary are texts that are short enough for the library."""
    return all(isinstance(word, str) and len(word) <= _MOST_LETTERS for word in words)
