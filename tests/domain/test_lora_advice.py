"""What is asked about LoRAs before a render, and that one click mends it."""

from dataclasses import replace
from typing import Any

import pytest

from svi_studio.domain.editing import edits
from svi_studio.domain.film.architecture import ARCHITECTURES, WAN_2_1_I2V, WAN_2_2_I2V_A14B
from svi_studio.domain.film.clip_loras import loras_of
from svi_studio.domain.film.lora_traits import SVI_2_WITHOUT_PRO, LoraTraits
from svi_studio.domain.film.storyboard import LoraUse, Storyboard
from svi_studio.domain.render.lora_advice import LoraAdvice, LoraAdviceKind, lora_advice, mended
from svi_studio.domain.render.planner import FilmFacts
from tests.builders.storyboards import MINI, film

NEW, OLD = ARCHITECTURES[WAN_2_2_I2V_A14B], ARCHITECTURES[WAN_2_1_I2V]
HIGH = LoraTraits(expert="high", base=NEW.name, svi=True)
LOW = LoraTraits(expert="low", base=NEW.name, svi=True)
FAST_HIGH, FAST_LOW = (each.model_copy(update={"distilled": True, "svi": False}) for each in (HIGH, LOW))
SILENT = LoraTraits()


def facts(architecture: Any = NEW, *, distilled: bool = False, same: bool = False, **traits: LoraTraits) -> FilmFacts:
    hashes = {name: ("f" if same else name[0]) * 64 for name in traits}
    told = FilmFacts(MINI, "0" * 64, hashes, {}, (80, 48), lora_traits=traits, distilled=distilled)
    return replace(told, architecture=architecture)


def board(*uses: tuple[str, str] | tuple[str, str, float]) -> Storyboard:
    loras = [LoraUse.model_validate({"file": each[0], "expert": each[1], "weight": [*each, 1.0][2]}) for each in uses]
    return edits.change_film(film(2), loras=tuple(loras))


def kinds(found: tuple[LoraAdvice, ...]) -> list[str]:
    return [each.kind.value for each in found]


def after(made: Storyboard, known: FilmFacts, way: int = 0) -> list[tuple[str, str]]:
    """The LoRAs after the click on that button of the first question."""
    advice = lora_advice(made, known)[0]
    return [(use.file, use.expert) for use in mended(made, advice, advice.mends[way]).loras]


def test_nothing_is_asked_of_a_film_that_is_set_up_well() -> None:
    known = facts(a=HIGH, b=LOW, c=FAST_LOW, d=SILENT)
    assert lora_advice(board(("a", "high"), ("b", "low"), ("c", "low"), ("d", "both")), known) == ()
    assert lora_advice(board(("d", "both")), facts(OLD, d=LoraTraits(base=OLD.name, svi=True))) == ()


def test_high_and_low_exchanged_is_one_question_and_one_click() -> None:
    made, known = board(("a", "low"), ("b", "high")), facts(a=HIGH, b=LOW)
    (advice,) = lora_advice(made, known)
    assert advice.kind is LoraAdviceKind.EXCHANGED and [mend.words for mend in advice.mends] == ["Exchange them"]
    assert advice.text == (
        "The LoRAs of the two experts seem to be exchanged: 'a' says that it is for the high-noise one, 'b' for the "
        "low-noise one."
    )
    assert after(made, known) == [("a", "high"), ("b", "low")]
    assert lora_advice(mended(made, advice, advice.mends[0]), known) == ()


@pytest.mark.parametrize(("expert", "now"), [("both", "both experts has"), ("low", "the low-noise one has")])
def test_the_wrong_expert_is_named(expert: str, now: str) -> None:
    made, known = board(("a", expert), ("b", "low")), facts(a=HIGH, b=LOW)
    advice = lora_advice(made, known)[0]
    assert advice.text == f"The LoRA 'a' says that it is for the high-noise expert, and {now} it."
    assert [mend.words for mend in advice.mends] == ["Use it for the high-noise expert"]
    assert after(made, known) == [("a", "high"), ("b", "low")]


