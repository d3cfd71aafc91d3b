"""A text that a command is to lay under a film, spoken into a file for as long as the command needs it."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.voice_speed import USUAL
from svi_studio.domain.text.plain_name import plain_name
from svi_studio.media.sounds.scratch_voice import speak


@contextmanager
def spoken(options: Namespace) -> Iterator[Namespace]:
    """``options`` with ``add``: the text of ``say`` as a file, where there is one. Raises StudioError."""
    if options.say is None:
        if options.voice is not None or options.speed is not None:
            raise BadInput("--voice and --speed are for a text: give one with --say.")
        yield options
        return
    with TemporaryDirectory(prefix="svi-voice-") as folder:
        name = plain_name(" ".join(options.say.split())[:40], "Spoken text")
        file = speak(options.say, Path(folder) / f"{name}.wav", voice=options.voice or "", speed=options.speed or USUAL)
        yield Namespace(**{**vars(options), "add": file})
