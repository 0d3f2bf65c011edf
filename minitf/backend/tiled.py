"""Matrix products by kernels of our own, for where cuBLASLt is not installed."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.core.cuda.kernels import REALS
from minitf.core.cuda.product import product_launch
from minitf.core.kernel import Launch, Product


class Tiled:
    """Has the methods of CublasLt."""

    def __init__(self, gpu: Any) -> None:
        self.gpu = gpu

    def available(self, product: Product) -> bool:
        """Whether it has this product: floats of 32 and 64 bits, up to 2**31 elements."""
        return product.dtype.name in REALS and bool(self.launches(product))

    def launches(self, product: Product) -> list[Launch]:
        """The kernels that have to be compiled for it."""
        (m, n, k), (turned_a, turned_b), rows = product.sizes, product.turned, product.rows
        found = product_launch(m, n, k, turned_a, turned_b, *rows, product.alpha, product.beta,
                               product.dtype, product.batch, product.steps,
                               aligned=product.aligned)  # fmt: skip
        return found if isinstance(found, list) else [found] if found else []

    def bound(self, product: Product, pointers: tuple[int, ...]) -> Callable[[Any], None]:
        """The call that computes `product`, on the arrays at these addresses."""
        gpu, launches = self.gpu, self.launches(product)
        a, b, c, d = (pointers[k] for k in product.arrays)
        size = product.sizes[0] * product.sizes[1] * product.batch * product.dtype.itemsize
        work = gpu.work(launches)

        def call(stream: Any) -> None:
            if product.beta and c != d:
                gpu.copy(d, c, size, gpu.ACROSS, stream)
            for launch in launches:
                gpu.launch(launch, (a, b, d), work)

        return call
