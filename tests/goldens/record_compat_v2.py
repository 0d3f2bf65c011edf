"""Record what TensorFlow 1.15 has in `tf.compat.v2`: the names, and the parameters of functions
where they are not those of `tf`. In an environment with tensorflow==1.15.5:

    python tests/goldens/record_compat_v2.py
"""
import inspect
import json
import os
import types
import warnings

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "compat_v2.json")
# Of Keras, or of each op: the same in both.
BESIDE = {"compat", "v1", "v2", "raw_ops", "keras", "optimizers", "losses", "metrics",
          "initializers"}  # fmt: skip


def members(module, prefix=""):
    """(path, object) of what is in a module and in those below it."""
    for name in (name for name in dir(module) if not name.startswith("_")):
        found = getattr(module, name, None)
        if isinstance(found, types.ModuleType):
            if "_api" in found.__name__ and name not in BESIDE:
                yield from members(found, prefix + name + ".")
        elif found is not None:
            yield prefix + name, found


def parameters(function):
    """[name, default], the default None where it is not plain."""
    found = inspect.signature(function).parameters.values()
    plain = (bool, int, float, str)
    return [[p.name, p.default if isinstance(p.default, plain) else None] for p in found]


def main():
    warnings.simplefilter("ignore")
    import tensorflow as tf

    tf.compat.v1.logging.set_verbosity("ERROR")
    before = dict(members(tf))
    after = dict(members(tf.compat.v2))
    changed = {path: parameters(found) for path, found in after.items()
               if isinstance(found, types.FunctionType) and before.get(path) is not found}
    with open(PATH, "w") as file:
        file.write('{"names": ' + json.dumps(sorted(after)) + ',\n"parameters": {\n')
        file.write(",\n".join(f'"{path}": {json.dumps(changed[path])}' for path in sorted(changed)))
        file.write("\n}}\n")


if __name__ == "__main__":
    main()
