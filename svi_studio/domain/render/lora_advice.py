"""What to ask about a film's LoRAs before it is rendered: the wrong expert, another model's, distilled twice."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from svi_studio.domain.editing.edits import change_clip, change_film
from svi_studio.domain.film.architecture import Architecture, Expert
from svi_studio.domain.film.clip_loras import LoraSlot, loras_of, slot_of
from svi_studio.domain.film.lora_traits import LoraTraits
from svi_studio.domain.film.storyboard import Clip, LoraUse, Storyboard
from svi_studio.domain.render.job_loras import family_loras
from svi_studio.domain.render.lora_company import other_family_words, style_words, styles_on_top
from svi_studio.domain.value import with_fields

if TYPE_CHECKING:
    from svi_studio.domain.render.planner import FilmFacts

_NOTHING_KNOWN = LoraTraits()
_EXPERTS: tuple[Expert, ...] = ("high", "low")
_OTHER: dict[Expert, Expert] = {"high": "low", "low": "high"}
_NAMED_PARTS = 2


class LoraAdviceKind(StrEnum):
    """What the question is about."""

    EXCHANGED = "exchanged"
    WRONG_EXPERT = "wrong_expert"
    SAME_FILE = "same_file"
    WHICH_EXPERT = "which_expert"
    ALONE = "alone"
    NO_EXPERTS = "no_experts"
    OTHER_BASE = "other_base"
    DISTILLED_TWICE = "distilled_twice"
    TWO_DISTILLED = "two_distilled"
    FROM_WORDS = "from_words"
    OTHER_FAMILY = "other_family"
    STYLE_ON_TOP = "style_on_top"


_MERE_ADVICE = frozenset({LoraAdviceKind.ALONE, LoraAdviceKind.FROM_WORDS, LoraAdviceKind.STYLE_ON_TOP})
"""What people also do on purpose, and what makes no broken film."""


@dataclass(frozen=True, slots=True)
class LoraMend:
    """One way to mend it: what the button says, and for whom each LoRA is then, None = it is taken out."""

    words: str
    changes: tuple[tuple[LoraSlot, Expert | None], ...]


@dataclass(frozen=True, slots=True)
class LoraAdvice:
    """One question in one sentence, with the ways to mend what it is about.

    ``clip``: the id of the clip that it is about, empty for the film.
    """

    kind: LoraAdviceKind
    text: str
    mends: tuple[LoraMend, ...] = ()
    clip: str = ""

    @property
    def is_question(self) -> bool:
        """Whether it is to be answered before hours are spent on a render; else it is mere advice."""
        return self.kind not in _MERE_ADVICE


def lora_advice(storyboard: Storyboard, facts: "FilmFacts") -> tuple[LoraAdvice, ...]:
    """Everything to ask about the LoRAs of the film and of its clips; nothing for a film that is set up well."""
    found = [*_of_film(storyboard, facts), *_alone(storyboard.loras, facts)]
    known = {(each.kind, each.text) for each in found}
    for number, clip in enumerate(storyboard.clips, start=1):
        if clip.loras:
            # asked without its place, a question that the film raises already has the same words
            asked = zip(
                _of_clip(storyboard, clip, facts), _of_clip(storyboard, clip, facts, f" in clip {number}"), strict=True
            )
            found += [there for here, there in asked if (here.kind, here.text) not in known]
    return tuple(found)


def _of_film(storyboard: Storyboard, facts: "FilmFacts") -> Iterator[LoraAdvice]:
    yield from _about(storyboard.loras, facts, "", "")
    yield from _company(storyboard, storyboard.loras, facts)


def _of_clip(storyboard: Storyboard, clip: Clip, facts: "FilmFacts", where: str = "") -> Iterator[LoraAdvice]:
    yield from _about(loras_of(storyboard, clip), facts, clip.id, where)
    yield from _company(storyboard, clip.loras, facts, clip.id, where)


def mended(storyboard: Storyboard, advice: LoraAdvice, mend: LoraMend) -> Storyboard:
    """The film with the LoRAs that ``mend`` gives to another expert or takes out. Raises BadInput."""
    if not advice.clip:
        return change_film(storyboard, loras=_changed(storyboard.loras, mend))
    clip = next((clip for clip in storyboard.clips if clip.id == advice.clip), None)
    if clip is None:
        return storyboard
    return change_clip(storyboard, clip.id, loras=(*_changed(clip.loras, mend), *_instead(storyboard, clip, mend)))


def _instead(storyboard: Storyboard, clip: Clip, mend: LoraMend) -> Iterator[LoraUse]:
    """What a clip needs of its own so that LoRAs of the film are changed in it alone."""
    changes, own = dict(mend.changes), {slot_of(use) for use in clip.loras}
    for use in storyboard.loras:
        slot = slot_of(use)
        if slot in changes and slot not in own:
            yield with_fields(use, {"weight": 0.0})
            expert = changes[slot]
            if expert is not None and (use.file, expert) not in own:
                yield with_fields(use, {"expert": expert})


def _changed(uses: Sequence[LoraUse], mend: LoraMend) -> tuple[LoraUse, ...]:
    """Of two that would be the same file for the same expert then, the first one stays."""
    changes = dict(mend.changes)
    kept: dict[LoraSlot, LoraUse] = {}
    for use in uses:
        expert = changes.get(slot_of(use), use.expert)
        if expert is not None:
            kept.setdefault((use.file, expert), with_fields(use, {"expert": expert}))
    return tuple(kept.values())


def _about(uses: Sequence[LoraUse], facts: "FilmFacts", clip: str, where: str) -> Iterator[LoraAdvice]:
    architecture = facts.architecture
    told = [(use, facts.lora_traits.get(use.file, _NOTHING_KNOWN)) for use in uses if use.weight]

    def ask(kind: LoraAdviceKind, text: str, *mends: LoraMend) -> LoraAdvice:
        return LoraAdvice(kind, text, mends, clip)

    if architecture is not None and architecture.two_experts:
        yield from _about_experts(told, facts, where, ask)
    elif architecture is not None:
        yield from _without_experts(told, facts, where, ask)
    for use, traits in told:
        if architecture is not None and traits.base not in (None, architecture.name):
            yield ask(LoraAdviceKind.OTHER_BASE, _of_other_base(use, traits, architecture, where), _out(use))
        if facts.distilled and traits.distilled:
            text = (
                f"{facts.card.title or facts.card.name} is made for few steps already, and so is the LoRA "
                f"{_name(use)}{where}: together they do it twice, and the picture burns out."
            )
            yield ask(LoraAdviceKind.DISTILLED_TWICE, text, _out(use))
        if text := _made_for_words(use, traits, architecture, where):
            yield ask(LoraAdviceKind.FROM_WORDS, text, _out(use))
    if not facts.distilled:
        yield from _two_distilled(told, facts, where, ask)


def _made_for_words(use: LoraUse, traits: LoraTraits, architecture: Architecture | None, where: str) -> str:
    """What a film that starts from pictures loses of a LoRA that does not expect one; empty where that is nothing."""
    if architecture is not None and traits.channels not in (None, architecture.channels):
        is_t2v = traits.channels == architecture.latent_channels
        made_for = "films from words alone (T2V)" if is_t2v else f"takes in {traits.channels} channels"
        return (
            f"The LoRA {_name(use)}{where} was made for a Wan that {made_for}, and this one takes in "
            f"{architecture.channels} channels: what it does to the layer that takes them in is left out, the rest is "
            "used. One made for I2V fits wholly."
        )
    if traits.from_words and traits.distilled:
        return (
            f"The LoRA {_name(use)}{where} was made for a Wan that films from words alone (T2V), and clips start "
            "from pictures here: it may do less, or something else. The one for I2V fits."
        )
    return ""


def _two_distilled(told: "_Told", facts: "FilmFacts", where: str, ask: "_Ask") -> Iterator[LoraAdvice]:
    """Two LoRAs for few steps on one transformer; once where both experts have the same two."""
    two = facts.architecture is not None and facts.architecture.two_experts
    fast = [use for use, traits in told if traits.distilled]
    groups: dict[tuple[LoraUse, ...], list[Expert]] = {}
    for expert in _EXPERTS if two else ("both",):
        mine = tuple(use for use in fast if not two or use.expert in (expert, "both"))
        groups.setdefault(mine, []).append(expert)
    for uses, experts in groups.items():
        if len(uses) < 2:
            continue
        whose = f"The {experts[0]}-noise expert has" if experts in (["high"], ["low"]) else "The model has"
        names = [_name(use) for use in uses]
        text = (
            f"{whose} {len(uses)} LoRAs for few steps{where}, {', '.join(names[:-1])} and {names[-1]}: together they "
            "do it twice, and the picture burns out."
        )
        mends = (LoraMend(f"Take {name} out", ((slot_of(use), None),)) for name, use in zip(names, uses, strict=True))
        yield ask(LoraAdviceKind.TWO_DISTILLED, text, *mends)


def _company(
    storyboard: Storyboard, uses: Sequence[LoraUse], facts: "FilmFacts", clip: str = "", where: str = ""
) -> Iterator[LoraAdvice]:
    """LoRAs of another family than the film's, and styles on top of what keeps it steady."""

    def told_of(each: Iterable[LoraUse]) -> _Told:
        return [(use, facts.lora_traits.get(use.file, _NOTHING_KNOWN)) for use in each if use.weight]

    for use, traits in told_of(uses):
        if text := other_family_words(_name(use), traits, storyboard.family, where):
            yield LoraAdvice(LoraAdviceKind.OTHER_FAMILY, text, (_out(use),), clip)
    others = told_of(storyboard.loras) if clip else []
    has_own = bool(family_loras(storyboard, facts.card)) or any(each.recycles or each.svi for _, each in others)
    if styles := styles_on_top(told_of(uses), has_own=has_own):
        mend = LoraMend("Take it out", tuple((slot_of(use), None) for use in styles))
        yield LoraAdvice(LoraAdviceKind.STYLE_ON_TOP, style_words(map(_name, styles), where), (mend,), clip)


