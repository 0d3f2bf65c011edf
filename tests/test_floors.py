"""The architecture: which folder may import which. Imports only go down."""
import ast
import functools
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "minitf"

CORE = {"core"}
GRAPH = CORE | {"ops", "nn", "autodiff"}
MODEL = GRAPH | {"backend", "runtime", "session", "train"}
# What each file or folder of the package may import, beside itself.
MAY_IMPORT = {
    "core": {"logging"},
    "backend": CORE,
    "ops": CORE | {"lib", "logging"},
    "nn": CORE | {"ops", "logging"},
    "autodiff": CORE | {"ops"},
    "runtime": CORE | {"backend", "lib"},
    "session": CORE | {"backend", "runtime"},
    "graph_util": GRAPH | {"gfile", "lib", "logging"},
    "initializers": CORE | {"ops"},
    "random": CORE | {"ops", "nn"},
    "dtypes": CORE | {"ops"},
    "manip": CORE | {"ops"},
    "quantization": CORE | {"ops"},
    "audio": {"ops"},
    "bitwise": {"ops"},
    "debugging": {"eager", "ops"},
    "linalg": {"ops", "nn"},
    "lookup": {"ops"},
    "math": {"ops", "nn"},
    "ragged": CORE | {"ops", "nn"},
    "signal": CORE | {"ops"},
    "spectral": {"signal"},
    "sets": CORE | {"ops"},
    "sparse": CORE | {"ops"},
    "lib": CORE,
    "python_io": CORE | {"lib"},
    "resource_loader": set(),
    "summary": GRAPH | {"gfile", "graph_util", "image", "lib", "logging"},
    "autograph": CORE | {"logging", "ops"},
    "eager": GRAPH | {"autograph", "config", "session"},
    "train": GRAPH | {"eager", "gfile", "graph_util", "lib", "logging", "python_io", "runtime",
                      "session", "summary"},
    "saved_model": CORE | {"eager", "graph_util", "lib", "logging", "ops", "session",
                           "train"},
    "queue": {"ops"},
    "tools": CORE | {"gfile", "graph_util", "logging", "saved_model", "session", "train"},
    "losses": GRAPH,
    "metrics": GRAPH | {"logging"},
    "feature_column": GRAPH | {"gfile", "logging", "train"},
    "estimator": MODEL | {"data", "distribute", "feature_column", "gfile", "keras", "layers",
                          "logging", "losses", "metrics", "missing", "saved_model", "summary"},
    "distribute": GRAPH | {"backend", "data", "session", "train"},
    "distributions": GRAPH,
    "profiler": CORE,
    "layers": GRAPH | {"autograph", "module"},
    "rnn": GRAPH | {"layers", "logging"},
    "config": CORE | {"backend", "runtime"},
    "data": GRAPH | {"autograph", "backend", "lib", "logging", "ragged", "runtime", "summary"},
    "test": MODEL | {"app", "lib", "logging", "summary"},
    "flags": set(),
    "app": {"flags"},
    "logging": set(),
    "gfile": CORE,
    "image": GRAPH,
    "strings": CORE | {"ops"},
    "io": CORE | {"ops", "image", "gfile", "graph_util", "python_io"},
    # Keras is written in terms of `tf` itself, which finds it when it is asked for.
    "keras": CORE | {"__init__", "examples", "feature_column", "layers", "ops", "saved_model",
                     "train"},
    "contrib": MODEL
    | {"app", "autograph", "data", "distribute", "distributions", "eager", "estimator", "examples",
       "feature_column", "gfile", "graph_util", "image", "keras", "layers", "lib", "logging",
       "losses", "metrics", "missing", "profiler", "rnn", "saved_model", "sets", "signal",
       "summary"},
    "examples": MODEL | {"losses"},
    # Only v2 does, which is read when it is asked for.
    "compat": CORE | {"autodiff", "image", "keras", "nn", "ops", "summary"},
    "explain": GRAPH | {"runtime", "session"},
    "distributed": GRAPH | {"backend", "train"},
    "interop": GRAPH | {"runtime"},
    "sysconfig": set(),
    "version": set(),
    "missing": set(),
    "former_names": CORE,
    "module": CORE | {"ops"},
    "raw_ops": CORE | {"__init__", "missing"},
    "as_tensorflow": CORE | {"__init__", "backend", "contrib", "estimator", "feature_column",
                              "graph_util", "keras", "metrics", "missing", "ops", "ragged",
                              "raw_ops", "rnn", "saved_model", "summary", "test", "tools"},
    "__main__": {"__init__", "as_tensorflow"},
}


