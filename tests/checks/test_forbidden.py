"""Nothing from outside is executed: the lint finds every form of it, and none is in the program."""

from pathlib import Path

import pytest

from tests.checks.forbidden import ALLOWED, forbidden_below, forbidden_in

HOUSE = Path(__file__).resolve().parents[2]

REFUSED = {
    "import torch\ntorch.load(f)": "torch.load",
    "import torch\ntorch.load(f, weights_only=True)": "torch.load",
    "import torch as t\nt.load(f)": "torch.load",
    "from torch import load": "torch.load",
    "from torch import load as read\nread(f)": "torch.load",
    "from torch import *": "torch.*",
    "import torch\nread = torch.load": "torch.load",
    "import torch\nmap(torch.load, files)": "torch.load",
    "import torch\nlibrary = torch\nlibrary.load(f)": "torch.load",
    "import torch\ngetattr(torch, 'load')(f)": "torch.load",
    "import torch.serialization as s\ns.load(f)": "torch.serialization.load",
    "import torch\ntorch.serialization.load(f)": "torch.serialization.load",
    "from torch import jit\njit.load(f)": "torch.jit.load",
    "import torch\ntorch.hub.load(a, b)": "torch.hub.load",
    "def late():\n    import torch\n    return torch.load(f)": "torch.load",
    "from torch.package import PackageImporter": "torch.package",
    "f(path, weights_only=False)": "weights_only=False",
    "import numpy as np\nnp.load(f, allow_pickle=True)": "allow_pickle=True",
    "import numpy\nnumpy.load(f, allow_pickle=wanted)": "allow_pickle=wanted",
    "from numpy import load\nload(f, allow_pickle=1)": "allow_pickle=1",
    "options = {'allow_pickle': True}": "allow_pickle=True",
    "options = dict(allow_pickle=True)": "allow_pickle=True",
    "model(folder, trust_remote_code=True)": "trust_remote_code=True",
    "model(folder, **{'trust_remote_code': True})": "trust_remote_code=True",
    "import subprocess\nsubprocess.run(words, shell=True)": "shell=True",
    "run(words, shell=is_windows)": "shell=is_windows",
    "import pickle": "pickle",
    "import pickle as p": "pickle",
    "from pickle import loads": "pickle",
    "import _pickle": "_pickle",
    "import dill": "dill",
    "from joblib import load": "joblib",
    "import marshal": "marshal",
    "import shelve": "shelve",
    "import importlib\nimportlib.import_module('pickle')": "pickle",
    "from importlib import import_module\nimport_module(name)": "import_module of a name that is not known",
    "from importlib import import_module\nimport_module(f'{a}.b')": "import_module of a name that is not known",
    "eval(text)": "eval",
    "exec(text)": "exec",
    "compile(text, 'x', 'exec')": "compile",
    "__import__('os')": "__import__",
    "run = eval": "eval",
    "import builtins\nbuiltins.eval(text)": "builtins.eval",
    "from builtins import exec as run": "builtins.exec",
    "__builtins__['eval']": "__builtins__",
    "import os\nos.system(words)": "os.system",
    "from os import system": "os.system",
    "import os as o\no.popen(words)": "os.popen",
    "import subprocess\nsubprocess.getoutput(words)": "subprocess.getoutput",
    "archive.extractall(folder)": "extractall",
    "import shutil\nshutil.unpack_archive(a, b)": "shutil.unpack_archive",
    "import yaml\nyaml.load(text)": "yaml.load",
    "import yaml\nyaml.load(text, Loader=yaml.FullLoader)": "yaml.load",
    "import yaml\nyaml.unsafe_load(text)": "yaml.unsafe_load",
    "from yaml import full_load": "yaml.full_load",
    "import pandas as pd\npd.read_pickle(f)": "pandas.read_pickle",
    "import runpy": "runpy",
}

FINE = [
    "import re\nre.compile('x')",
    "import torch\ntorch.compile(network)",
    "network.eval()",
    "self.exec()",
    "import json\njson.load(f)",
    "import numpy as np\nnp.load(f, allow_pickle=False)",
    "import numpy as np\nnp.load(f)",
    "model(folder, trust_remote_code=False)",
    "import subprocess\nsubprocess.run(words, shell=False)",
    "import yaml\nyaml.safe_load(text)",
    "import importlib\nimportlib.import_module(f'svi_studio.cli.{name}')",
    "from importlib import import_module\nimport_module('bitsandbytes.optim')",
    "from svi_studio.project.film.project_file import load\nload(f)",
    "from . import pickle",
    "def compile_film(compile=None): ...",
]


@pytest.mark.parametrize("source", REFUSED)
def test_every_form_of_it_is_found(source: str) -> None:
    assert REFUSED[source] in [place.what for place in forbidden_in(source)]


@pytest.mark.parametrize("source", FINE)
def test_what_only_looks_like_it_is_left_alone(source: str) -> None:
    assert forbidden_in(source) == []


def test_the_line_is_told() -> None:
    assert [place.line for place in forbidden_in("import torch\n\n\ntorch.load(f)")] == [4]


def test_nothing_of_it_is_in_the_program() -> None:
    assert forbidden_below(HOUSE, "svi_studio", "trainer") == []


def test_the_one_exception_is_still_needed() -> None:
    for name, what in ALLOWED:
        assert what in [place.what for place in forbidden_in((HOUSE / name).read_text(encoding="utf-8"))]


def test_a_new_place_fails_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "svi_studio").mkdir()
    (tmp_path / "svi_studio" / "reader.py").write_text("import torch\ntorch.load('x')\n")
    assert forbidden_below(tmp_path, "svi_studio") == ["svi_studio/reader.py:2: torch.load must not be used here"]