_Told = list[tuple[LoraUse, LoraTraits]]
_Ask = Callable[..., LoraAdvice]


def _about_experts(told: _Told, facts: "FilmFacts", where: str, ask: _Ask) -> Iterator[LoraAdvice]:
    wrong = [(use, traits) for use, traits in told if traits.expert is not None and use.expert != traits.expert]
    crossed = [(use, traits) for use, traits in wrong if use.expert != "both"]
    if {traits.expert for _, traits in crossed} == {"high", "low"}:
        high, low = (next(_name(use) for use, traits in crossed if traits.expert == each) for each in ("high", "low"))
        text = (
            f"The LoRAs of the two experts seem to be exchanged{where}: {high} says that it is for the high-noise one, "
            f"{low} for the low-noise one."
        )
        mend = LoraMend("Exchange them", tuple((slot_of(use), _told_expert(traits)) for use, traits in crossed))
        yield ask(LoraAdviceKind.EXCHANGED, text, mend)
        wrong = [each for each in wrong if each not in crossed]
    for use, traits in wrong:
        now = "both experts" if use.expert == "both" else f"the {use.expert}-noise one"
        text = f"The LoRA {_name(use)} says that it is for the {traits.expert}-noise expert, and {now} has it{where}."
        yield ask(LoraAdviceKind.WRONG_EXPERT, text, _for(use, _told_expert(traits)))
    yield from _of_one_file(told, facts, where, ask)