@pytest.mark.parametrize(("way", "left"), [(0, ("a", "high")), (1, ("b", "low"))])
def test_the_same_file_for_both_is_asked_about_by_its_content(way: int, left: tuple[str, str]) -> None:
    made, known = board(("a", "high"), ("b", "low")), facts(a=SILENT, b=SILENT, same=True)
    assert kinds(lora_advice(made, known)) == ["same_file"]
    assert after(made, known, way) == [left]
    assert lora_advice(made, facts(a=SILENT, b=SILENT)) == ()


def test_one_of_a_pair_that_does_not_say_which_is_asked_about_where_both_have_it() -> None:
    known = facts(a=LoraTraits(svi=True))
    assert kinds(lora_advice(board(("a", "both")), known)) == ["which_expert"]
    assert [after(board(("a", "both")), known, way) for way in (0, 1)] == [[("a", "high")], [("a", "low")]]
    assert lora_advice(board(("a", "both")), facts(a=SILENT)) == ()
    assert lora_advice(board(("a", "both")), facts(OLD, a=LoraTraits(svi=True))) == ()


def test_one_expert_without_its_lora_is_asked_about() -> None:
    (advice,) = lora_advice(board(("a", "high"), ("c", "low")), facts(a=HIGH, c=FAST_LOW))
    assert advice.kind is LoraAdviceKind.ALONE and not advice.mends
    assert "Only the high-noise expert has the LoRA 'a'" in advice.text
    assert kinds(lora_advice(board(("a", "high")), facts(a=FAST_HIGH))) == ["alone"]
    assert lora_advice(board(("a", "low")), facts(a=FAST_LOW)) == ()  # the way to better motion
    assert kinds(lora_advice(board(("a", "high"), ("b", "low", 0.0)), facts(a=HIGH, b=LOW))) == ["alone"]


def test_a_lora_for_wan_2_1_on_2_2_is_told_with_what_is_left_out() -> None:
    parts = ("blocks.0.cross_attn.k_img", "blocks.0.cross_attn.v_img", "img_emb.proj.1")
    known = facts(a=LoraTraits(base=OLD.name, modules=403, for_pictures=parts))
    (advice,) = lora_advice(board(("a", "both")), known)
    assert advice.text == (
        "The LoRA 'a' was made for Wan 2.1 I2V, and the model is Wan 2.2 I2V A14B: 3 of its 403 layers have no place "
        "there and are left out (blocks.0.cross_attn.k_img, blocks.0.cross_attn.v_img ...); what is left may do "
        "little, or harm."
    )
    assert after(board(("a", "both")), known) == []


def test_a_lora_for_wan_2_2_on_2_1_is_told_too() -> None:
    (advice,) = lora_advice(board(("a", "both")), facts(OLD, a=HIGH))
    assert (advice.kind, advice.text.endswith("it may do little, or harm.")) == (LoraAdviceKind.OTHER_BASE, True)


def test_few_steps_twice_is_warned_of() -> None:
    made = board(("a", "high"), ("b", "low"))
    known = facts(a=FAST_HIGH, b=FAST_LOW, distilled=True)
    assert kinds(lora_advice(made, known)) == ["distilled_twice", "distilled_twice"]
    assert after(made, known) == [("b", "low")]
    assert lora_advice(made, replace(known, distilled=False)) == ()
    assert lora_advice(board(("a", "high"), ("b", "low")), facts(a=HIGH, b=LOW, distilled=True)) == ()


def test_an_expert_in_a_model_of_one_transformer_has_two_ways_out() -> None:
    known = facts(OLD, a=LoraTraits())
    assert [after(board(("a", "low")), known, way) for way in (0, 1)] == [[("a", "both")], []]


def test_a_clips_own_lora_is_asked_about_and_mended_in_its_clip() -> None:
    made = edits.change_clip(film(3), "c2", loras=(LoraUse(file="a", expert="low"), LoraUse(file="b", weight=0.0)))
    known = facts(a=HIGH, b=LOW)
    (advice,) = lora_advice(made, known)
    assert (advice.clip, advice.text.endswith("the low-noise one has it in clip 2.")) == ("c2", True)
    clip = mended(made, advice, advice.mends[0]).clips[1]
    assert [(use.file, use.expert) for use in clip.loras] == [("a", "high"), ("b", "both")]


