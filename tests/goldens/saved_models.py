"""The SavedModels in saved_models.json, which TensorFlow 1.15.5 has written, as folders again."""

import base64
import functools
import json
import os
import zlib

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "saved_models.json")


@functools.cache
def golden():
    """{name: {"files": ..., and what TensorFlow says of it}}."""
    with open(PATH) as file:
        return json.load(file)


def unpacked(name, folder):
    """The path of a SavedModel whose files are put below a folder."""
    for path, content in golden()[name]["files"].items():
        full = os.path.join(folder, name, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(zlib.decompress(base64.b64decode(content)))
    return os.path.join(folder, name)