def _of_one_file(told: _Told, facts: "FilmFacts", where: str, ask: _Ask) -> Iterator[LoraAdvice]:
    """Whether both experts have the same file, where there should be two that nothing but their names tells apart."""
    silent = [(use, traits) for use, traits in told if traits.expert is None and traits.base in (None, _name_of(facts))]
    highs = {facts.lora_hashes.get(use.file): use for use, _ in silent if use.expert == "high"}
    for use, _ in silent:
        if use.expert == "low" and (same := highs.get(facts.lora_hashes.get(use.file))) is not None:
            text = (
                f"Both experts have the same LoRA, {_name(use)}{where}. For Wan 2.2 most come as two files: give the "
                "other one to the expert that it was made for."
            )
            yield ask(LoraAdviceKind.SAME_FILE, text, *_ways_for_one(same, use))
    for use, traits in silent:
        if use.expert == "both" and (traits.svi or traits.distilled):
            text = (
                f"Both experts have the LoRA {_name(use)}{where}, of a kind that comes as two files for Wan 2.2, and "
                "it does not say which of them it is."
            )
            yield ask(LoraAdviceKind.WHICH_EXPERT, text, _for(use, "high"), _for(use, "low"))


def _ways_for_one(high: LoraUse, low: LoraUse) -> tuple[LoraMend, ...]:
    """Leaves the file to one of the two."""
    return (
        LoraMend("It is for the high-noise expert", ((slot_of(low), None),)),
        LoraMend("It is for the low-noise expert", ((slot_of(high), None),)),
    )