def test_what_weighs_nothing_and_what_nobody_knows_is_not_asked_about() -> None:
    assert lora_advice(board(("a", "low", 0.0)), facts(a=HIGH)) == ()
    assert lora_advice(board(("a", "low")), facts(None, a=HIGH)) == ()


FOR_SHOT = LoraTraits(base=OLD.name, family="shot", recycles=True)
FOR_FILM = LoraTraits(base=OLD.name, family="film", recycles=True)
STYLE = LoraTraits(base=OLD.name, family="shot", recycles=False)


def test_a_lora_that_was_trained_for_another_family_is_asked_about() -> None:
    made, known = board(("a", "both")), facts(OLD, a=FOR_SHOT)
    (advice,) = lora_advice(made, known)
    assert advice.kind is LoraAdviceKind.OTHER_FAMILY
    assert advice.text == (
        "The LoRA 'a' was trained for Shot, and this film is Film: it learned how clips of Shot go on, and may not "
        "keep this film from drifting."
    )
    assert after(made, known) == []
    assert lora_advice(made, facts(OLD, a=FOR_FILM)) == ()
    assert lora_advice(made, facts(OLD, a=STYLE)) == (), "a style is for every family"


def test_a_style_on_top_of_what_keeps_a_film_steady_is_asked_about_once() -> None:
    made, known = board(("a", "both"), ("b", "both")), facts(OLD, a=FOR_FILM, b=STYLE)
    (advice,) = lora_advice(made, known)
    assert advice.kind is LoraAdviceKind.STYLE_ON_TOP
    assert advice.text.startswith("The style 'b' lies on top of the LoRA against drift: nobody has measured")
    assert after(made, known) == [("a", "both")]
    assert lora_advice(board(("a", "both", 0.0), ("b", "both")), known) == (), "nothing is under it"


def test_a_style_lies_on_top_of_the_models_own_lora_too() -> None:
    own = replace(
        facts(OLD, b=STYLE), card=MINI.model_copy(update={"family_loras": {"film": "loras/film.safetensors"}})
    )
    made = board(("b", "both"))
    assert kinds(lora_advice(made, own)) == ["style_on_top"]
    assert lora_advice(edits.change_film(made, stability=0.0), own) == ()


def test_a_style_of_one_clip_is_asked_about_where_it_is() -> None:
    made = board(("a", "both"))
    first = made.clips[0].id
    made = edits.change_clip(made, first, loras=(LoraUse(file="b"),))
    (advice,) = lora_advice(made, facts(OLD, a=FOR_FILM, b=STYLE))
    assert (advice.clip, "in clip 1" in advice.text) == (first, True)


@pytest.mark.parametrize(
    ("family", "architecture", "trained", "words"),
    [
        ("pro", NEW, SVI_2_WITHOUT_PRO, "is of SVI 2.0 without Pro, and this film is Pro: clips go on in another way"),
        ("film", OLD, "shot2", "was trained for Shot 2.0, and this film is Film"),
        ("pro", NEW, "pro", ""),
        ("shot2", OLD, "shot2", ""),
    ],
)
def test_the_other_lora_of_svi_2_is_asked_about(family: str, architecture: Any, trained: str, words: str) -> None:
    two = architecture is NEW
    uses = (("a", "high"), ("b", "low")) if two else (("a", "both"),)
    told = {name: (HIGH if name == "a" else LOW) if two else LoraTraits(base=OLD.name, svi=True) for name, _ in uses}
    known = facts(architecture, **{name: each.model_copy(update={"family": trained}) for name, each in told.items()})
    found = lora_advice(edits.change_film(board(*uses), family=family), known)
    assert kinds(found) == (["other_family"] * len(uses) if words else [])
    assert all(words in each.text for each in found)


def test_a_fast_lora_for_films_from_words_is_advised_against_and_stops_nothing() -> None:
    known = facts(a=FAST_HIGH.model_copy(update={"from_words": True}), b=FAST_LOW)
    (advice,) = lora_advice(board(("a", "high"), ("b", "low")), known)
    assert (advice.kind, advice.is_question) == (LoraAdviceKind.FROM_WORDS, False)
    look = LoraTraits(expert="high", base=NEW.name, from_words=True)
    assert lora_advice(board(("a", "high"), ("b", "low")), facts(a=look, b=LOW)) == (), "a look is for both"


