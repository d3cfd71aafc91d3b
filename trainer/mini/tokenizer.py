"""The word tokenizer of svi-mini: every word of the paper theatre's sentences is one token, all others are unknown."""

import random
from pathlib import Path

from tokenizers import Tokenizer, normalizers
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing
from transformers import PreTrainedTokenizerFast

from trainer.paper_theatre.prompts import prompt_for
from trainer.paper_theatre.script import random_script

PAD, END, UNKNOWN = 0, 1, 2


def build_tokenizer() -> Tokenizer:
    """The tokenizer over the whole vocabulary, in alphabetical order, so that it is the same on every machine."""
    rng = random.Random(0)
    words: set[str] = set()
    split = Whitespace()
    for _ in range(6000):
        text = prompt_for(random_script(rng), rng).lower()
        words |= {word for word, _ in split.pre_tokenize_str(text)}
    vocabulary = {"<pad>": PAD, "</s>": END, "<unk>": UNKNOWN} | {w: i + 3 for i, w in enumerate(sorted(words | {","}))}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = split
    tokenizer.post_processor = TemplateProcessing(single="$A </s>", special_tokens=[("</s>", END)])
    return tokenizer


def save_tokenizer(folder: Path) -> None:
    """Writes the tokenizer as a diffusers-style model folder expects it."""
    fast = PreTrainedTokenizerFast(
        tokenizer_object=build_tokenizer(),
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
    )
    fast.save_pretrained(folder)
