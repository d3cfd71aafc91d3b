"""Loads a Qwen-VL model from a folder: safetensors only, local files only, no code from it, nothing left to chance."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForImageTextToText, BitsAndBytesConfig, PretrainedConfig
from transformers.utils import logging as transformers_logging

from svi_studio.crash_log import write_crash_log
from svi_studio.domain.errors import BadInput, BadWeights
from svi_studio.domain.story.answer import Precision
from svi_studio.engine.out_of_memory import ran_out_of_memory
from svi_studio.engine.story.model_input import StoryInput
from svi_studio.weights.story_models import StoryModelFolder, story_model

_ROOM = 1.2  # times the weights: pictures, the answer so far and what a layer computes
_SHARE_OF_MEMORY = 0.6
_LEFT_WHOLE = ["visual", "lm_head"]  # what sees, and what chooses the words, suffer most from four bits


@dataclass
class LoadedStoryModel:
    """A network in evaluation mode and what makes its input."""

    name: str
    network: Any
    input: StoryInput
    device: torch.device


def load_story_model(folder: Path, device: torch.device, precision: Precision) -> LoadedStoryModel:
    """The Qwen-VL model in ``folder`` on ``device``, its weights kept as ``precision`` says.

    In full they are bfloat16 on a graphics card; on the processor float32, or bfloat16 where that would fill the
    memory. Raises BadWeights when anything is missing, damaged, of another kind or too large, BadInput when four bits
    are asked for and not possible.
    """
    found = story_model(folder)
    is_four_bit = _in_four_bits(found, device, precision)
    transformers_logging.disable_progress_bar()  # nobody sees it: stderr is kept for what goes wrong
    configuration = _configuration(folder)
    story_input = StoryInput(folder, configuration)
    network = _network(found, configuration, device, is_four_bit)
    return LoadedStoryModel(found.name, network, story_input, device)


def _configuration(folder: Path) -> PretrainedConfig:
    try:
        configuration: PretrainedConfig = AutoConfig.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
    except Exception as error:  # any type: the file's fields go to the code of many authors
        raise BadWeights(
            f"{folder / 'config.json'} describes no model that can be built: download or copy the model again. "
            f"The details are in {write_crash_log(error)}."
        ) from error
    return configuration


def _network(found: StoryModelFolder, configuration: PretrainedConfig, device: torch.device, four_bit: bool) -> Any:
    options: dict[str, Any] = {"quantization_config": _four_bits()} if four_bit else {}
    if device.type != "cpu":
        options["device_map"] = {"": device}  # straight onto the card, file by file
    try:
        network, loading = AutoModelForImageTextToText.from_pretrained(
            found.folder,
            config=configuration,
            dtype=_dtype(found, device),
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            output_loading_info=True,
            **options,
        )
    except Exception as error:
        if ran_out_of_memory(error):
            raise BadWeights(
                f"The model {found.name} does not fit into the memory of {device}: choose a smaller one, such as 3B."
            ) from error
        raise BadWeights(
            f"The model in {found.folder} cannot be loaded: download or copy it again. "
            f"The details are in {write_crash_log(error)}."
        ) from error
    if missing := [*loading["missing_keys"], *loading["mismatched_keys"]]:
        raise BadWeights(
            f"The model in {found.folder} lacks {len(missing)} of its weights, such as {str(missing[0])[:80]}: "
            "download or copy it again."
        )
    return network.eval()


def _in_four_bits(found: StoryModelFolder, device: torch.device, precision: Precision) -> bool:
    is_possible = device.type == "cuda" and importlib.util.find_spec("bitsandbytes") is not None
    if precision is Precision.FOUR_BIT and not is_possible:
        raise BadInput(
            "Four bits need an NVIDIA graphics card and the package bitsandbytes: install it, or keep the model whole."
        )
    if precision is not Precision.AUTO or not is_possible:
        return precision is Precision.FOUR_BIT
    free, _ = torch.cuda.mem_get_info(device)
    return 2 * found.numbers * _ROOM > free


def _four_bits() -> BitsAndBytesConfig:
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_compute_dtype=torch.bfloat16,
        bnb_4bit_use_double_quant=True,
        llm_int8_skip_modules=_LEFT_WHOLE,
    )


def _dtype(found: StoryModelFolder, device: torch.device) -> torch.dtype:
    if device.type == "cpu" and 4 * found.numbers <= _SHARE_OF_MEMORY * _memory():
        return torch.float32
    return torch.bfloat16


def _memory() -> int:
    """Bytes of memory of this computer; 0 where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0
