"""How rules become machine code: the only file that knows about the compiler.

``rule``    a small pure function of scalars, inlined where it is used.
``tilewise``  what a rule does to one tile of people; inlined, so that a tile's steps follow each other in the cache.
``kernel``  a loop over people, leaders or units.
``entry``   a kernel that Python calls: it releases the interpreter lock and its compiled form is kept on disk.

All turn the float literals of the functions they wrap into single precision, so that an equation can be written as
``0.5 * x`` and still run on 32-bit lanes. No fast-math: results are the same on any processor and thread count.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any, Protocol

import numba
import numpy as np
from llvmlite import ir
from numba.core import types
from numba.core.caching import CompileResultCacheImpl, FunctionCache, _CacheLocator
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.lowering import Lower
from numba.core.typed_passes import BaseNativeLowering, NativeLowering
from numba.extending import intrinsic

TILE = 64
"""Elements (person x lane) worked on together: the constant trip count of every inner loop."""

VERSIONS_KEPT = 4


def single(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function with its float literals in single precision."""
    code = function.__code__
    constants = tuple(np.float32(c) if type(c) is float else c for c in code.co_consts)
    made = FunctionType(
        code.replace(co_consts=constants),
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    made.__doc__, made.__module__, made.__qualname__ = function.__doc__, function.__module__, function.__qualname__
    return made


def rule(function: Callable[..., Any]) -> Any:
    """Compile a pure scalar function; ``rule.py_func`` is the plain Python of it."""
    return numba.njit(error_model="numpy", forceinline=True)(single(function))


def tilewise(function: Callable[..., Any]) -> Any:
    """Compile a loop over the elements of one tile, inlined into the loop over tiles that calls it."""
    return _compiled(function, no_cpython_wrapper=True, forceinline=True)


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a loop over columns, to be called by other kernels (a door to Python costs a second of compiling)."""
    return _compiled(function, no_cpython_wrapper=True)


def entry(function: Callable[..., Any]) -> Any:
    """Compile a kernel that Python calls; its compiled form is kept on disk."""
    dispatcher = _compiled(function, nogil=True)
    dispatcher._cache = _KernelCache(dispatcher.py_func)
    return dispatcher


class _WideLower(Lower):
    """Vectors of 512 bits where the processor has them: LLVM would stop at 256 on some that do well with more."""

    def setup_function(self, fndesc: Any) -> None:
        super().setup_function(fndesc)
        set.add(self.function.attributes, '"prefer-vector-width"="512"')


@register_pass(mutates_CFG=True, analysis_only=False)
class _WideLowering(BaseNativeLowering):
    _name = "uptake_native_lowering"  # type: ignore[assignment]

    @property
    def lowering_class(self) -> type[Lower]:
        return _WideLower


class _Compiler(CompilerBase):
    """Numba's own passes, but for the last."""

    def define_pipelines(self) -> list[Any]:
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.passes = [(_WideLowering, why) if one is NativeLowering else (one, why) for one, why in passes.passes]
        passes.finalize()
        return [passes]


def _compiled(function: Callable[..., Any], **options: Any) -> Any:
    """Array arguments must not overlap: the compiler is told so, to vectorise. Nothing is allocated inside (no NRT)."""
    options |= {"error_model": "numpy", "no_cfunc_wrapper": True, "_nrt": False, "pipeline_class": _Compiler}
    dispatcher: Any = numba.njit(**options)(single(function))
    plain_flags = dispatcher._compiler._customize_flags

    def without_aliases(flags: Any) -> Any:
        flags = plain_flags(flags)
        flags.noalias = True
        return flags

    dispatcher._compiler._customize_flags = without_aliases
    return dispatcher


@intrinsic
def _fused(typing: Any, a: Any, b: Any, c: Any) -> Any:
    single = types.float32
    return single(single, single, single), lambda context, builder, signature, values: builder.fma(*values)


@rule
def fma(a, b, c):
    """``a * b + c`` rounded once: one instruction, and the same on every processor (IEEE 754 fusedMultiplyAdd)."""
    return _fused(np.float32(a), np.float32(b), np.float32(c))  # type: ignore[call-arg]


@intrinsic
def _touch(typing: Any, column: Any, at: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, values[0])
        pointer = builder.bitcast(builder.gep(array.data, [values[1]]), ir.IntType(8).as_pointer())
        word = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [pointer.type, word, word, word])
        fetch = builder.module.declare_intrinsic("llvm.prefetch", [pointer.type], kind)
        builder.call(fetch, [pointer, word(0), word(3), word(1)])
        return context.get_dummy_value()

    return types.none(column, types.uint64), generate


