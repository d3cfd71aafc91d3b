"""The sections of the page: which arms film which storyboards, in which look, from which anchor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from trainer.proof.registered.settings import Sizes, Training, recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

BASE, CONTROL, ERFT, DEGRADED = "base", "control", "erft", "degraded"
NO_ANCHOR: Final = "base-no-anchor"
NEW_LOOKS: Final = ("sepia", "faded")
"""Two looks that the model never saw."""

Anchoring = Literal["start", "none"]
"""What a Shot's condition shows behind the frame that it goes on from: the reference picture, or nothing."""


@dataclass(frozen=True)
class Arm:
    """One way to film: the model alone, or with each of its ``trainings`` in turn, at a ``strength``."""

    name: str
    trainings: tuple[Training, ...] = ()
    strength: float = 1.0
    anchor: Anchoring = "start"


@dataclass(frozen=True)
class Section:
    """``boards`` storyboards of a ``kind``, ``clips`` long, filmed by every arm of a family in one look.

    ``references``: the arms that others are compared with; the first arm of ``main`` less the second is what the
    section asks. ``naive``: whether the films that need no model are measured beside. ``heals``: whether damaged frames
    are handed to its arms.
    """

    name: str
    title: str
    family: str
    kind: str
    look: str
    boards: int
    clips: int
    arms: tuple[Arm, ...]
    references: tuple[str, ...] = (CONTROL, BASE)
    main: tuple[str, str] = (ERFT, CONTROL)
    naive: bool = True
    heals: bool = False


def sections(sizes: Sizes) -> tuple[Section, ...]:
    """All of them, the most telling first."""
    return (
        *(_film(look, sizes) for look in ("sepia", "")),
        *(_shot(look, sizes) for look in NEW_LOOKS),
        _known_shot(sizes),
        _creative(sizes),
        *(_long(section, sizes) for section in (_film("sepia", sizes), _shot("sepia", sizes))),
        _strength(sizes),
        _ablations(sizes),
    )


def all_trainings(sizes: Sizes) -> Iterator[Training]:
    """Each once, in the order in which they are needed."""
    seen: set[str] = set()
    for section in sections(sizes):
        for arm in section.arms:
            for training in arm.trainings:
                if training.name not in seen:
                    seen.add(training.name)
                    yield training


def _film(look: str, sizes: Sizes) -> Section:
    title = f"Film, one prompt, {_look_words(look)}"
    arms: tuple[Arm, ...] = (Arm(BASE), _trained(CONTROL, "film", look, sizes), _trained(ERFT, "film", look, sizes))
    if look:
        arms = (*arms, _once(_trained(DEGRADED, "film", look, sizes)))
    return Section(f"film-{look or 'plain'}", title, "film", "one-prompt", look, sizes.boards, sizes.clips, arms)


def _shot(look: str, sizes: Sizes) -> Section:
    arms: tuple[Arm, ...] = (
        Arm(BASE),
        Arm(NO_ANCHOR, anchor="none"),
        _trained(CONTROL, "shot", look, sizes),
        _trained(ERFT, "shot", look, sizes, image_frames=1),
    )
    if look == NEW_LOOKS[0]:
        arms = (*arms, _trained("erft-3-of-6", "shot", look, sizes, image_frames=3))
    title = f"Shot, {_look_words(look)}"
    return Section(f"shot-{look}", title, "shot", "one-prompt", look, sizes.boards, sizes.clips, arms, heals=True)


def _known_shot(sizes: Sizes) -> Section:
    """The model alone, with the reference picture and without: what of the drift in a new look is the look's doing."""
    shot = _shot("sepia", sizes)
    return replace(
        shot,
        name="shot-plain",
        title=f"Shot, the model alone, {_look_words('')}",
        look="",
        arms=shot.arms[:2],
        references=(BASE,),
        main=(NO_ANCHOR, BASE),
        heals=False,
    )


def _creative(sizes: Sizes) -> Section:
    film = _film("sepia", sizes)
    title = f"Film, a prompt stream with a new scene every ten clips, {_look_words('sepia')}"
    arms = tuple(_once(arm) for arm in film.arms[:3])
    return replace(film, name="film-stream", title=title, kind="stream", arms=arms, naive=False)


def _long(section: Section, sizes: Sizes) -> Section:
    """The base and the two main arms, with one training each."""
    arms = tuple(_once(arm) for arm in section.arms if arm.name in (BASE, CONTROL, ERFT))
    return replace(
        section,
        name=f"{section.family}-long",
        title=f"{section.family.title()}, one prompt, 250 seconds, {_look_words(section.look)}",
        boards=sizes.long_boards,
        clips=sizes.long_clips,
        arms=arms,
        naive=False,
        heals=False,
    )


def _strength(sizes: Sizes) -> Section:
    """Table 7: the LoRA of Film at less than its full strength, and its control at full strength."""
    film = _film("sepia", sizes)
    control, full = (_once(arm) for arm in film.arms[1:3])
    weaker = (replace(full, name=f"strength-{strength}", strength=strength) for strength in (0.2, 0.4, 0.6, 0.8))
    return replace(
        film,
        name="film-strength",
        title=f"How strong: Film, one prompt, {_look_words('sepia')}",
        boards=sizes.ablation_boards,
        clips=sizes.ablation_clips,
        arms=(Arm(BASE), control, *weaker, full),
        references=(ERFT, CONTROL, BASE),
        naive=False,
    )


def _ablations(sizes: Sizes) -> Section:
    def short(name: str, handcrafted: float = 0.0, **errors: Any) -> Arm:
        one = replace(sizes, steps=sizes.ablation_steps, trainings=1)
        return _trained(f"short-{name}", "film", "sepia", one, handcrafted=handcrafted, **errors)

    arms = (
        Arm(BASE),
        short(CONTROL, enabled=False),
        short(ERFT),
        short("no-image-errors", image_probability=0.0),
        short("no-noise-errors", noise_probability=0.0),
        short("no-video-errors", latent_probability=0.0),
        short("handcrafted", 0.5, enabled=False),
        short("self-and-handcrafted", 0.5),
        *(short(f"bank-{size}", capacity=size) for size in (1, 10, 100, 500)),
    )
    return replace(
        _film("sepia", sizes),
        name="film-ablations",
        title=f"Which errors, and how many: Film, one prompt, {_look_words('sepia')}",
        boards=sizes.ablation_boards,
        clips=sizes.ablation_clips,
        arms=arms,
        references=("short-erft", "short-control", BASE),
        main=("short-erft", "short-control"),
        naive=False,
    )


def _trained(name: str, family: str, look: str, sizes: Sizes, *, handcrafted: float = 0.0, **errors: Any) -> Arm:
    """An arm with all its trainings: control has no errors, degraded has hand-made ones, the others have the bank's."""
    own: dict[str, dict[str, Any]] = {CONTROL: {"enabled": False}, DEGRADED: {"source": "degraded"}}
    errors = own.get(name, {}) | errors
    made = []
    for number in range(1, sizes.trainings + 1):
        full = f"{family}-{look or 'plain'}-{name}-{number}"
        rules = recipe(full, family, sizes, number, sizes.steps, **errors)
        made.append(Training(full, rules, look, number, family == "shot", handcrafted))
    return Arm(name, tuple(made))


def _once(arm: Arm) -> Arm:
    """With the first of its trainings alone."""
    return replace(arm, trainings=arm.trainings[:1])


def _look_words(look: str) -> str:
    return f"in a look that the model never saw ({look})" if look else "in the look that the model knows"
