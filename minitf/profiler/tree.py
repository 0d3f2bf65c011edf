"""The nodes of a graph by name scopes, and what of them a profile shows."""
import re
from dataclasses import dataclass, field

ROOT = "_TFProfRoot"
# What is counted: the names of the fields of GraphNodeProto; `run_count` is of runs.
COUNTS = ("exec_micros", "accelerator_exec_micros", "cpu_exec_micros", "requested_bytes",
          "output_bytes", "parameters", "float_ops", "run_count")  # fmt: skip
MINIMA = {"min_bytes": "requested_bytes", "min_micros": "exec_micros", "min_params": "parameters",
          "min_float_ops": "float_ops", "min_accelerator_micros": "accelerator_exec_micros",
          "min_cpu_micros": "cpu_exec_micros", "min_output_bytes": "output_bytes"}  # fmt: skip
ORDERS = {"params": "parameters", "float_ops": "float_ops", "bytes": "requested_bytes",
          "micros": "exec_micros", "accelerator_micros": "accelerator_exec_micros",
          "cpu_micros": "cpu_exec_micros", "output_bytes": "output_bytes"}  # fmt: skip


@dataclass(eq=False)
class Node:
    """An operation, or a scope of some: its own counts, and the totals with what is below."""

    name: str
    types: set = field(default_factory=lambda: {"_kTFScopeParent"})
    own: dict = field(default_factory=dict)
    shape: tuple | None = None  # of a variable
    input_shapes: dict = field(default_factory=dict)
    devices: list = field(default_factory=list)
    children: list = field(default_factory=list)
    total: dict = field(default_factory=dict)
    definitions: int = 0
    counts: bool = False  # whether its own counts are to be counted

    def sum_up(self):
        """Make the totals of its own counts and the children's totals."""
        self.total = {name: self.own.get(name, 0) * self.counts for name in COUNTS}
        self.definitions = 1
        for child in self.children:
            self.definitions += child.definitions
            for name in COUNTS:
                self.total[name] += child.total[name]


def scopes(nodes):
    """The root of the nodes, which are scopes of one another by their names."""
    root, known = Node(ROOT), dict(nodes)
    for name in list(nodes):
        while "/" in name:
            name = name.rpartition("/")[0]
            known.setdefault(name, Node(name))
    for name in sorted(known):
        parent = known.get(name.rpartition("/")[0], root)
        parent.children.append(known[name])
    return root


class View:
    """What options choose of a tree."""

    def __init__(self, options):
        self.options = options
        self.minima = {field: options.get(name, 0) for name, field in MINIMA.items()}

    def of(self, root):
        """The root with what is shown below it."""
        root.children = self._counted(root.children)
        root.sum_up()
        root.definitions -= 1  # itself counts where what is shown is counted
        root.children = [node for each in root.children for node in self._starts(each)]
        (shown,) = self._shown(root, 1)
        return shown

    def _matches(self, name, regexes):
        return any(re.fullmatch(regex, name) for regex in regexes)

    def _counted(self, nodes):
        """The nodes that count, and the scopes of such."""
        kept, types = [], self.options["account_type_regexes"]
        for node in nodes:
            is_scope = "_kTFScopeParent" in node.types
            node.counts = any(self._matches(each, types) for each in node.types) and not (
                is_scope and types == [".*"]
            )
            node.children = self._counted(node.children)
            if node.counts or node.children:
                node.sum_up()
                kept.append(node)
        return kept

    def _starts(self, node):
        """The topmost nodes below, or this one, where it begins."""
        if self._matches(node.name, self.options["start_name_regexes"]):
            return [node]
        return [found for child in node.children for found in self._starts(child)]

    def _shown(self, node, depth):
        """The node with what is shown below it; the latter alone, where it is not shown."""
        trimmed = self._matches(node.name, self.options["trim_name_regexes"])
        below = [] if trimmed else [
            each for child in node.children for each in self._shown(child, depth + 1)
        ]  # fmt: skip
        if not self._is_shown(node, depth):
            return below
        node.children = self._in_order(below)
        if self.options["account_displayed_op_only"]:
            node.sum_up()
        return [node]

    def _is_shown(self, node, depth):
        if node.name == ROOT:
            return True
        too_small = any(node.own.get(name, 0) < least for name, least in self.minima.items())
        if too_small or depth > self.options["max_depth"]:
            return False
        return self._matches(node.name, self.options["show_name_regexes"]) and not self._matches(
            node.name, self.options["hide_name_regexes"]
        )

    def _in_order(self, nodes):
        order = self.options["order_by"]
        if order == "name":
            return sorted(nodes, key=lambda node: node.name)
        if order == "occurrence":
            return sorted(nodes, key=lambda node: -node.definitions)
        if order not in ORDERS:
            raise ValueError(f"order_by is one of name, occurrence, {', '.join(ORDERS)}; not "
                             f"{order!r}")  # fmt: skip
        return sorted(nodes, key=lambda node: -node.total[ORDERS[order]])
