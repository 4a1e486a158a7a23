"""llvmlite: the text of a module becomes functions of this process.

What it does not have, or may not do, is a reason in words: then the plain blocks run. Importing this loads nothing.
"""

from __future__ import annotations

import ctypes
import platform
import sys
from functools import cache
from importlib.util import find_spec
from threading import Lock

from gradcli.domains.compiled.part import FAR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

OLDEST = 20  # of LLVM, which llvmlite 0.45 brings
_NEEDED = ("avx2", "fma")  # on x86; all 64-bit ARMs have what is needed
_lock = Lock()


@cache
def is_installed() -> bool:
    """Is llvmlite there? Asked without loading it."""
    return find_spec("llvmlite") is not None


@cache
def obstacle() -> str:
    """Why compiled code cannot run here; "" where it can."""
    if not is_installed():
        return "llvmlite is not installed"
    if sys.byteorder != "little" or ctypes.sizeof(ctypes.c_void_p) != 8:
        return "this machine is not one of 64 bits, the lowest first"
    if not _may_execute():
        return "memory may not be made executable"
    try:
        old = _too_old()
        features = _features()
    except (ImportError, OSError, RuntimeError) as error:
        return f"llvmlite cannot be used: {error}"
    if old:
        return f"llvmlite {old} is older than 0.45"
    lacking = [x for x in _NEEDED if not features.get(x)]
    if lacking and platform.machine().lower() not in ("aarch64", "arm64"):
        return f"the processor has no {' and no '.join(lacking)}"
    return "" if _library() is not None else "the C library has no fmod that could be called"


def _may_execute() -> bool:
    """May memory that was written be executed? LLVM would end the process."""
    if sys.platform != "linux":
        return True
    import mmap

    read_execute = mmap.PROT_READ | mmap.PROT_EXEC
    page = mmap.mmap(-1, mmap.PAGESIZE)
    page[0] = 0
    start = ctypes.c_char.from_buffer(page)
    protect = ctypes.CDLL(None).mprotect
    protect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    try:
        return bool(protect(ctypes.addressof(start), mmap.PAGESIZE, read_execute) == 0)
    finally:
        protect(ctypes.addressof(start), mmap.PAGESIZE, mmap.PROT_READ | mmap.PROT_WRITE)
        del start
        page.close()


@cache
def _library() -> Any:
    """The C library's mathematics."""
    for name in ("ucrtbase",) if sys.platform == "win32" else (None, "libm.so.6"):
        try:
            library = ctypes.CDLL(name)
            if all(hasattr(library, x) for x in FAR):
                return library
        except OSError:
            continue
    return None


def _too_old() -> str:
    """The version of an llvmlite whose LLVM does not read our text, as another package may have brought it; else ""."""
    import llvmlite
    import llvmlite.binding as llvm

    return "" if llvm.llvm_version_info[0] >= OLDEST else str(llvmlite.__version__)


@cache
def _features() -> dict[str, bool]:
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    library = _library()
    for name in FAR if library is not None else ():
        llvm.add_symbol(f"gradcli_{name}", ctypes.cast(getattr(library, name), ctypes.c_void_p).value)
    return dict(llvm.get_host_cpu_features())


def compiled(text: str, names: Iterable[str], width: int = 512) -> dict[str, Callable[[int, int], None]]:
    """The functions of a module: (address of the table, number of points). They hold their memory.

    width: of the registers in bits; the results do not depend on it.
    """
    import llvmlite.binding as llvm

    features = _features()
    given = ",".join(
        f"{'+' if on and not (width < 512 and x.startswith('avx512')) else '-'}{x}" for x, on in features.items()
    )
    with _lock:
        module = llvm.parse_assembly(text)
        machine = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(), features=given, opt=OPTIMISED, jit=True
        )
        engine = llvm.create_mcjit_compiler(module, machine)
        engine.finalize_object()
        kind = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64)
        return {name: _holding(kind(engine.get_function_address(name)), engine) for name in names}


OPTIMISED = 2  # of the levels of LLVM's code generator


def _holding(function: Any, engine: Any) -> Any:
    function.engine = engine
    return function
