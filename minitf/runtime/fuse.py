"""Phase 6: groups of element-wise steps that become one. For now each step stays its own."""
from __future__ import annotations

from minitf.runtime.program import Program


def fuse(program: Program) -> Program:
    return program