def test_what_a_lora_for_films_from_words_does_to_its_channels_is_said_to_be_left_out() -> None:
    (advice,) = lora_advice(board(("a", "both")), facts(OLD, a=LoraTraits(base=OLD.name, channels=16)))
    assert (advice.kind, advice.is_question) == (LoraAdviceKind.FROM_WORDS, False)
    assert "made for a Wan that films from words alone (T2V), and this one takes in 36 channels" in advice.text
    (other,) = lora_advice(board(("a", "both")), facts(OLD, a=LoraTraits(base=OLD.name, channels=52)))
    assert "made for a Wan that takes in 52 channels, and this one takes in 36 channels" in other.text
    assert lora_advice(board(("a", "both")), facts(OLD, a=LoraTraits(base=OLD.name, channels=36))) == ()


def test_two_loras_for_few_steps_on_one_expert_are_asked_about() -> None:
    made, known = board(("a", "high"), ("b", "low"), ("c", "low")), facts(a=FAST_HIGH, b=FAST_LOW, c=FAST_LOW)
    (advice,) = lora_advice(made, known)
    assert advice.text == (
        "The low-noise expert has 2 LoRAs for few steps, 'b' and 'c': together they do it twice, and the picture burns "
        "out."
    )
    assert [after(made, known, way) for way in (0, 1)] == [
        [("a", "high"), ("c", "low")],
        [("a", "high"), ("b", "low")],
    ]
    fast = LoraTraits(base=OLD.name, distilled=True)
    assert kinds(lora_advice(board(("a", "both"), ("b", "both")), facts(OLD, a=fast, b=fast))) == ["two_distilled"]


def in_clip(made: Storyboard, *uses: tuple[str, str]) -> Storyboard:
    return edits.change_clip(made, "c2", loras=tuple(LoraUse.model_validate({"file": f, "expert": e}) for f, e in uses))


def test_what_a_clip_adds_is_asked_about_beside_the_films_loras() -> None:
    made = in_clip(board(("a", "high"), ("b", "low")), ("c", "high"), ("d", "low"))
    known = facts(a=FAST_HIGH, b=FAST_LOW, c=FAST_HIGH, d=FAST_LOW)
    found = lora_advice(made, known)
    assert [(each.kind.value, each.clip) for each in found] == [("two_distilled", "c2")] * 2
    assert "few steps in clip 2, 'a' and 'c'" in found[0].text
    assert lora_advice(board(("a", "high"), ("b", "low")), known) == ()


def test_the_same_file_in_the_film_and_in_its_clip_is_asked_about_and_mended_in_the_clip() -> None:
    made = in_clip(board(("a", "high"), ("b", "low")), ("a", "low"))
    known = facts(a=SILENT, b=SILENT)
    (advice,) = lora_advice(made, known)
    assert (advice.kind, advice.clip) == (LoraAdviceKind.SAME_FILE, "c2")
    for way, left in enumerate([[("a", "high"), ("b", "low")], [("b", "low"), ("a", "low")]]):
        mend = mended(made, advice, advice.mends[way])
        assert mend.loras == made.loras, "the other clips stay as they are"
        assert [(use.file, use.expert) for use in loras_of(mend, mend.clips[1])] == left
        assert lora_advice(mend, known) == ()


def test_what_the_film_is_asked_about_is_not_asked_again_for_each_clip() -> None:
    made = in_clip(board(("a", "both"), ("b", "low")), ("d", "both"))
    known = facts(a=HIGH, b=LOW, d=SILENT)
    assert [(each.kind.value, each.clip) for each in lora_advice(made, known)] == [("wrong_expert", "")]


def test_only_what_makes_a_broken_film_is_a_question() -> None:
    (exchanged,) = lora_advice(board(("a", "low"), ("b", "high")), facts(a=HIGH, b=LOW))
    (alone,) = lora_advice(board(("a", "high")), facts(a=HIGH))
    assert (exchanged.is_question, alone.is_question) == (True, False)
