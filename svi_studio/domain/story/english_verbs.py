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
    advance appear approach arrive attack awake bark bathe become begin bend blaze blink bloom blow bob boil bounce
    bow break breathe bring build burn burst buy carry catch celebrate change chase chew chop circle clap clean
    clear climb close collapse collect come cook crack crash crawl crouch crumble cry dance darken dash descend dig
    disappear dissolve dive dodge dolly draw drift drink drive drop eat emerge enter erode erupt escape evaporate
    explode explore fade fall feed fight fill find flap flee flicker float flood flow flutter fly fold follow freeze
    gallop gather gaze get give glance glide glimmer glow go grab graze greet grin grind grow hang hear heave hide
    hike hit hold hop hover hug hurry ignite inspect jog join jump keep kick kiss kneel knit knock laugh lead leak
    lean leap learn leave lick lie lift listen look lower lunge make march meet melt move nod offer open orbit
    paddle pan parade park pass pause paw peck pedal peek peel peer perch perform pet pick play point poke polish
    pop pounce pour pray prepare press prowl pull push put race raise reach read recede reflect relax release remove
    repair rest return reveal ride rinse ripple rise roam roar roll rotate row run rush rustle sail salute saunter
    say scatter scream scurry scuttle search see set settle sew shake shift shimmer shine shoot shout show shrink
    shrug shuffle shut sigh sing sink sit skate ski skid skip slam sleep slice slide slip slither smash smell smile
    smoulder snap soar sparkle speak spill spin spiral splash split spray spread sprinkle sprint sprout squeeze
    stagger stand stare start stay steal steer step stir stop stretch stride strike stroll strum stumble surge sway
    sweep swell swim swing swirl swoop take talk tap taste teach tell throw tickle tilt tiptoe toss touch tow tower
    travel tremble trot trudge try tumble turn twinkle twirl twist twitch unfold unpack unroll unwrap vanish vibrate
    visit waddle wade wag wait wake walk wander wash watch wave wear weave weep whirl whisk whisper wiggle wink wipe
    wither wobble wrap write yawn zip zoom
""")


_MOVING_PICTURE = re.compile(
    r"\b(?:time-?\s?lapse|hyper-?\s?lapse|drone|slow[- ]motion|handheld|fly-?(?:over|through|by))\b"
)


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
    """Whether ``text`` seems to say that something moves: a known verb, a word that ends like one, or the camera."""
    if _MOVING_PICTURE.search(text.lower()):
        return True
    words = _WORD.findall(text.lower())
    return any(word in _FORMS or (word.endswith("ing") and word not in _NO_VERBS) for word in words)


def joined_verbs(text: str) -> int:
    """How many known verbs hang on to others by "and" or a comma: 2 in "jumps and turns and waves"."""
    return sum(word in _FORMS for word in _JOINED.findall(text.lower()))
