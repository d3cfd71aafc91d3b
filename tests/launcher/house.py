"""A checkout whose Python, pip, uv and graphics tools are fakes that write down what they were asked."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.patience import SECONDS

HOUSE = Path(__file__).resolve().parents[2]

COMPUTER_PYTHON = """#!/bin/sh
case "$1" in
-c) exit ${FAKE_VERSION_STATUS:-0} ;;
-m) echo "venv" >> "$LOG"; mkdir -p "$3/bin" "$3/lib/site-packages"; cp "$FAKES/venv-python" "$3/bin/python" ;;
*)
    file=$1; shift
    exec "$REAL_PYTHON" -c 'import runpy, sys; sys.executable, sys.argv = sys.argv[1], sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")' "$0" "$file" "$@" ;;
esac
"""

VENV_PYTHON = """#!/bin/sh
case "$1" in
-c)
    case "$2" in
    *requires*) echo "${FAKE_TORCH_NEEDS:-filelock}" ;;
    *version*) cat "$LOG.torch" 2>/dev/null ;;
    *distributions*) echo "${FAKE_PACKAGES:-filelock}" ;;
    *) echo "$(dirname "$0")/../lib/site-packages" ;;
    esac
    exit ;;
-P) shift ;;
esac
shift
name=$1
case "$*" in *--set-up*) echo "$@" > "$LOG.networks"; exit ${FAKE_NETWORKS_STATUS:-0} ;; esac
if [ "$name" = pip ]; then
    for last; do :; done
    name="pip $(basename "$last")"
    case "$*" in
    *--no-index*) [ "${FAKE_NEAR_STATUS:-0}" = 0 ] && echo "1+cpu" > "$LOG.torch"; exit ${FAKE_NEAR_STATUS:-0} ;;
    *uninstall*) echo "$@" | sed 's/.*--yes/remove/' >> "$LOG"; rm -f "$LOG.torch"; exit ;;
    *) grep -q "^torch==" "$last" && sed -n 's/^torch==\\([^ ]*\\).*/\\1/p' "$last" > "$LOG.torch" ;;
    esac
    cp "$last" "$LOG.pins"
    eval "${FAKE_ON_INSTALL:-}"
    echo "$@" > "$LOG.words"
    [ -z "${FAKE_PIP_PAUSE:-}" ] || sleep "$FAKE_PIP_PAUSE"
fi
echo "$name" >> "$LOG"
echo "${SVI_COMMAND:-}" > "$LOG.command"
[ "$1" != pip ] && { shift; echo "$@"; exit; }
exit ${FAKE_PIP_STATUS:-0}
"""


SETS_UP = (
    "packaging/install.py",
    "packaging/environment.py",
    "packaging/this_system.py",
    "packaging/torch_setup.py",
    "svi_studio/__init__.py",
    "svi_studio/graphics_cards.py",
    "svi_studio/torch_builds.py",
)


class House:
    """A checkout with fakes for the computer's Python and the one that a venv would hold."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder / "my house", folder / "log"
        fakes = folder / "fakes"
        (self.folder / "packaging").mkdir(parents=True)
        fakes.mkdir()
        shutil.copy(HOUSE / "svi", self.folder / "svi")
        (self.folder / "svi_studio").mkdir()
        for name in SETS_UP:
            shutil.copy(HOUSE / name, self.folder / name)
        self.pin("requirements.txt", "torch==1")
        self.pin("requirements-dev.txt", "pytest==1")
        self.pin("requirements-audit.txt", "pip-audit==1")
        self.pin("requirements-cuda.txt", "nvidia-cublas==1")
        self.pin("requirements-cpu.txt", "torch==1+cpu")
        self.pin("requirements-uv.txt", "uv==1")
        for name, text in {"python3": COMPUTER_PYTHON, "venv-python": VENV_PYTHON}.items():
            (fakes / name).write_text(text)
            (fakes / name).chmod(0o755)
        self.environment = {
            "PATH": f"{fakes}:/usr/bin:/bin",
            "LOG": str(self.log),
            "FAKES": str(fakes),
            "REAL_PYTHON": sys.executable,
            "SVI_TORCH": "cpu",  # whatever card the computer of these tests has
        }

    def pin(self, name: str, text: str) -> None:
        (self.folder / "packaging" / name).write_text(text + "\n")

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        self.log.write_text("")
        command = [str(self.folder / "svi"), *arguments]
        return subprocess.run(
            command, env=self.environment | environment, capture_output=True, text=True, check=False, timeout=SECONDS
        )

    def fake(self, name: str, script: str) -> None:
        """Puts a program into the PATH of this checkout."""
        file = Path(self.environment["FAKES"]) / name
        file.write_text("#!/bin/sh\n" + script)
        file.chmod(0o755)

    def steps(self) -> list[str]:
        return self.log.read_text().splitlines()
