"""YAML as plain data: texts, lists and mappings, without tags, dates, numbers, and names that stand for other parts."""

from typing import Any

from svi_studio.domain.errors import BadInput

_MOST_LETTERS = 400_000  # Python reads about 100,000 a second
_DEEPEST = 40


def read_yaml(text: str, name: str) -> Any:
    """What a YAML file says: texts, lists and dicts of texts. Raises BadInput, which names the line."""
    import yaml  # noqa: PLC0415 - only for a file of YAML: every command imports this module

    if len(text) > _MOST_LETTERS:
        raise BadInput(f'The YAML in "{name}" is too long, {len(text):,} letters: write the prompts one a line.')
    try:
        depth = 0
        for event in yaml.parse(text):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:  # each level makes every sign that follows slower
                raise yaml.MarkedYAMLError(problem="too many lists in each other", problem_mark=event.start_mark)
            if isinstance(event, yaml.AliasEvent):  # a hundred letters that stand for a gigabyte
                problem = "a name that stands for another part"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
        return _joined(_texts(text))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = (error.problem or "it is no YAML").split(",")[0]
        raise BadInput(
            f'The YAML in "{name}" cannot be read at line {line} ({problem[:100]}): mend that line.'
        ) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise BadInput(f'The YAML in "{name}" cannot be read: write the prompts one a line.') from error


def _texts(text: str) -> Any:
    """The document by the loader that makes nothing but texts, lists and dicts; a second document is a fault."""
    import yaml  # noqa: PLC0415 - as above

    loader = yaml.BaseLoader(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def _joined(data: Any) -> Any:
    """A list's entry like ``A cat: it sleeps`` is meant as a text, though YAML takes it for a name and its value."""
    if isinstance(data, list):
        return [_joined(each) for each in data]
    if isinstance(data, dict):
        words = next(iter(data), "") if len(data) == 1 else ""
        if isinstance(words, str) and " " in words.strip() and isinstance(data[words], str):
            return f"{words}: {data[words]}"
        return {key: _joined(value) for key, value in data.items()}
    return data
