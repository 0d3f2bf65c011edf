"""Recurrent networks as cuDNN computes them: layers of one kind, in one or both directions.

What a layer makes of its inputs is one product for all steps; only that with the state before goes
step by step. `reserve` is one flat array that holds what the way back needs.
"""
import math
from itertools import accumulate, pairwise
from typing import NamedTuple

from minitf.nn.activation import sigmoid_op

GATES = {"lstm": 4, "gru": 3, "rnn_relu": 1, "rnn_tanh": 1}


def cut(flat, shapes):
    """Views of a flat array, one after the other. ValueError unless they fill it."""
    ends = list(accumulate(map(math.prod, shapes), initial=0))
    if ends[-1] != flat.size:
        raise ValueError(f"Expected {ends[-1]} parameters, got {flat.size}")
    return [flat[start:end].reshape(shape) for (start, end), shape in zip(pairwise(ends), shapes)]


class Network(NamedTuple):
    """What a network is made of; `projected` is the size of the state, where it is not `units`."""

    mode: str
    layers: int
    units: int
    inputs: int
    directions: int = 1
    skips: bool = False  # the first layer reads its inputs as they are, once for each gate
    projected: int = 0

    @classmethod
    def of(cls, rnn_mode, input_mode, direction, layers, units, inputs, projected=0):
        """The network that an op's attributes describe. ValueError for inputs that cannot skip."""
        directions = 2 if direction == "bidirectional" else 1
        skips = input_mode == "skip_input" or (input_mode == "auto_select" and inputs == units)
        if skips and inputs != units:
            raise ValueError("skip_input needs inputs that are as many as units, "
                             f"got {inputs} and {units}")  # fmt: skip
        return cls(rnn_mode, layers, units, inputs, directions, skips, projected or 0)

    @property
    def state(self):
        return self.projected or self.units

    def width(self, layer):
        """How many numbers a layer reads at each step."""
        return self.directions * self.state if layer else self.inputs

    def canonical(self):
        """The shapes of the matrices of each layer and direction, one after the other: for each
        gate that of inputs, for each that of the state, then the projection."""
        own = [(self.projected, self.units)] * bool(self.projected)
        gates = GATES[self.mode]
        return [
            shape
            for layer in range(self.layers)
            for _ in range(self.directions)
            for shape in [(self.units, self.width(layer))] * gates
            + [(self.units, self.state)] * gates + own
        ]  # fmt: skip

    def kept(self):
        """Which of the canonical matrices are parameters: all, but those of inputs that skip."""
        gates, skipping = GATES[self.mode], self.directions if self.skips else 0
        each = 2 * gates + bool(self.projected)
        return [
            i // each >= skipping or i % each >= gates
            for i in range(self.layers * self.directions * each)
        ]

    def biases(self):
        return [(self.units,)] * (2 * GATES[self.mode] * self.layers * self.directions)

    def size(self):
        """The number of parameters."""
        shapes = [shape for shape, is_kept in zip(self.canonical(), self.kept()) if is_kept]
        return sum(map(math.prod, shapes + self.biases()))

    def weights(self, params):
        """For each layer and direction (of inputs, of the state, biases of both), all gates in one;
        views of the parameters."""
        columns, shapes = GATES[self.mode] * self.units, []
        for layer in range(self.layers):
            rows = 0 if self.skips and not layer else self.width(layer)
            shapes += [(columns, rows), (columns, self.units)] * self.directions
        count = len(shapes) // 2
        found = cut(params, shapes + [(2, columns)] * count)
        return list(zip(found[: 2 * count : 2], found[1 : 2 * count : 2], found[2 * count :]))

    def reserved(self, xp, steps, batch, dtype, flat=None, drops=False):
        """(the flat array, [gates, states, what else each step keeps] for each layer and direction,
        the masks between layers); new unless `flat` is given."""
        columns, each = GATES[self.mode] * self.units, (steps, batch, self.units)
        more = [each] * (self.mode in ("lstm", "gru"))
        cells = [[(steps, batch, columns), each, *more]] * (self.layers * self.directions)
        masks = [(steps, batch, self.directions * self.units)] * ((self.layers - 1) * drops)
        shapes = [shape for cell in cells for shape in cell] + masks
        flat = xp.empty(sum(map(math.prod, shapes)), dtype) if flat is None else flat
        views = cut(flat, shapes)
        number = 2 + len(more)
        cells = [views[i * number : (i + 1) * number] for i in range(len(cells))]
        return flat, cells, views[len(cells) * number :]


