"""Writes a program, with known branches taken and known values folded, as an ONNX model."""
from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.errors import UnimplementedError
from minitf.core.graph import get_default_graph
from minitf.core.tensor import Tensor
from minitf.interop.onnx.lowering import LOWERINGS, Array, Model
from minitf.runtime.feeds import Feed
from minitf.runtime.program import Program, Step
from minitf.runtime.prune import prune
from minitf.runtime.simplify import drop_dead, fold, share, simplify
from minitf.runtime.specialise import Fed, specialise

OPSET = 17


def export(
    outputs: Any,
    path: Any = None,
    inputs: Any = None,
    session: Any = None,
    feed_dict: Any = None,
) -> Any:
    """An ONNX model of `outputs`: an `onnx.ModelProto`, also written to `path` if that is given.

    `outputs` and `inputs` are tensors, lists of them, or dicts by the names that they are to have;
    inputs are the placeholders reached unless they are given. Their unknown sizes stay unknown.
    `feed_dict` gives values that the model is for, such as `{is_training: False}`; variables have
    those they have in `session`. Raises `tf.errors.UnimplementedError` for an op that has no
    translation, naming it, and ImportError without the package onnx.
    """
    onnx = _package()
    session = get_default_graph()._session(session, "onnx.export")
    results = _named(outputs)
    fixed = {convert_to_tensor(key): value for key, value in (feed_dict or {}).items()}
    operations = prune(results.values(), set(fixed))
    sources = _named(inputs) if inputs is not None else _placeholders(operations, fixed)
    program = _program(results, sources, fixed)
    made = _Writer(program, list(sources), results, session).model_proto(onnx)
    if path is not None:
        partial = f"{os.fspath(path)}.partial"
        onnx.save(made, partial)
        os.replace(partial, path)
    return made


def _package() -> Any:
    try:
        import onnx
    except ImportError as error:
        raise ImportError(
            "This needs the package onnx, which the extra `interop` brings: "
            'pip install "minitf-tf1[interop]".'
        ) from error
    return onnx


def _named(tensors: Any) -> dict[str, Tensor]:
    if isinstance(tensors, Mapping):
        return {name: convert_to_tensor(tensor) for name, tensor in tensors.items()}
    listed = tensors if isinstance(tensors, (list, tuple)) else [tensors]
    made = [convert_to_tensor(tensor) for tensor in listed]
    return {tensor.name.removesuffix(":0"): tensor for tensor in made}


def _placeholders(operations: list[Any], fixed: Any) -> dict[str, Tensor]:
    found = [op.outputs[0] for op in operations if op.definition.placeholder]
    return {tensor.op.name: tensor for tensor in found if tensor not in fixed}


def _program(
    results: dict[str, Tensor], sources: dict[str, Tensor], fixed: dict[Tensor, Any]
) -> Program:
    feeds = {
        tensor: Fed(_sizes(tensor), tensor.dtype.numpy)  # type: ignore[arg-type]
        for tensor in sources.values()
    }
    for tensor, value in fixed.items():
        array = Feed(tensor)(value)
        feeds[tensor] = Fed(array.shape, array.dtype, array)
    program = specialise(prune(results.values(), feeds), feeds, list(results.values()))
    for phase in (fold, simplify, share, drop_dead):
        program = phase(program)
    return program


def _sizes(tensor: Tensor) -> tuple[int | None, ...] | None:
    return None if tensor.shape.ndims is None else tuple(tensor.shape.as_list())