def room(path):
    """The file or folder of the package that `path` belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@functools.cache
def imports(path):
    """(line, file) of the modules of the package that a file imports."""
    parts = (part for part in parsed(path).body if not is_for_types_only(part))
    return [(node.lineno, to) for part in parts for node in ast.walk(part) for to in named(node)]


def named(node):
    """The files of the package that an import reads."""
    if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "minitf":
        return [resolved(f"{node.module}.{name.name}") for name in node.names]
    if isinstance(node, ast.Import):
        return [resolved(n.name) for n in node.names if n.name.split(".")[0] == "minitf"]
    return []


@functools.cache
def parsed(path):
    return ast.parse(path.read_text())


def is_for_types_only(node):
    return isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"


@functools.cache
def resolved(name):
    """The file that `from a.b import c` reads: a/b/c.py, or a/b.py, or a/b/__init__.py."""
    parts = name.split(".")[1:]
    while parts:
        place = PACKAGE.joinpath(*parts)
        for path in (place.with_suffix(".py"), place / "__init__.py"):
            if path.exists():
                return path
        parts.pop()
    return PACKAGE / "__init__.py"


FILES = sorted(PACKAGE.rglob("*.py"))
NAMESPACE = PACKAGE / "__init__.py"
# What is needed where there is a GPU only, and imported then.
FOR_A_GPU = {
    PACKAGE / name
    for name in ("backend/gpu.py", "backend/cublas.py", "backend/tiled.py",
                 "runtime/cuda/lowering.py", "runtime/cuda/graphs.py")
}  # fmt: skip


def test_imports_only_go_down():
    wrong = [
        f"{path.relative_to(PACKAGE)}, line {line}: {room(to)}"
        for path in FILES if path != NAMESPACE  # it may name everything, nothing below imports it
        for line, to in imports(path) if room(to) not in MAY_IMPORT[room(path)] | {room(path)}
    ]  # fmt: skip
    assert not wrong


def test_no_import_cycles():
    graph = {path: {to for _, to in imports(path) if to != path} for path in FILES}
    done, active = set(), []

    def visit(path):
        assert path not in active, f"cycle: {[p.name for p in active[active.index(path):]]}"
        if path in done:
            return
        active.append(path)
        for other in sorted(graph[path]):
            visit(other)
        active.pop()
        done.add(path)

    for path in FILES:
        if path != NAMESPACE:
            visit(path)


def inside_functions(tree):
    """The nodes of all functions of a file."""
    pending = [(node, False) for node in tree.body]
    for node, inside in pending:
        inside = inside or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        pending += [(below, inside) for below in ast.iter_child_nodes(node)]
        if inside:
            yield node


def test_imports_of_our_own_stand_at_the_top():
    inner = [
        f"{path.relative_to(PACKAGE)}, line {node.lineno}"
        for path in FILES for node in inside_functions(parsed(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("minitf")
        and not FOR_A_GPU.issuperset(resolved(f"{node.module}.{n.name}") for n in node.names)
    ]  # fmt: skip
    assert not inner


def test_files_stay_readable():
    texts = {str(path.relative_to(PACKAGE)): path.read_text().splitlines() for path in FILES}
    long = {name: len(lines) for name, lines in texts.items() if len(lines) > 420}
    assert long.keys() == {"__init__.py"}  # the namespace, a list of names
    assert not [name for name, lines in texts.items() if lines and not lines[0].startswith('"""')]
