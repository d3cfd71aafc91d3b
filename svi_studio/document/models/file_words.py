"""What a file of weights is, in plain words: its kind, what it is for, and what can be done with it here."""

from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from svi_studio.document import words
from svi_studio.domain.film.architecture import ARCHITECTURES
from svi_studio.domain.film.model_file import ModelFile


def _noted(text: str) -> str:
    return str(QT_TRANSLATE_NOOP("FileWords", text))


_KINDS = {
    "transformer": _noted("Video model"),
    "vae": _noted("VAE"),
    "text_encoder": _noted("Text encoder"),
    "tokenizer": _noted("Tokenizer"),
    "picture_encoder": _noted("Picture encoder"),
    "lora": _noted("LoRA"),
    "other": _noted("Other weights"),
}
_USES = {
    "transformer": _noted("It draws the film. It needs a VAE, a text encoder and a tokenizer beside it."),
    "vae": _noted("It turns pictures into what the video model works on, and back."),
    "text_encoder": _noted("It reads your prompts for the video model."),
    "tokenizer": _noted("It cuts your prompts into words for the text encoder."),
    "picture_encoder": _noted("It looks at the start picture for Wan 2.1."),
    "lora": _noted("It changes how a model draws or moves. It goes into a film."),
}


def kind_title(row: ModelFile) -> str:
    """For example ``Video model``."""
    return _text(_KINDS[row.kind])


def facts(row: ModelFile) -> str:
    """For example ``Wan 2.2 I2V A14B · high noise · fp8-scaled · 14.3 GB``."""
    experts = {"high": _text("high noise"), "low": _text("low noise")}
    parts = (
        architecture_title(row.architecture),
        experts.get(row.expert or "", ""),
        row.precision or "",
        words.size(row.bytes) if row.bytes else "",
    )
    return " · ".join(part for part in parts if part)


def what_it_is(row: ModelFile) -> str:
    """What it is for, or why it cannot be used: a sentence."""
    if row.why:
        return row.why
    return _text(_USES[row.kind]) if row.kind in _USES else _text("It can be used by this program.")


def architecture_title(name: str | None) -> str:
    """An architecture as people call it; as it is written where nobody calls it anything."""
    if name is None:
        return ""
    known = ARCHITECTURES.get(name) or next((each for key, each in ARCHITECTURES.items() if name.startswith(key)), None)
    return known.title if known is not None else name


def short_path(path: Path) -> str:
    """With ``~`` for the user's own folder."""
    try:
        return f"~/{path.relative_to(Path.home()).as_posix()}"
    except ValueError:
        return str(path)


def _text(text: str) -> str:
    return QCoreApplication.translate("FileWords", text)