class _Writer:
    """Goes through the steps of a program; `arrays` says what each value is called in the model."""

    def __init__(
        self, program: Program, inputs: list[str], outputs: dict[str, Tensor], session: Any
    ) -> None:
        self.program, self.session, self.model = program, session, Model()
        self.inputs, self.outputs = inputs, outputs
        self.model.names.update(outputs)
        self.arrays: dict[int, Array] = {}
        for i, name in zip(program.feeds, inputs):
            value = program.values[i]
            self.arrays[i] = Array(self.model.unique(name), value.shape, value.dtype)
        self._add_known()
        for step in program.steps:
            self._translate(step)

    def _add_known(self) -> None:
        """Variables and constants, as far as a step needs them."""
        used = {i for step in self.program.steps for i in step.reads}
        variables = [i for i in used if self.program.values[i].variable is not None]
        ops: Any = [self.program.values[i].variable for i in variables]
        held = dict(zip(variables, self.session.run([op.outputs[0] for op in ops])))
        for i in sorted(used - self.arrays.keys()):
            value = self.program.values[i]
            known = held.get(i, value.constant)
            if known is not None:
                self.arrays[i] = self.model.constant(known, name=value.name)

    def _translate(self, step: Step) -> None:
        if self._fold(step):
            return
        kind, model = step.definition.type, self.model
        lowering = LOWERINGS.get(kind)
        if lowering is None:
            raise self._refused(step, f"has no translation; {len(LOWERINGS)} ops have, see "
                                "minitf.interop.onnx.LOWERINGS")  # fmt: skip
        first = len(model.nodes)
        try:
            found = lowering(model, *[self.arrays[i] for i in step.inputs], **step.attrs)
        except (ValueError, NotImplementedError) as error:
            raise self._refused(step, str(error)) from error
        for i, name in zip(step.outputs, found if isinstance(found, list) else [found]):
            value = self.program.values[i]
            name = model.rename(name, value.name, first)
            self.arrays[i] = Array(name, value.shape, value.dtype, getattr(name, "value", None))

    def _fold(self, step: Step) -> bool:
        """Compute at once what depends on variables and constants alone."""
        values: list[Any] = [self.arrays[i].value for i in step.inputs]
        if not values or not step.pure or any(value is None for value in values):
            return False
        definition = step.definition
        found = definition.schema.call(definition.kernel, values, np, **step.attrs)
        results = found if definition.schema.several else [found]
        for i, result in zip(step.outputs, results):
            name = self.program.values[i].name
            self.arrays[i] = self.model.constant(result, self.program.values[i].dtype, name)
        return True

    @staticmethod
    def _refused(step: Step, why: str) -> UnimplementedError:
        kind = step.operation.type
        return UnimplementedError(
            None, step.operation, f"onnx.export: {kind} '{step.operation.name}' {why}"
        )

    def model_proto(self, onnx: Any) -> Any:
        helper = onnx.helper
        for name, i in zip(self.outputs, self.program.fetches):
            self.model.nodes.append(("Identity", [self.arrays[i]], [name], {}))  # type: ignore
        self.model.needed(list(self.outputs))
        graph = helper.make_graph(
            [helper.make_node(kind, ins, outs, **attrs) for kind, ins, outs, attrs in
             self.model.nodes],
            "minitf",
            [_info(helper, name, self.program.values[i].shape, self.program.values[i].dtype)
             for name, i in zip(self.inputs, self.program.feeds)],
            [_info(helper, name, self._shape(tensor, i), tensor.dtype.numpy)
             for (name, tensor), i in zip(self.outputs.items(), self.program.fetches)],
            [onnx.numpy_helper.from_array(array, name)
             for name, array in self.model.initializers.items()],
        )  # fmt: skip
        made = helper.make_model(
            graph, producer_name="minitf", opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=8,
        )  # fmt: skip
        onnx.checker.check_model(made, full_check=True)
        return made


    def _shape(self, tensor: Tensor, i: int | None) -> Any:
        """What the program, or else the graph, knows of an output's shape; ONNX wants its rank."""
        found = None if i is None else self.program.values[i].shape
        found = _sizes(tensor) if found is None else found
        if found is None:
            raise ValueError(
                f"onnx.export: the number of axes of {tensor!r} is not known, and ONNX needs it; "
                "give it a shape: tf.reshape, or tensor.set_shape"
            )
        return found


def _info(helper: Any, name: str, shape: Any, dtype: Any) -> Any:
    """An input or output, its unknown sizes under names."""
    sizes = [f"{name}_{k}" if n is None else n for k, n in enumerate(shape)]
    return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(dtype), sizes)
