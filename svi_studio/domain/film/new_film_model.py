"""Which of the models that come with the program a new film uses."""

from typing import Final

NEW_FILM_MODEL: Final = "svi-theatre"
