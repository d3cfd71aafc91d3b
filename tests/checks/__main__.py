"""`./svi check`: ruff first, as it takes a second; then mypy and import-linter beside all quick tests."""

import sys

from tests.checks.side_by_side import Check, all_pass, passes
from tests.checks.suite import quick_tests

FIRST = (Check("ruff", ["ruff", "check", "."]), Check("format", ["ruff", "format", "--check", "."]))
BESIDE = (Check("mypy", ["mypy"]), Check("import-linter", ["lint-imports"]))


def main() -> int:
    """Returns 0 when all hold. What is cheap comes first; everything else is run whatever fails."""
    if not all(passes(check) for check in FIRST):
        return 1
    held = all_pass(BESIDE, Check("tests", quick_tests()))
    print("All checks pass." if held else "Some checks fail: see above.", flush=True)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
