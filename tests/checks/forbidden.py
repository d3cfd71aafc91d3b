"""What the program must never do with what comes from outside: run it, unpickle it, unpack it unseen.

A name is followed to where it was imported from, so an alias hides nothing; it need not be called to be found.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

MODULES = frozenset(
    {"pickle", "_pickle", "cPickle", "pickletools", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
    | {"jsonpickle", "runpy", "code", "codeop", "pty"}
)
"""Whose import alone is refused: they run what they read."""

BUILTINS = frozenset({"eval", "exec", "compile", "__import__", "__builtins__"})

NAMES = frozenset(
    {f"torch.{name}" for name in ("load", "serialization.load", "jit.load", "hub.load", "export.load", "package")}
    | {"torch.serialization.add_safe_globals", "pandas.read_pickle", "numpy.lib.format.read_array"}
    | {f"yaml.{name}" for name in ("load", "load_all", "unsafe_load", "unsafe_load_all", "full_load", "full_load_all")}
    | {"yaml.Loader", "yaml.UnsafeLoader", "yaml.FullLoader"}
    | {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"}
    | {"asyncio.create_subprocess_shell", "shutil.unpack_archive", "importlib.__import__"}
)

METHODS = frozenset({"extractall", "read_pickle", "to_pickle"})
"""Refused on whatever object: an archive says itself where its files go."""

ONLY_FALSE = frozenset({"allow_pickle", "trust_remote_code", "shell"})
"""Arguments that may be left out, or be the word False."""

ONLY_TRUE = frozenset({"weights_only"})

ALLOWED = frozenset({("svi_studio/engine/conversion/pth_reader.py", "torch.load")})
"""The one reader of `.pth` files: a process of its own, with limits of memory and time, for a user who converts one."""


class Found(NamedTuple):
    """A place that breaks the rule: the line, counted from 1, and what stands there."""

    line: int
    what: str


def forbidden_in(source: str) -> list[Found]:
    """All such places in the text of one Python file, in order; raises SyntaxError when it is none."""
    tree = ast.parse(source)
    names = _imported_names(tree)
    found = {place for node in ast.walk(tree) for place in _refused(node, names)}
    return sorted(found)


def forbidden_below(root: Path, *packages: str) -> list[str]:
    """The same in all Python files of some packages below ``root``, as sentences, without what is allowed."""
    return [
        f"{name}:{place.line}: {place.what} must not be used here"
        for package in packages
        for file in sorted((root / package).rglob("*.py"))
        for name in [file.relative_to(root).as_posix()]
        for place in forbidden_in(file.read_text(encoding="utf-8"))
        if (name, place.what) not in ALLOWED
    ]


def _imported_names(tree: ast.AST) -> dict[str, str]:
    """What each name of the file stands for: ``np`` for numpy, and after ``from torch import load as l``, ``l`` too.

    A name that is assigned another one (``read = torch.load``) needs no entry: that place itself is found.
    """
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                top = each.name.split(".")[0]
                names[each.asname or top] = each.name if each.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
        elif isinstance(node, ast.Assign) and (known := _full_name(node.value, names)):
            names |= {target.id: known for target in node.targets if isinstance(target, ast.Name)}
    return names


def _full_name(node: ast.AST, names: dict[str, str]) -> str:
    """``torch.load`` for whatever stands for it here; empty when it stands for nothing that was imported."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute) and (owner := _full_name(node.value, names)):
        return f"{owner}.{node.attr}"
    if _is_call_of(node, "getattr") and (owner := _full_name(node.args[0], names)):
        name = node.args[1]
        return f"{owner}.{name.value}" if isinstance(name, ast.Constant) else ""
    return ""


def _is_call_of(node: ast.AST, builtin: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == builtin


def _refused(node: ast.AST, names: dict[str, str]) -> Iterator[Found]:
    for what in _refused_names(node, names):
        yield Found(node.lineno, what)  # type: ignore[attr-defined]
    for key, value in _options(node):
        if (key in ONLY_FALSE and not _is(value, False)) or (key in ONLY_TRUE and not _is(value, True)):
            yield Found(value.lineno, f"{key}={ast.unparse(value)}")


def _refused_names(node: ast.AST, names: dict[str, str]) -> Iterator[str]:
    match node:
        case ast.Import():
            yield from (each.name for each in node.names if _is_refused(each.name))
        case ast.ImportFrom(module=str(module), level=0):
            whole = [module] if _is_refused(module) else []
            parts = [f"{module}.{each.name}" for each in node.names if _is_refused(f"{module}.{each.name}")]
            yield from whole or parts
        case ast.Name(id=name) if name in BUILTINS and isinstance(node.ctx, ast.Load) and name not in names:
            yield name
        case ast.Attribute(attr=name) if name in METHODS:
            yield name
        case ast.Call() if _full_name(node.func, names) in ("importlib.import_module", "importlib.util.find_spec"):
            yield from _refused_import(node)
    if isinstance(node, ast.Name | ast.Attribute | ast.Call) and _is_refused(name := _full_name(node, names)):
        yield name


def _refused_import(call: ast.Call) -> Iterator[str]:
    """A module whose name is only known when it is imported is refused, unless it is surely one of the program's."""
    match call.args[0] if call.args else None:
        case ast.Constant(value=str(name)):
            if _is_refused(name):
                yield name
        case ast.JoinedStr(values=[ast.Constant(value=str(first)), *_]) if first.startswith("svi_studio."):
            return
        case _:
            yield "import_module of a name that is not known"


def _is_refused(name: str) -> bool:
    """Whether ``name`` or something above it is refused: all of ``torch.package`` is."""
    parts = name.split(".")
    above = {".".join(parts[:count]) for count in range(1, len(parts) + 1)}
    is_builtin = parts[0] == "builtins" and parts[-1] in BUILTINS
    is_star = parts[-1] == "*" and any(each.startswith(f"{name[:-2]}.") for each in NAMES)
    return bool(parts[0] in MODULES or above & NAMES or is_builtin or is_star)


def _options(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Named arguments of a call, and entries of a dictionary that could become some."""
    if isinstance(node, ast.Call):
        yield from ((each.arg, each.value) for each in node.keywords if each.arg)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, value


def _is(node: ast.expr, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value