class Run(NamedTuple):
    """One pass over a batch: `active` [steps, batch, 1] says which steps are before the end of
    their row, None all."""

    xp: object
    network: Network
    weights: list
    cells: list
    masks: list
    active: object = None

    def between(self, layer, x):
        """What a layer reads: `x` [steps, batch, inputs] or the outputs of the layer below."""
        if layer == 0:
            return x
        outputs = self.outputs(layer - 1)
        return outputs * self.masks[layer - 1] if self.masks else outputs

    def outputs(self, layer):
        """The states of both directions side by side, zeros behind the end."""
        first = layer * self.network.directions
        states = [cell[1] for cell in self.cells[first : first + self.network.directions]]
        outputs = states[0] if len(states) == 1 else self.xp.concatenate(states, 2)
        return outputs if self.active is None else outputs * self.active

    def order(self, number, steps):
        """The steps of one cell in its order."""
        backward = number % self.network.directions
        return range(steps - 1, -1, -1) if backward else range(steps)

    def forward(self, x, h, c):
        """(outputs, last h, last c) for the states [layers * directions, batch, units]."""
        ends = [self.xp.empty_like(h), self.xp.empty_like(c)]
        for layer in range(self.network.layers):
            now = self.between(layer, x)
            for direction in range(self.network.directions):
                number = layer * self.network.directions + direction
                self._project(number, now)
                state = STEPS[self.network.mode].forward(self, number, h[number], _at(c, number))
                ends[0][number] = state[0]
                if self.network.mode == "lstm":
                    ends[1][number] = state[1]
        return self.xp.array(self.outputs(self.network.layers - 1)), *ends

    def _project(self, number, x):
        """What all steps make of their inputs, into the gates."""
        (kernel, _, biases), gates = self.weights[number], self.cells[number][0]
        columns = GATES[self.network.mode]
        if kernel.size:
            self.xp.matmul(x, kernel.T, out=gates)
        else:
            self.xp.concatenate([x] * columns, 2, out=gates)
        gates += biases[0]

    def backward(self, x, h, c, dy, dh, dc, slopes):
        """(the gradients by x, h and c); those by the parameters go into `slopes`, laid out as the
        weights are."""
        dh, dc, directions = dh.copy(), dc.copy(), self.network.directions
        for layer in reversed(range(self.network.layers)):
            below = self.between(layer, x)
            dy = dy if self.active is None else dy * self.active
            parts = [
                self._back(layer * directions + i, below, h, c, part, dh, dc, slopes)
                for i, part in enumerate(self.xp.split(dy, directions, 2))
            ]
            dx = parts[0] if directions == 1 else parts[0] + parts[1]
            dy = dx * self.masks[layer - 1] if layer and self.masks else dx
        return dy, dh, dc

    def _back(self, number, below, h, c, dy, dh, dc, slopes):
        """The gradient by what one cell read; those by its states replace those by their ends."""
        xp, step, slopes = self.xp, STEPS[self.network.mode], slopes[number]
        kernel, states = self.weights[number][0], self.cells[number][1]
        before = self._before(number, states, h[number])
        dgates, dproducts = step.backward(self, number, before, _at(c, number), dy, dh[number],
                                          _at(dc, number))  # fmt: skip
        columns = dgates.shape[-1]
        dgates, dproducts = dgates.reshape(-1, columns), dproducts.reshape(-1, columns)
        slopes[1][...] = dproducts.T @ before.reshape(-1, self.network.units)
        slopes[2][0], slopes[2][1] = xp.sum(dgates, 0), xp.sum(dproducts, 0)
        if not kernel.size:
            parts = dgates.reshape(*below.shape[:2], -1, self.network.units)
            return xp.sum(parts, 2)
        slopes[0][...] = dgates.T @ below.reshape(-1, below.shape[2])
        return (dgates @ kernel).reshape(below.shape)

    def _before(self, number, states, first):
        """The state that each step of a cell begins with."""
        backward = number % self.network.directions
        parts = [states[1:], first[None]] if backward else [first[None], states[:-1]]
        return self.xp.concatenate(parts)

    def chosen(self, time, new, old):
        """`new` for the rows that have not ended."""
        return new if self.active is None else self.xp.where(self.active[time], new, old)

    def stopped(self, time, gradient):
        """A gradient of the rows that have not ended, and that of the others."""
        if self.active is None:
            return gradient, 0
        ended = gradient * ~self.active[time]
        return gradient - ended, ended


def _at(c, number):
    return c[number] if c.ndim == 3 else None


