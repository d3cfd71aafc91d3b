"""A film in which somebody speaks."""

from tests.document.speech.conftest import film

__all__ = ["film"]
