"""The graph of a SavedModel of objects, for those who load it into a session: it has the variables,
calls the functions of the signatures, saves and restores."""

from minitf.core.dtypes import resource, string
from minitf.core.proto.export import PRODUCER
from minitf.core.proto.graph_def import NameAttrList
from minitf.core.proto.meta_graph import TensorInfo
from minitf.core.proto.saver import SaverDef
from minitf.core.values import as_array
from minitf.graph_util.meta_graph import VERSION
from minitf.graph_util.portable import const_def, node_def
from minitf.graph_util.used_ops import known_ops
from minitf.graph_util.without_defaults import strip_defaults
from minitf.ops.state.variables import Variable
from minitf.saved_model import constants, signature_constants, tag_constants
from minitf.saved_model.save_functions import constant_of
from minitf.saved_model.signature_def_utils import build_signature_def
from minitf.train.object_graph import OBJECT_GRAPH

_FILE = "saver_filename"


class MetaGraph:
    """The graph of a view of objects; `held` are what holds values by their keys, `stored` the
    message of the checkpoint."""

    def __init__(self, view, held, stored):
        self.view, self._stored = view, stored
        self._names, self.nodes = set(), []
        self.handles = {}  # {number of an object: the node that a function is given for it}
        for number, item in enumerate(view.graph.objects):
            if isinstance(item, Variable):
                self.handles[number] = self._variable(item)
        for number, name, tensor in view.constants:
            value = constant_of(tensor, name)
            self._put(const_def(name, as_array(value, tensor.dtype), tensor.dtype))
            self.handles[number] = name
        numbers = {id(item): number for number, item in enumerate(view.graph.objects)}
        self._keys = [(key, numbers[id(item)], item) for key, item in held.items()
                      if id(item) in numbers and isinstance(item, Variable)]  # fmt: skip

    def _put(self, node):
        self._names.add(node.name)
        self.nodes.append(node)
        return node

    def _unused(self, name):
        found, number = name, 0
        while found in self._names:
            number += 1
            found = f"{name}_{number}"
        return found

    def _variable(self, item):
        name, dtype = self._unused(item.op.name), item.dtype.base_dtype
        self._put(node_def("VarHandleOp", name, dtype=dtype, shape=item.shape._sizes,
                           shared_name=name))  # fmt: skip
        self._put(node_def("ReadVariableOp", f"{name}/Read/ReadVariableOp", name, dtype=dtype))
        return name

    def fill(self, made):
        """Let a MetaGraphDef have it."""
        self._put(node_def("NoOp", "NoOp"))
        made.collection_def[constants.MAIN_OP_KEY].node_list.value.append("NoOp")
        info = TensorInfo(name="NoOp")
        info.tensor_shape.unknown_rank = True
        key = constants.INIT_OP_SIGNATURE_KEY
        made.signature_def[key].CopyFrom(build_signature_def(outputs={key: info}))
        for key, concrete in sorted(self.view.signatures.items()):
            made.signature_def[key].CopyFrom(self._signature(key, concrete))
        self._add_saver(made.saver_def)
        made.graph_def.node.extend(self.nodes)
        made.graph_def.versions.producer = PRODUCER
        known = {}
        for exported in self.view.exported.values():
            for function in [exported.message, *exported.library]:
                known.setdefault(function.signature.name, function)
        made.graph_def.library.function.extend(known.values())
        strip_defaults(made.graph_def)
        about = made.meta_info_def
        about.tags.append(tag_constants.SERVING)
        about.tensorflow_version, about.stripped_default_attrs = VERSION, True
        about.stripped_op_list.CopyFrom(known_ops(made.graph_def))

    # -- signatures ------------------------------------------------------------------------------

    def _signature(self, key, concrete):
        """The SignatureDef of a function, which a node calls."""
        exported, inputs = self.view.exported[id(concrete)], {}
        for tensor in concrete.graph.inputs:
            name = f"{key}_{tensor.op.name}"
            self._put(node_def("Placeholder", name, dtype=tensor.dtype, shape=tensor._shape))
            inputs[tensor.op.name] = _info(f"{name}:0", tensor)
        captured = [self.view.number_of(each, exported.name) for each in exported.captured]
        call = self._unused("StatefulPartitionedCall")
        arguments = [info.name[:-2] for info in inputs.values()]
        types = [tensor.dtype for tensor in concrete.graph.inputs]
        types += [resource if each.dtype._is_ref_dtype else each.dtype.base_dtype
                  for each in exported.captured]  # fmt: skip
        node = node_def(
            "StatefulPartitionedCall", call, *arguments, *(self.handles[n] for n in captured),
            Tin=types, Tout=[tensor.dtype.base_dtype for tensor in concrete.graph.outputs],
            f=NameAttrList(name=exported.name),
        )  # fmt: skip
        self._put(node)
        pairs = zip(sorted(concrete.structured_outputs), concrete.graph.outputs)
        outputs = {name: _info(f"{call}:{number}", tensor)
                   for number, (name, tensor) in enumerate(pairs)}  # fmt: skip
        return build_signature_def(inputs, outputs, signature_constants.PREDICT_METHOD_NAME)

    # -- saving ----------------------------------------------------------------------------------

    def _add_saver(self, made):
        self._put(node_def("Placeholder", _FILE, dtype=string, shape=()))
        keys = [key for key, _, _ in self._keys]
        types = [item.dtype.base_dtype for _, _, item in self._keys]
        self._put(const_def("save/tensor_names", _texts([*keys, OBJECT_GRAPH]), string))
        self._put(const_def("save/shape_and_slices", _texts([""] * (len(keys) + 1)), string))
        self._put(const_def("save/object_graph", as_array(self._stored, string), string))
        reads = [f"{self.handles[number]}/Read/ReadVariableOp" for _, number, _ in self._keys]
        self._put(node_def("SaveV2", "save/SaveV2", _FILE, "save/tensor_names",
                           "save/shape_and_slices", *reads, "save/object_graph",
                           dtypes=[*types, string]))  # fmt: skip
        self._put(node_def("Identity", "save/Identity", _FILE, "^save/SaveV2", T=string))
        done = self._add_restore(keys, types) if keys else []
        self._put(node_def("NoOp", "save/restore_all", *done))
        made.CopyFrom(SaverDef(
            filename_tensor_name=f"{_FILE}:0", save_tensor_name="save/Identity:0",
            restore_op_name="save/restore_all", version=SaverDef.V2,
        ))  # fmt: skip

    def _add_restore(self, keys, types):
        self._put(const_def("save/restored_names", _texts(keys), string))
        self._put(const_def("save/restored_slices", _texts([""] * len(keys)), string))
        self._put(node_def("RestoreV2", "save/RestoreV2", _FILE, "save/restored_names",
                           "save/restored_slices", dtypes=types))  # fmt: skip
        done = []
        for index, (_, number, item) in enumerate(self._keys):
            name = f"save/AssignVariableOp_{index}"
            self._put(node_def("AssignVariableOp", name, self.handles[number],
                               f"save/RestoreV2:{index}", dtype=item.dtype.base_dtype))  # fmt: skip
            done.append(f"^{name}")
        return done


def _texts(texts):
    return as_array([text.encode() for text in texts], string)


def _info(name, tensor):
    made = TensorInfo(name=name, dtype=tensor.dtype.base_dtype.enum)
    made.tensor_shape.CopyFrom(tensor.shape.as_proto())
    return made