@rule
def prefetch(column, at):
    """Ask for an element that is needed soon, so that it is in the cache by then. Changes nothing."""
    _touch(column, np.uint64(at))  # type: ignore[call-arg]


@intrinsic
def _population(typing: Any, bits: Any) -> Any:
    return types.uint32(types.uint32), lambda context, builder, signature, values: builder.ctpop(*values)


@rule
def count_bits(bits):
    """How many bits of a 32-bit word are set."""
    return np.int32(_population(np.uint32(bits)))  # type: ignore[call-arg]


@rule
def row_of(k, j):
    """Where sum ``k`` of place ``j`` in a tile stands: rows at fixed distances, so that loops over them vectorise."""
    return np.uint64(k * TILE + j)


@rule
def element(tile, j):
    """Where element ``j`` of a tile stands in a column. Unsigned, so that loops over it vectorise."""
    return np.uint64(tile * TILE + j)


@rule
def nearby(part, tile, j):
    """Where element ``j`` of a tile stands in the columns of its surroundings."""
    return np.uint64(tile * part.near_stride + j)


@rule
def cell(row, lanes, lane):
    """Where a lane of a row (a person, leader or unit) stands in its column. Unsigned, as above."""
    return np.uint64(row * lanes + lane)


@cache
def source_fingerprint() -> str:
    """What compiled code depends on: the rules' sources, the compiler and the interpreter (16 hex digits)."""
    digest = hashlib.sha256(f"{sys.version_info} {numba.__version__} {np.__version__}".encode())
    root = Path(__file__).parent
    for path in [*sorted(root.glob("*.py")), *sorted((root / "mechanisms").glob("*.py"))]:
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def cache_folder() -> Path:
    """Where compiled code is kept: ``UPTAKE_CACHE``, else the user's cache folder, else a temporary one."""
    bases = [os.environ.get("UPTAKE_CACHE"), os.environ.get("XDG_CACHE_HOME"), "~/.cache"]
    for base in filter(None, bases):
        folder = Path(base).expanduser() / "uptake" / source_fingerprint()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                _forget_older(folder)
                return folder
        except (OSError, RuntimeError):
            continue
    return Path(tempfile.mkdtemp(prefix="uptake-"))


def _forget_older(folder: Path) -> None:
    """Keep the code of the few versions used last; one that is still wanted compiles again."""
    os.utime(folder)
    ours = [path for path in folder.parent.iterdir() if re.fullmatch(r"[0-9a-f]{16}", path.name)]
    with contextlib.suppress(OSError):  # another process may be forgetting too
        for old in sorted(ours, key=lambda path: path.stat().st_mtime, reverse=True)[VERSIONS_KEPT:]:
            shutil.rmtree(old, ignore_errors=True)


def is_compiled() -> bool:
    """Whether an earlier process left compiled code for exactly these sources."""
    return any(cache_folder().glob("week.weeks-*.nbc"))


class _Function(Protocol):
    __code__: Any


class _Locator(_CacheLocator):
    """Numba looks at one file's date; a kernel also depends on the rules it calls, hence the folder's fingerprint."""

    def __init__(self, py_func: _Function, py_file: str) -> None:
        self._py_func = py_func

    def get_cache_path(self) -> str:
        return str(cache_folder())

    def get_source_stamp(self) -> str:
        return source_fingerprint()

    def get_disambiguator(self) -> str:
        return str(self._py_func.__code__.co_firstlineno)

    @classmethod
    def from_function(cls, py_func: _Function, py_file: str) -> _Locator:
        return cls(py_func, py_file)


class _KernelCacheImpl(CompileResultCacheImpl):
    _locator_classes = [_Locator]  # noqa: RUF012 (numba reads a plain class attribute)


class _KernelCache(FunctionCache):
    _impl_class = _KernelCacheImpl

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled form from disk; one that cannot be read (cut short, say) is forgotten and made anew."""
        try:
            return super().load_overload(sig, target_context)
        except Exception:
            with contextlib.suppress(OSError):
                self.flush()
            return None
