"""The house's own source as syntax trees, for the tests that keep its rules."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
POINTS = ("intake", "response", "output", "control", "analysis", "evaluation", "staff", "awareness")


@dataclass(frozen=True)
class Module:
    """One Python file of the house."""

    path: Path

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text())

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All of the tree: one walk for every rule."""
        return tuple(ast.walk(self.tree))

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def point(self) -> str | None:
        """ "intake" for apps/intake/..., None elsewhere."""
        parts = self.path.relative_to(ROOT).parts
        return parts[1] if parts[0] == "apps" and len(parts) > 2 else None

    def imports(self) -> Iterator[tuple[int, str]]:
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)

    @cached_property
    def calls(self) -> tuple[tuple[int, str], ...]:
        """Every call with its dotted name as written: "timezone.now", "task.delay"."""
        found = (node for node in self.nodes if isinstance(node, ast.Call))
        return tuple((node.lineno, ast.unparse(node.func)) for node in found)

    def at(self, line: int) -> str:
        return f"{self.name}:{line}"


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """The Python files below these folders, without migrations."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return tuple(module(path) for path in found if "migrations" not in path.parts)


@cache
def module(path: Path) -> Module:
    """Read once, whichever rule asks first."""
    return Module(path)


def house() -> tuple[Module, ...]:
    return modules("helpdesk", "apps", "config")
