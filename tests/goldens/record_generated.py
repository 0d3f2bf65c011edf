"""Records the parameters of the functions that TensorFlow 1.15.5 generates for its ops, into
generated.json.

    python tests/goldens/record_generated.py        # in the Python that record.py describes
"""

import importlib
import inspect
import os
import pkgutil

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

from record import HERE, compact, quiet_tensorflow


def functions(module):
    for name, function in sorted(vars(module).items()):
        here = getattr(function, "__module__", "").split(".")[-1] == module.__name__.split(".")[-1]
        if here and inspect.isfunction(function) and not name.endswith("eager_fallback"):
            yield name, getattr(function, "__wrapped__", function)


def main():
    quiet_tensorflow()
    ops = importlib.import_module("tensorflow_core.python.ops")
    found = {}
    for entry in pkgutil.iter_modules(ops.__path__):
        if entry.name.startswith("gen_"):
            module = importlib.import_module("tensorflow_core.python.ops." + entry.name)
            for name, function in functions(module):
                found[name] = list(inspect.signature(function).parameters)
    with open(os.path.join(HERE, "generated.json"), "w") as out:
        lines = [compact(name) + ":" + compact(found[name]) for name in sorted(found)]
        out.write("{\n" + ",\n".join(lines) + "\n}\n")
    print("recorded", len(found), "functions")


if __name__ == "__main__":
    main()