def _without_experts(told: _Told, facts: "FilmFacts", where: str, ask: _Ask) -> Iterator[LoraAdvice]:
    for use, _ in told:
        if use.expert != "both":
            text = (
                f"The LoRA {_name(use)} is for the {use.expert}-noise expert{where}, and "
                f"{facts.card.title or facts.card.name} has only one transformer."
            )
            yield ask(LoraAdviceKind.NO_EXPERTS, text, _for(use, "both"), _out(use))


def _alone(uses: Iterable[LoraUse], facts: "FilmFacts") -> Iterator[LoraAdvice]:
    """One expert without a LoRA, while the other has one; a distilled one may be on the low-noise expert alone."""
    if facts.architecture is None or not facts.architecture.two_experts:
        return
    told = [(use, facts.lora_traits.get(use.file, _NOTHING_KNOWN)) for use in uses if use.weight]
    for distilled in (False, True):
        of_kind = [use for use, traits in told if traits.distilled is distilled]
        experts = {use.expert for use in of_kind}
        if len(experts) != 1 or "both" in experts or (distilled and "low" in experts):
            continue
        use = of_kind[0]
        text = (
            f"Only the {use.expert}-noise expert has the LoRA {_name(use)}: add its other file, for the "
            f"{_OTHER[use.expert]}-noise expert, or the two will not work to the same end."
        )
        yield LoraAdvice(LoraAdviceKind.ALONE, text)


def _of_other_base(use: LoraUse, traits: LoraTraits, architecture: Architecture, where: str) -> str:
    said = f"The LoRA {_name(use)}{where} was made for {traits.base_title}, and the model is {architecture.title}"
    parts = traits.for_pictures
    if not parts or architecture.picture_tokens:
        return f"{said}: it may do little, or harm."
    some = ", ".join(part.removesuffix(".weight") for part in parts[:_NAMED_PARTS])
    return (
        f"{said}: {len(parts)} of its {traits.modules} layers have no place there and are left out ({some} ...); what "
        "is left may do little, or harm."
    )


def _for(use: LoraUse, expert: Expert) -> LoraMend:
    words = "Use it for the whole model" if expert == "both" else f"Use it for the {expert}-noise expert"
    return LoraMend(words, ((slot_of(use), expert),))


def _out(use: LoraUse) -> LoraMend:
    return LoraMend("Take it out", ((slot_of(use), None),))


def _told_expert(traits: LoraTraits) -> Expert:
    return traits.expert or "both"


def _name_of(facts: "FilmFacts") -> str | None:
    return None if facts.architecture is None else facts.architecture.name


def _name(use: LoraUse) -> str:
    return f"'{use.label or use.file.rpartition('/')[2].removesuffix('.safetensors')}'"
