"""A pytest plugin for gates that are tests already: counts what passed, names what fell, stops when time is over."""

import json
import os
import time
from pathlib import Path

import pytest

FILE, END = "SVI_GATE_COUNT", "SVI_GATE_END"


class Counting:
    """Writes down after every test how many passed and which did not."""

    def __init__(self, file: Path, end: float) -> None:
        self._file, self._end = file, end
        self._passed, self._fell = 0, list[str]()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Only the call of a test counts as one; an error before or after it is a fault as well."""
        if report.failed:
            self._fell.append(f"{report.nodeid}: {_last_line(report)}")
        elif report.when == "call" and report.passed:
            self._passed += 1

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """Before each test."""
        self._file.write_text(json.dumps({"passed": self._passed, "fell": self._fell}))
        if time.time() > self._end:
            item.session.shouldstop = "the time of this gate is over"

    def pytest_sessionfinish(self) -> None:
        """After the last one."""
        self._file.write_text(json.dumps({"passed": self._passed, "fell": self._fell}))


def _last_line(report: pytest.TestReport) -> str:
    lines = [line for line in report.longreprtext.splitlines() if line.startswith("E ")]
    return lines[0][2:].strip()[:200] if lines else "it failed"


def pytest_configure(config: pytest.Config) -> None:
    """Counts only where a gate asked for it."""
    if FILE in os.environ:
        config.pluginmanager.register(Counting(Path(os.environ[FILE]), float(os.environ[END])))
