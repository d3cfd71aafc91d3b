"""Prompts in JSON, JSON lines, YAML and TOML: lists of texts, or of objects of which one field is the prompt."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from svi_studio.domain.errors import BadInput
from svi_studio.storyline.text_formats.yaml_text import read_yaml

Pairs = list[tuple[str, bool | None]]

_PROMPT = ("prompt", "positive_prompt", "positive prompt", "positive", "video_prompt", "text", "caption", "description")
_LISTS = ("prompts", "clips", "scenes", "shots", "storyboard", "segments", "cards", "items", "data", "list", "story")
_STORYBOARD = {"clips", "family"}
_PLACE = re.compile(r"\s*\d+(?:[.:,]\d+)*\s*s?\s*")
_DEEPEST = 4


def read_json(text: str, name: str) -> Pairs:
    """The prompts of a JSON file, or of one with an object a line. Raises BadInput."""
    try:
        return from_data(json.loads(text), "JSON", name)
    except RecursionError as error:
        raise _no_list("JSON", name) from error
    except ValueError as error:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) > 1 and (found := _json_lines(lines)) is not None:
            return from_data(found, "JSON", name)
        line = getattr(error, "lineno", 1)
        raise BadInput(f'The JSON in "{name}" breaks off at line {line}: look for a comma or a quote there.') from error


def is_json(text: str) -> bool:
    """Whether ``text`` is a JSON list or object, or several of them, one a line."""
    if not text.lstrip().startswith(("[", "{")):
        return False
    try:
        return isinstance(json.loads(text), (list, dict))
    except (ValueError, RecursionError):
        found = _json_lines([line for line in text.split("\n") if line.strip()])
        return found is not None


def read_yaml_list(text: str, name: str) -> Pairs:
    """The prompts of a YAML file. Raises BadInput."""
    return from_data(read_yaml(text, name), "YAML", name)


def read_toml(text: str, name: str) -> Pairs:
    """The prompts of a TOML file. Raises BadInput."""
    try:
        return from_data(tomllib.loads(text), "TOML", name)
    except (ValueError, RecursionError) as error:
        raise BadInput(f'The TOML in "{name}" cannot be read: write the prompts one a line.') from error


def from_data(data: Any, form: str, name: str) -> Pairs:
    """The prompts in what such a file holds. Raises BadInput, which names the entry, when one is no prompt."""
    if isinstance(data, dict) and data.keys() >= _STORYBOARD:
        raise BadInput(f'"{name}" is the storyboard of a film and no list of prompts: open it instead.')
    listed = _list_in(data)
    if listed is None:
        raise _no_list(form, name)
    return list(_entries(listed, f'of the {form} list in "{name}"', 1))


def _entries(listed: list[Any], where: str, depth: int) -> Iterator[tuple[str, bool | None]]:
    for number, entry in enumerate(listed, 1):
        inner = _list_in(entry) if isinstance(entry, dict) and _prompt_in(entry) is None else None
        if inner is not None and depth < _DEEPEST:
            for place, (text, cut) in enumerate(_entries(inner, where, depth + 1)):
                yield text, cut or (place == 0)
            continue
        words = _prompt_in(entry) if isinstance(entry, dict) else entry
        if not isinstance(words, str):
            raise BadInput(f'Entry {number} {where} has no prompt: each must be a text, or an object with "prompt".')
        yield words, _cut_of(entry)


def _list_in(data: Any) -> list[Any] | None:
    """The list of entries in ``data``: itself, under one of the usual names, or the texts by their places in time."""
    if isinstance(data, list):
        return data
    if not isinstance(data, dict):
        return None
    lower = {str(key).casefold(): value for key, value in data.items()}
    for key in _LISTS:
        if isinstance(lower.get(key), (list, dict)):
            return _list_in(lower[key])
    if _prompt_in(data) is not None:
        return [data]
    if data and all(_PLACE.fullmatch(str(key)) and isinstance(value, str) for key, value in data.items()):
        return list(data.values())
    return None


def _prompt_in(entry: Mapping[str, Any]) -> str | None:
    lower = {str(key).casefold(): value for key, value in entry.items()}
    return next((lower[key] for key in _PROMPT if isinstance(lower.get(key), str)), None)


def _cut_of(entry: Any) -> bool | None:
    cut = entry.get("cut") if isinstance(entry, dict) else None
    return cut if isinstance(cut, bool) else {"true": True, "false": False}.get(str(cut).casefold())


def _json_lines(lines: list[str]) -> list[Any] | None:
    try:
        found = [json.loads(line) for line in lines]
    except (ValueError, RecursionError):
        return None
    return found if found and all(isinstance(each, (dict, str)) for each in found) else None


def _no_list(form: str, name: str) -> BadInput:
    return BadInput(
        f'The {form} in "{name}" is no list of prompts: write a list of texts, or of objects with "prompt".'
    )
