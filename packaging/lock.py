"""Writes the requirements files again from pyproject.toml: exact versions with the hashes of their wheels.

Run it with ``uv`` on the PATH after a change of dependencies: ``python packaging/lock.py [--upgrade]``. Versions stay
as they are unless pyproject.toml no longer admits them or ``--upgrade`` is given.
"""

import re
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
FOLDER = HOUSE / "packaging"
OLDEST = "3.11"

PROJECT = str(HOUSE / "pyproject.toml")
FILES = {
    "requirements.txt": ([PROJECT], "Everything that SVI Studio runs on; ./svi installs it into .venv on first use."),
    "requirements-dev.txt": (["--group", f"{PROJECT}:dev"], "What ./svi test and ./svi check need besides."),
    "requirements-uv.txt": (["--group", f"{PROJECT}:setup"], "What fetches the builds of torch that are not pinned."),
    "requirements-audit.txt": (["--group", f"{PROJECT}:audit"], "What ./svi audit needs besides."),
}
CUDA_FILE = "requirements-cuda.txt"
CUDA_REMARK = "What the CUDA build of torch needs on top of requirements.txt; a build for processors does without."
_CUDA = re.compile(r"(nvidia-|cuda-|triton==)")
_ELSEWHERE = re.compile(r"[^\n]*sys_platform == 'emscripten'")


def main(arguments: list[str]) -> int:
    """Locks every file; returns the exit status."""
    for name, (selection, remark) in FILES.items():
        entries = compile_pins(name, selection, arguments)
        if name == "requirements.txt":
            write(CUDA_FILE, CUDA_REMARK, [entry for entry in entries if _CUDA.match(entry)])
        else:
            entries = [entry for entry in entries if pin_of(entry) not in locked("requirements.txt")]
        write(name, remark, [entry for entry in entries if not _CUDA.match(entry)])
    return 0


def compile_pins(name: str, selection: list[str], arguments: list[str]) -> list[str]:
    """One entry a package: its version, its marker, and under them the hashes of all its wheels."""
    target = FOLDER / name
    earlier = target.read_text(encoding="utf-8") if target.exists() else ""
    if name == "requirements.txt" and (FOLDER / CUDA_FILE).exists():
        earlier += (FOLDER / CUDA_FILE).read_text(encoding="utf-8")  # uv keeps the versions that it finds
    draft = target.with_suffix(".draft")
    draft.write_text(earlier, encoding="utf-8")
    fixed = () if name == "requirements.txt" else ("--constraints", str(FOLDER / "requirements.txt"))
    command = ["uv", "pip", "compile", *selection, *fixed, "--output-file", str(draft)]
    form = ["--universal", "--python-version", OLDEST, "--generate-hashes", "--only-binary", ":all:"]
    plain = ["--no-header", "--no-annotate", "--no-emit-index-url", "--quiet"]
    subprocess.run([*command, *form, *plain, *arguments], check=True)
    text = draft.read_text(encoding="utf-8")
    draft.unlink()
    return [entry for entry in split_entries(text) if not _ELSEWHERE.match(entry)]


def split_entries(text: str) -> list[str]:
    """The entries of a requirements file, each with its lines of hashes."""
    return [entry for entry in re.split(r"\n(?=[A-Za-z0-9])", text.strip()) if entry and not entry.startswith("#")]


def pin_of(entry: str) -> str:
    """``name==version`` of an entry."""
    return re.split(r"[ ;\\]", entry, maxsplit=1)[0].strip()


def locked(name: str) -> set[str]:
    """The pins that a file of this folder holds."""
    text = re.sub(r"(?m)^#.*\n", "", (FOLDER / name).read_text(encoding="utf-8"))
    return {pin_of(entry) for entry in split_entries(text)}


def write(name: str, remark: str, entries: list[str]) -> None:
    """Writes one file, with the sentence that says what it is for."""
    text = f"# {remark}\n# Written by packaging/lock.py.\n" + "\n".join(entries) + "\n"
    (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
