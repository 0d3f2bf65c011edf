"""Finds the snippets and runs one of them."""

import importlib
import inspect
import os

from goldens.encoding import encode

HERE = os.path.dirname(os.path.abspath(__file__))


def snippets():
    """{"module.function": function} of every public function of the snippet modules."""
    files = sorted(os.listdir(os.path.join(HERE, "snippets")))
    stems = [file[:-3] for file in files if file.endswith(".py") and not file.startswith("_")]
    found = {}
    for stem in stems:
        module = importlib.import_module("goldens.snippets." + stem)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                found[stem + "." + name] = function
    return found


def result_of(snippet, tf, np):
    """The encoded result of a snippet in a fresh default graph, or {"raises": exception}."""
    tf.reset_default_graph()
    try:
        value = snippet(tf, np)
    except Exception as raised:
        return {"raises": type(raised).__name__}
    return encode(value)
