"""cupy.json says what CuPy has: asked of CuPy itself, where that version is installed."""
import json
import re
from importlib import util

import pytest


@pytest.mark.skipif(util.find_spec("cupy") is None, reason="needs CuPy")
def test_what_was_recorded_is_what_cupy_has():
    from standin.array import RECORD
    from standin.record_cupy import recorded

    found = recorded()
    if found["version"] != RECORD["version"]:
        pytest.skip(f"CuPy is {found['version']}")
    known, now = (re.sub(r" at 0x\w+", "", json.dumps(each)) for each in (RECORD, found))
    assert json.loads(now) == json.loads(known)
