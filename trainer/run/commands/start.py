"""Starts a training from the words of a command: recipe, folder, device and processes are found here."""

import argparse
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import torch

from svi_studio.domain.training.events import Tell
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import read_recipe
from svi_studio.domain.value import with_fields
from svi_studio.engine.chain.film import library_versions
from svi_studio.engine.chain.render_job import choose_device
from svi_studio.settings import LOCAL_RANK
from svi_studio.weights.catalogue import find_models
from svi_studio.weights.model_folder import is_model_folder
from trainer.run.commands.memory_advice import as_memory_error
from trainer.run.control import TrainingControl
from trainer.run.session import Session
from trainer.run.state.processes import Processes
from trainer.run.state.run_folder import RunFolder

Ready = Callable[[str, dict[str, str]], None]


def start(options: argparse.Namespace, ready: Ready, tell: Tell, control: TrainingControl) -> bool:
    """Trains; False when it was stopped and has said so.

    Raises StudioError with one sentence, and Stopped when it was stopped while it prepared or made test films.

    ``ready`` hears the device and the versions of the libraries as soon as both are known.
    """
    if options.threads:
        torch.set_num_threads(options.threads)
    device = own_device(options.device)
    ready(str(device), dict(library_versions()))
    recipe = recipe_of(options)
    options.folder = options.folder or Path("runs") / recipe.name
    run = RunFolder(options.folder.absolute())
    processes = Processes.join(device)
    try:
        session = Session(recipe, run, device, processes, tell if processes.is_main else _silent, control)
        with run.held() if processes.is_main else nullcontext():
            return session.train()
    except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
        sentence = as_memory_error(error, recipe, device)
        if sentence is None:
            raise
        raise sentence from error
    finally:
        processes.leave()


def recipe_of(options: argparse.Namespace) -> TrainingRecipe:
    """The recipe that the command names, or the run's own, such that its copy in another folder means the same."""
    path: Path = options.recipe or RunFolder(options.folder).recipe_file
    recipe = read_recipe(path)
    return with_fields(recipe, {"model": _model_from_anywhere(recipe.model, path.absolute().parent)})


def _model_from_anywhere(name: str, folder: Path) -> str:
    """``name`` as a path where it is that of a model folder in ``folder``, and not of a model on this computer."""
    is_known = any(name in (model.name, model.folder.name) for model in find_models())
    return str(folder / name) if not is_known and is_model_folder(folder / name) else name


def own_device(name: str) -> torch.device:
    """The device of this process: each process of one computer takes the graphics card of its own number."""
    device = choose_device(name)
    local = LOCAL_RANK.number()
    return device if local is None or device.type != "cuda" else torch.device("cuda", local)


def _silent(_event: object) -> None:
    pass
