"""Asks the public database of advisories about every pinned package; ``./svi audit`` runs it where that can be reached.

    ./svi audit                  # exit status 0: none without a waiver; 1: some; 3: it could not be asked
    ./svi audit --sbom bom.json  # also write what is shipped, as a CycloneDX bill of materials

An advisory is waived in packaging/waivers.toml, with a reason, for 30 days at most.
"""

import argparse
import datetime
import json
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SHIPPED = ("requirements.txt", "requirements-cuda.txt")
FILES = (*SHIPPED, "requirements-dev.txt")
WAIVERS = FOLDER / "waivers.toml"
LONGEST_WAIVER = datetime.timedelta(days=30)
FOUND, UNANSWERED = 1, 3


@dataclass(frozen=True)
class Waiver:
    """An advisory that is known and borne until a day, for a reason."""

    advisory: str
    until: datetime.date
    reason: str


def main(arguments: Sequence[str]) -> int:
    """Asks, prints what was found, and returns the exit status."""
    parser = argparse.ArgumentParser(prog="./svi audit", description="Ask for advisories about the pinned packages.")
    parser.add_argument("--sbom", metavar="FILE", type=Path, help="also write a CycloneDX bill of materials")
    options = parser.parse_args(arguments)
    if options.sbom:
        write_bill(options.sbom)
    return report(ask(), read_waivers(WAIVERS), datetime.datetime.now(datetime.UTC).date())


def ask() -> list[dict[str, object]]:
    """What pip-audit says of every pinned package; empty where it said nothing that can be read."""
    files = [word for name in FILES for word in ("-r", str(FOLDER / name))]
    form = ["--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off"]
    command = [sys.executable, "-m", "pip_audit", *files, *form]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    try:
        return list(json.loads(done.stdout)["dependencies"])
    except (ValueError, KeyError, TypeError):
        return []


def report(packages: list[dict[str, object]], waivers: Sequence[Waiver], today: datetime.date) -> int:
    """Prints a line for every advisory and for what could not be asked; returns the exit status."""
    unasked = [str(package["name"]) for package in packages if "skip_reason" in package]
    waived = {waiver.advisory: waiver for waiver in waivers if is_valid(waiver, today)}
    open_ones = 0
    for package in packages:
        for advisory in package.get("vulns", ()):
            names = {advisory["id"], *advisory.get("aliases", ())}
            waiver = next((waived[name] for name in names if name in waived), None)
            open_ones += waiver is None
            words = f"waived until {waiver.until}: {waiver.reason}" if waiver else f"fixed in {mended(advisory)}"
            print(f"{package['name']} {package['version']}: {advisory['id']} ({words})")
    if open_ones:
        print(f"{open_ones} advisories without a waiver. Raise the versions with packaging/lock.py, or waive them.")
        return FOUND
    if unasked or not packages:
        print(f"The database could not be asked about {len(unasked) or 'any'} packages: nothing is known of them.")
        return UNANSWERED
    print(f"{len(packages)} packages, no advisory without a waiver.")
    return 0


def is_valid(waiver: Waiver, today: datetime.date) -> bool:
    """Whether a waiver holds today: it must not have ended, nor reach further than 30 days."""
    return today <= waiver.until <= today + LONGEST_WAIVER


def mended(advisory: dict[str, object]) -> str:
    """The versions that mend an advisory, for a line."""
    versions = advisory.get("fix_versions")
    return ", ".join(map(str, versions)) if isinstance(versions, list) and versions else "no version yet"


def read_waivers(file: Path) -> list[Waiver]:
    """The waivers of a file; a waiver without a reason is an error."""
    entries = tomllib.loads(file.read_text(encoding="utf-8")).get("waiver", [])
    waivers = [Waiver(entry["advisory"], entry["until"], entry["reason"]) for entry in entries]
    if any(not waiver.reason.strip() for waiver in waivers):
        raise SystemExit(f"A waiver in {file} gives no reason: write one.")
    return waivers


def write_bill(target: Path) -> None:
    """Writes the bill of materials of what is shipped: names, versions and the hashes of the wheels."""
    text = "".join((FOLDER / name).read_text(encoding="utf-8") for name in SHIPPED)
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", "-", "--output-reproducible", "-o", str(target)]
    subprocess.run(command, input=text, text=True, check=True, stderr=subprocess.DEVNULL)
    print(f"Wrote {target}.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
