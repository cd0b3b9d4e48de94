"""Named defects of mock and client, each with the check that must find it; `scripts/mutants` tries them."""

import ast
from pathlib import Path
from typing import NamedTuple

import yaml

from contract_tests.support.checkout import ROOT

PACKAGES = {
    "cerbo_portal_mock": ROOT / "mock_server" / "cerbo_portal_mock",
    "cerbo_portal_runtime": ROOT / "openapi" / "client" / "cerbo_portal_runtime",
    "cerbo_portal_client": ROOT / "generated" / "cerbo_portal_client",
}


class Mutant(NamedTuple):
    """One small change of behaviour.

    Attributes:
        check: the file of tests that must find it, without `test_`: `bad-input` is `test_bad_input.py`.
        name: what is wrong with it.
        where: the module and the qualified name of the function, `cerbo_portal_mock.clinic.state:State.hide`.
        old: an expression or a statement that the function contains exactly once; `...` is its whole body.
        new: what replaces it.
        alone: `alone` where no other file of tests finds it.
    """

    check: str
    name: str
    where: str
    old: str
    new: str
    alone: str = ""

    @property
    def path(self) -> Path:
        """The module's file, below the folder that holds the packages."""
        return Path(*self.where.partition(":")[0].split(".")).with_suffix(".py")

    def apply(self, source: str) -> str:
        """The module's source with the defect; its comments are lost.

        Raises:
            ValueError: the function does not exist, or does not contain `old` exactly once.
        """
        tree = ast.parse(source)
        scope: ast.AST | None = tree
        for name in self.where.partition(":")[2].split("."):
            scope = next((node for node in ast.walk(scope or tree) if getattr(node, "name", None) == name), None)
        if not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
            raise ValueError(f"{self.name}: expected the function {self.where}")  # noqa: TRY004
        if self.old == "...":
            scope.body = ast.parse(self.new).body
            return ast.unparse(tree)
        replacer = _Replacer(_fragment(self.old), _fragment(self.new))
        replacer.generic_visit(scope)
        if replacer.found != 1:
            raise ValueError(
                f"{self.name}: expected `{self.old}` once in {self.where}, found it {replacer.found} times"
            )
        return ast.unparse(tree)


class _Replacer(ast.NodeTransformer):
    """Replaces each node that equals another, whatever its formatting."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = ast.dump(old), new
        self.found = 0

    def visit(self, node: ast.AST) -> ast.AST:
        if ast.dump(node) == self._old:
            self.found += 1
            return self._new
        return self.generic_visit(node)


def _fragment(text: str) -> ast.AST:
    statement = ast.parse(text).body[0]
    return statement.value if isinstance(statement, ast.Expr) else statement


def load() -> list[Mutant]:
    """All mutants, from `mutants.yaml`."""
    checks = yaml.safe_load(Path(__file__).with_name("mutants.yaml").read_text(encoding="utf-8"))
    return [Mutant(check, *fields) for check, mutants in checks.items() for fields in mutants]