class _Lstm:
    """i, f, o = sigmoid, j = tanh; c = f * c + i * j, h = o * tanh(c). Gates are i, f, j, o."""

    @staticmethod
    def forward(run, number, h, c):
        """The last h and c; fills what is kept of each step."""
        xp, turned, units = run.xp, run.weights[number][1].T, run.network.units
        gates, states, carried = run.cells[number]
        gates += run.weights[number][2][1]
        for time in run.order(number, len(gates)):
            now = gates[time]
            now += h @ turned
            sigmoid_op.kernel(xp, now[:, : 2 * units], out=now[:, : 2 * units])
            xp.tanh(now[:, 2 * units : 3 * units], out=now[:, 2 * units : 3 * units])
            sigmoid_op.kernel(xp, now[:, 3 * units :], out=now[:, 3 * units :])
            i, f, j, o = (now[:, k * units : (k + 1) * units] for k in range(4))
            carried[time] = c = run.chosen(time, f * c + i * j, c)
            states[time] = h = run.chosen(time, o * xp.tanh(c), h)
        return h, c

    @staticmethod
    def backward(run, number, before, c, dy, dh, dc):
        """The gradients by what is in the gates, twice; dh and dc become those by the first."""
        xp, kernel, units = run.xp, run.weights[number][1], run.network.units
        gates, _, carried = run.cells[number]
        first, found = run._before(number, carried, c), xp.empty_like(gates)
        for time in reversed(run.order(number, len(gates))):
            i, f, j, o = (gates[time, :, k * units : (k + 1) * units] for k in range(4))
            dh_now, dh_ended = run.stopped(time, dh + dy[time])
            dc_now, dc_ended = run.stopped(time, dc)
            out, through = xp.tanh(carried[time]), dh_now * o
            dc_now = dc_now + through * (1 - out * out)
            parts = (dc_now * j * i * (1 - i), dc_now * first[time] * f * (1 - f),
                     dc_now * i * (1 - j * j), through * out * (1 - o))  # fmt: skip
            xp.concatenate(parts, 1, out=found[time])
            dh[...] = found[time] @ kernel + dh_ended
            dc[...] = dc_now * f + dc_ended
        return found, found


class _Gru:
    """r, u = sigmoid, n = tanh(inputs + r * (state * kernel + bias)); h = (1 - u) * n + u * h.
    Gates are r, u, n; what is kept beside is the state's product for n."""

    @staticmethod
    def forward(run, number, h, c):
        xp, (_, kernel, biases), units = run.xp, run.weights[number], run.network.units
        gates, states, products = run.cells[number]
        for time in run.order(number, len(gates)):
            now, product = gates[time], h @ kernel.T
            product += biases[1]
            both, products[time] = now[:, : 2 * units], product[:, 2 * units :]
            both += product[:, : 2 * units]
            sigmoid_op.kernel(xp, both, out=both)
            r, u, n = (now[:, k * units : (k + 1) * units] for k in range(3))
            n += r * products[time]
            xp.tanh(n, out=n)
            states[time] = h = run.chosen(time, n + u * (h - n), h)
        return h, c

    @staticmethod
    def backward(run, number, before, c, dy, dh, dc):
        xp, kernel, units = run.xp, run.weights[number][1], run.network.units
        gates, _, products = run.cells[number]
        found, found_products = xp.empty_like(gates), xp.empty_like(gates)
        for time in reversed(run.order(number, len(gates))):
            r, u, n = (gates[time, :, k * units : (k + 1) * units] for k in range(3))
            now, ended = run.stopped(time, dh + dy[time])
            dn = now * (1 - u) * (1 - n * n)
            dr = dn * products[time] * r * (1 - r)
            du = now * (before[time] - n) * u * (1 - u)
            xp.concatenate([dr, du, dn], 1, out=found[time])
            xp.concatenate([dr, du, dn * r], 1, out=found_products[time])
            dh[...] = found_products[time] @ kernel + now * u + ended
        return found, found_products


class _Basic:
    """h = activation(inputs + state * kernel + bias), tanh or relu."""

    @staticmethod
    def forward(run, number, h, c):
        xp, turned = run.xp, run.weights[number][1].T
        gates, states = run.cells[number]
        gates += run.weights[number][2][1]
        for time in run.order(number, len(gates)):
            now = gates[time]
            now += h @ turned
            new = xp.tanh(now) if run.network.mode == "rnn_tanh" else xp.maximum(now, 0)
            states[time] = h = run.chosen(time, new, h)
        return h, c

    @staticmethod
    def backward(run, number, before, c, dy, dh, dc):
        xp, kernel = run.xp, run.weights[number][1]
        gates, states = run.cells[number]
        is_tanh, found = run.network.mode == "rnn_tanh", xp.empty_like(gates)
        for time in reversed(run.order(number, len(gates))):
            now, ended = run.stopped(time, dh + dy[time])
            found[time] = now * (1 - states[time] ** 2 if is_tanh else states[time] > 0)
            dh[...] = found[time] @ kernel + ended
        return found, found


STEPS = {"lstm": _Lstm, "gru": _Gru, "rnn_relu": _Basic, "rnn_tanh": _Basic}
