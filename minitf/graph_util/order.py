"""In which order the nodes of a GraphDef can be built: inputs first."""

import heapq
import re

_NAME = re.compile(r"^[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*$")


class Nodes:
    """The nodes of a GraphDef by name, and what they read.

    ValueError for a name that is taken or odd, for an unknown input, for a circle that is no loop.
    """

    def __init__(self, nodes, elsewhere=()):
        """`elsewhere` are names, of nodes or `^name`, that inputs may have all the same."""
        self.nodes = nodes
        self.by_name = {}
        for index, node in enumerate(nodes):
            if node.name in self.by_name:
                raise ValueError(f"Node '{node.name}' is not unique")
            if not _NAME.match(node.name):
                raise ValueError(f"Node '{node.name}': Node name contains invalid characters")
            self.by_name[node.name] = index
        self.elsewhere = set(elsewhere)

    def ordered(self):
        """Their indices, those that stand first in the GraphDef first where either could be."""
        waiting, readers = self._edges()
        ready = [index for index, count in enumerate(waiting) if count == 0]
        order = []
        while ready:
            index = heapq.heappop(ready)
            order.append(index)
            for reader in readers[index]:
                waiting[reader] -= 1
                if waiting[reader] == 0:
                    heapq.heappush(ready, reader)
        if len(order) < len(self.nodes):
            left = [self.nodes[i].name for i, count in enumerate(waiting) if count > 0]
            raise ValueError(f"{len(left)} nodes in a cycle: {', '.join(left[:5])}")
        return order

    def _edges(self):
        """How many inputs each waits for, and who reads each."""
        waiting, readers = [0] * len(self.nodes), [[] for _ in self.nodes]
        for index, node in enumerate(self.nodes):
            sources = [self._source(node, name) for name in node.input]
            sources = [source for source in sources if source is not None]
            if node.op in ("Merge", "RefMerge") and any(map(self._is_back_edge, sources)):
                sources = [source for source in sources if not self._is_back_edge(source)]
            waiting[index] = len(sources)
            for source in sources:
                readers[source].append(index)
        return waiting, readers

    def _source(self, node, name):
        plain = node_name(name)
        if plain in self.by_name:
            return self.by_name[plain]
        if plain in self.elsewhere or name in self.elsewhere:
            return None
        raise ValueError(f"Node '{node.name}': Unknown input node '{name}'")

    def _is_back_edge(self, index):
        return self.nodes[index].op in ("NextIteration", "RefNextIteration")


def node_name(name):
    """The node that an input's name means: `a` of `a:1` and of `^a`."""
    return name[1:] if name[:1] == "^" else name.partition(":")[0]


def split(name):
    """(node, output) of a tensor's name. ValueError for what is none."""
    node, colon, index = name.partition(":")
    if colon and not index.isdigit():
        raise ValueError(f"Cannot convert {name!r} to a tensor name.")
    return node, int(index or 0)
