"""What a chat model's answer must hold, and how one card of it is read: all of it is text, and only text."""

from typing import Any

from svi_studio.domain.story.proposal import ProposedCard
from svi_studio.domain.text.strict_json import StrictError
from svi_studio.storyline.replies.loose_reply import loose_json
from svi_studio.storyline.replies.strict_reply import one_line

MAX_PROMPT_CHARS = 1_500  # Wan's text encoder reads 512 tokens, about 2,000 letters of English
MAX_CAMERA_CHARS = 300
MAX_TITLE_CHARS = 120
MAX_STORY_CHARS = 1_200
MAX_NAMES = 12
MAX_NAME_CHARS = 160
_WRITTEN_PROMPT_CHARS = 600  # what a model that is held to a schema may write; the rules ask for 45 words
_WRITTEN_CAMERA_CHARS = 200
_WRITTEN_STORY_CHARS = 800
_BARE_QUOTES = ("'", "“", "„", "«")
_NO_CAMERA = frozenset(
    (
        *(
            "",
            "-",
            "none",
            "no",
            "n/a",
            "na",
            "nil",
            "null",
            "nothing",
            "empty",
            "false",
            "true",
            "static",
            "still",
            "fixed",
        ),
        *("default", "normal", "same", "unspecified", "unknown", "undefined", "tbd", "not specified", "not applicable"),
        *("no camera", "no movement", "no camera movement", "no motion", "keine", "kein", "ohne", "statisch", "aucune"),
        *(
            "aucun",
            "fixe",
            "ninguna",
            "ninguno",
            "nessuna",
            "nessuno",
            "nenhuma",
            "nenhum",
            "нет",
            "无",
            "無",
            "なし",
            "없음",
        ),
    )
)
_PLACEHOLDERS = frozenset(("string", "text", "str", "prompt", "your prompt", "your prompt here", "prompt here", "todo"))
_CUT_WORDS = dict.fromkeys(("true", "yes", "1", "cut"), True) | dict.fromkeys(
    ("false", "no", "0", "", "none", "null", "n/a"), False
)


def reply_schema(cards: int) -> dict[str, Any]:
    """The JSON schema of an answer with exactly ``cards`` cards, in the part of JSON schema that servers know.

    Every field is required, for hosted servers want it so; a camera may be "". Every text and list is bounded: a weak
    model that is held to a schema without bounds may write one text until its time is over.
    """
    return _object(
        {
            "title": _text(MAX_TITLE_CHARS),
            "names": {"type": "array", "items": _text(MAX_NAME_CHARS), "maxItems": MAX_NAMES},
            "story": _text(_WRITTEN_STORY_CHARS),
            "cards": _cards_schema(cards),
        }
    )


def single_schema() -> dict[str, Any]:
    """The JSON schema of an answer with one card and nothing else."""
    return _object({"cards": _cards_schema(1)})


def _cards_schema(cards: int) -> dict[str, Any]:
    fields = {
        "prompt": _text(_WRITTEN_PROMPT_CHARS),
        "camera": _text(_WRITTEN_CAMERA_CHARS),
        "cut": {"type": "boolean"},
    }
    return {"type": "array", "items": _object(fields), "minItems": cards, "maxItems": cards}


def _text(limit: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": limit}


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def read_card(text: str) -> ProposedCard:
    """The card in the JSON value ``text``: an object with a prompt, or the prompt alone. Raises StrictError."""
    value = _bare_text(text) if text[:1] in _BARE_QUOTES else loose_json(text)
    fields = {"prompt": value} if isinstance(value, str) else value
    if not isinstance(fields, dict) or not isinstance(fields.get("prompt"), str):
        raise StrictError("it has no prompt in words")
    prompt = one_line(fields["prompt"], MAX_PROMPT_CHARS)
    if prompt.strip(" .…<>[]{}()_*").casefold() in _PLACEHOLDERS:
        raise StrictError("its prompt is only the word for one")
    return ProposedCard(prompt=_with_camera(prompt, _camera(fields.get("camera"))), cut=_cut(fields.get("cut")))


def _bare_text(text: str) -> str:
    """A text between single or curly quotes, as it stands in a list."""
    return text[1:-1].replace("\\'", "'")


def _camera(value: object) -> str:
    """What the camera does; what says nothing of it, as "none", is left out."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        value = ", ".join(value)
    if not isinstance(value, str) or value.strip(" .-–—_/()[]").casefold() in _NO_CAMERA:
        return ""
    return value


def _cut(value: object) -> bool:
    """Truth, also where it is a word or a number. Raises StrictError."""
    word = str(value).strip(" .").casefold() if isinstance(value, str | int | None) else "?"
    if word not in _CUT_WORDS:
        raise StrictError("its cut is neither true nor false")
    return _CUT_WORDS[word]


def _with_camera(prompt: str, camera: str) -> str:
    """One text for the video model: what happens, then how the camera sees it, said once."""
    if not any(char.isalnum() for char in camera):
        return prompt
    line = one_line(camera, MAX_CAMERA_CHARS)
    if line.rstrip(".").casefold() in prompt.casefold():
        return prompt
    stop = "" if prompt[-1] in ".!?。！？…" else "."
    return f"{prompt}{stop} {line}"


def line_or_nothing(value: object, limit: int) -> str:
    """What only helps the next request: left out when it is not sound, cut when it is long."""
    if not isinstance(value, str):
        return ""
    try:
        return one_line(value, len(value) + 1)[:limit].rstrip()
    except StrictError:
        return ""
