"""What a drill finds: a line for each check, and whether it holds."""

import time
from dataclasses import dataclass, field


@dataclass
class Report:
    """The checks of a drill in the order in which they were made."""

    title: str
    began: float = field(default_factory=time.monotonic)
    checks: list[tuple[bool, str, str]] = field(default_factory=list)

    def step(self, text: str) -> None:
        """Say what is done now."""
        print(f"{time.monotonic() - self.began:6.1f} s  {text}", flush=True)

    def check(self, holds: bool, what: str, found: object = "") -> None:
        """Note whether something holds, and what was found."""
        self.checks.append((holds, what, str(found)))
        self.step(f"{'holds' if holds else 'FAULT'}: {what} ({found})")

    @property
    def failed(self) -> bool:
        return not all(holds for holds, _, _ in self.checks)

    def print(self) -> None:
        """Print the table of all checks."""
        width = max(len(what) for _, what, _ in self.checks)
        print(f"\n{self.title}\n")
        for holds, what, found in self.checks:
            print(f"{'holds' if holds else 'FAULT'}  {what:<{width}}  {found}")
        faults = sum(not holds for holds, _, _ in self.checks)
        print(f"\n{len(self.checks)} checks, {faults} faults", flush=True)
