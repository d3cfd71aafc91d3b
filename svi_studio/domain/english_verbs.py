"""Tells whether an English prompt says that something moves, from the verbs that films are made of."""

import re

_WORD = re.compile(r"[a-z]+")
_ONLY_ENGLISH = frozenset({"the", "with", "their", "its", "his", "through", "into"})
_MOSTLY_ENGLISH = frozenset({"a", "an", "and", "at", "from", "is", "of", "to"})
_JOINED = re.compile(r"(?:,|\band)\s+(?:[a-z]+ly\s+)?([a-z]+)")
_NO_VERBS = frozenset(
    _WORD.findall("""
        anything building ceiling clothing earring evening everything king lightning morning nothing painting ring
        something spring string thing wedding wing
    """)
)

# Words that are as often nouns are left out; as verbs they are known by their ending in -ing.
_VERBS = _WORD.findall("""
    advance appear approach arrive attack awake bark bathe become begin bend blink blow boil bounce bow break
    breathe bring build burn burst buy carry catch celebrate change chase chew circle clap clean clear climb close
    collapse collect come cook crack crash crawl crouch cry dance darken dash descend dig disappear dissolve dive
    dodge dolly draw drift drink drive drop eat emerge enter erupt escape explode explore fade fall feed fight fill
    find flap flee flicker float flow flutter fly fold follow freeze gallop gather gaze get give glance glide glow
    go grab graze greet grin grow hang hear hide hit hold hop hover hug hurry inspect jog join jump keep kick kiss
    kneel knit knock laugh lead lean leap learn leave lick lie lift listen look lower make march meet melt move nod
    offer open orbit pass pause peel perform pet pick play point poke polish pop pour pray prepare press pull push
    put race raise reach read recede reflect relax release remove repair rest return reveal ride rinse rise roam
    roar roll rotate run rush rustle sail salute say scatter scream search see set settle sew shake shift shine
    shoot shout show shrug shut sigh sing sink sit skate ski skid skip slam sleep slice slide slip smash smell smile
    snap soar speak spill spin splash split spray spread sprint squeeze stand stare start stay steal step stir stop
    stretch stride strike stroll strum stumble surge sway sweep swim swing swirl take talk tap taste teach tell
    throw tickle tilt tiptoe toss touch travel tremble trot try tumble turn twirl twist unfold unpack unroll vanish
    visit wade wag wait wake walk wander wash watch wave wear weave weep whisper wink wipe wrap write yawn zoom
""")


def _forms(verb: str) -> set[str]:
    stem = verb.removesuffix("e")
    third = f"{verb[:-1]}ies" if verb.endswith("y") and verb[-2] not in "aeiou" else f"{verb}s"
    return {verb, third, f"{verb}es", f"{stem}ed", f"{stem}{stem[-1]}ed"}


_FORMS = frozenset(form for verb in _VERBS for form in _forms(verb))


def is_english(text: str) -> bool:
    """Whether ``text`` is long enough, and English enough, to be judged by its words."""
    words = _WORD.findall(text.lower())
    signs = 2 * len(_ONLY_ENGLISH.intersection(words)) + len(_MOSTLY_ENGLISH.intersection(words))
    return len(words) >= 4 and signs >= 2


def has_verb(text: str) -> bool:
    """Whether ``text`` seems to say that something happens: a known verb, or a word that ends like one."""
    words = _WORD.findall(text.lower())
    return any(word in _FORMS or (word.endswith("ing") and word not in _NO_VERBS) for word in words)


def joined_verbs(text: str) -> int:
    """How many known verbs hang on to others by "and" or a comma: 2 in "jumps and turns and waves"."""
    return sum(word in _FORMS for word in _JOINED.findall(text.lower()))
