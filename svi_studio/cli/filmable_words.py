"""The lines that tell what can be filmed with weights files, and what each model still lacks."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from svi_studio.domain.film.architecture import ARCHITECTURES
from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.film.filmable import WORDS_FOR_PART, Filmable, Network
from svi_studio.domain.text.command_name import command_line
from svi_studio.domain.text.wording import as_bytes

_LIST = "   "


def film_lines(found: Sequence[Filmable], folder: Path | None) -> Iterator[str]:
    """What can be filmed with the files in ``folder``: a paragraph a model, whole ones first; none without any."""
    ready = [each for each in found if each.ready]
    if ready:
        yield ""
        yield f'Ready to film; make {"it" if len(ready) == 1 else "one"} a model with "{_link_command(folder, ready)}":'
        for each in ready:
            yield from _told(each)
    if rest := [each for each in found if not each.ready]:
        yield ""
        yield "Not ready to film:"
        for each in rest:
            yield from _told(each)
            yield from (f"{_LIST}{question.words}" for question in each.questions)
            yield from (f"{_LIST}{missing.words}" for missing in each.missing)


def _link_command(folder: Path | None, ready: Sequence[Filmable]) -> str:
    """The command that links the one model of ``ready``, or the first of several by its name."""
    place, name = [str(folder)] if folder else [], ["--name", ready[0].name] if len(ready) > 1 else []
    return command_line("models", "link", *place, *name)


def _told(filmable: Filmable) -> Iterator[str]:
    families = [
        profile.title.partition(":")[0]
        for profile in FAMILIES.values()
        if filmable.architecture in profile.architectures and profile.needs <= {*filmable.inputs}
    ]
    films = f"; films {', '.join(families)}" if families else ""
    yield f"{filmable.name}: {filmable.title}{films}; {as_bytes(filmable.bytes)}"
    for part, network in filmable.parts.items():
        words = part_words(part, two=ARCHITECTURES[filmable.architecture].two_experts)
        inside = part == "tokenizer" and network.files == _files(filmable.parts.get("text_encoder"))
        yield f"{_LIST}{words}: {'inside the text encoder' if inside else _network_words(network)}"


def part_words(part: str, *, two: bool) -> str:
    """What people call a part; of ``two`` experts the first one has a name of its own."""
    if part == "transformer" and two:
        return "expert for the high noise"
    return next((words for name, words in WORDS_FOR_PART.items() if name == part), part)


def _files(network: Network | None) -> tuple[str, ...]:
    return network.files if network else ()


def _network_words(network: Network) -> str:
    """Where it lies, and how it is stored."""
    facts = [network.precision] if network.precision else []
    facts += [f"{len(network.files)} files"] if len(network.files) > 1 else []
    return f"{network.files[0]}" + (f" ({', '.join(facts)})" if facts else "")
