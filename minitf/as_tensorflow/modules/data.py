"""What modules of `tensorflow.python.data` have, and tf.data has not."""
from __future__ import annotations

import re
from typing import Any

import minitf as tf

get_legacy_output_classes = tf.data.get_output_classes
get_legacy_output_shapes = tf.data.get_output_shapes
get_legacy_output_types = tf.data.get_output_types
_VERSION = re.compile("_?v[12]$", re.IGNORECASE)


def __getattr__(name: str) -> Any:
    """`DatasetV1`, `CsvDatasetV2`, `choose_from_datasets_v1`: both versions are one."""
    for home in (tf.data, tf.data.experimental) if _VERSION.search(name) else ():
        found = getattr(home, _VERSION.sub("", name), None)
        if found is not None:
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
