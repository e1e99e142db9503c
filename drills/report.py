"""What a drill finds: a line for each check, and whether it holds, and for each figure."""

import time
from dataclasses import dataclass, field

_SAID = {True: "holds", False: "FAULT", None: ""}


@dataclass
class Report:
    """The checks of a drill in the order in which they were made."""

    title: str
    began: float = field(default_factory=time.monotonic)
    # Of a figure nothing is to hold: None.
    checks: list[tuple[bool | None, str, str]] = field(default_factory=list)

    def step(self, text: str) -> None:
        """Say what is done now."""
        print(f"{time.monotonic() - self.began:6.1f} s  {text}", flush=True)

    def check(self, holds: bool, what: str, found: object = "") -> None:
        """Note whether something holds, and what was found."""
        self.checks.append((holds, what, str(found)))
        self.step(f"{'holds' if holds else 'FAULT'}: {what} ({found})")

    def tell(self, what: str, found: object) -> None:
        """Note a figure."""
        self.checks.append((None, what, str(found)))
        self.step(f"{what} ({found})")

    @property
    def failed(self) -> bool:
        return any(holds is False for holds, _, _ in self.checks)

    def print(self) -> None:
        """Print the table of all checks."""
        width = max(len(what) for _, what, _ in self.checks)
        print(f"\n{self.title}\n")
        for holds, what, found in self.checks:
            print(f"{_SAID[holds]:<5}  {what:<{width}}  {found}")
        checks = [holds for holds, _, _ in self.checks if holds is not None]
        faults = checks.count(False)
        print(f"\n{len(checks)} checks, {faults} faults", flush=True)
