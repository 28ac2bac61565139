"""Seeded faults: a few words of one product function replaced, in process, for as long as a test runs."""

import ast
import importlib
import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import CodeType, FunctionType

from tests.handlers.desk import Desk


class Outdated(Exception):
    """The words to be replaced stand no longer in the function: write the mutant anew for the product as it is."""


@dataclass(frozen=True)
class Edit:
    """In the function `where` ("module:function" or "module:Class.method"), `old` becomes `new`."""

    where: str
    old: str
    new: str

    @contextmanager
    def made(self) -> Iterator[None]:
        """The product with this edit. The function stays itself, so whoever imported it by name meets the edit, too."""
        function = self._function()
        healthy = function.__code__
        function.__code__ = self._code(function)
        try:
            yield
        finally:
            function.__code__ = healthy

    def _function(self) -> FunctionType:
        module, _, path = self.where.partition(":")
        found: object = importlib.import_module(module)
        for name in path.split("."):
            found = inspect.getattr_static(found, name)
        found = found.fget if isinstance(found, property) else found
        assert isinstance(found, FunctionType), f"{self.where} is no plain function"
        return found

    def _code(self, function: FunctionType) -> CodeType:
        source = textwrap.dedent(inspect.getsource(function))
        if source.count(self.old) != 1:
            raise Outdated(f"{self.where} holds {source.count(self.old)} times: {self.old}")
        tree = ast.parse(source.replace(self.old, self.new))
        definition = tree.body[0]
        assert isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef)
        definition.decorator_list = []
        made: dict[str, FunctionType] = {}
        exec(compile(tree, function.__code__.co_filename, "exec"), function.__globals__, made)  # noqa: S102
        return made[function.__name__].__code__


Probe = Callable[[Desk], None]
"""A test body: it asserts what an invariant promises, and nothing in it knows of mutants."""


@dataclass(frozen=True)
class Mutant:
    """A plausible fault, the number of the invariant it breaks (0: another promise), and the probe that catches it."""

    name: str
    invariant: int
    edits: tuple[Edit, ...]
    probe: Probe

    @contextmanager
    def at_large(self) -> Iterator[None]:
        """The product with the fault in it."""
        with ExitStack() as stack:
            for edit in self.edits:
                stack.enter_context(edit.made())
            yield


def one(name: str, invariant: int, where: str, old: str, new: str, probe: Probe) -> Mutant:
    """A mutant of one edit."""
    return Mutant(name, invariant, (Edit(where, old, new),), probe)
