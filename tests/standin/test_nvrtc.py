"""NVRTC takes what the emulator takes."""
from pathlib import Path

import pytest

import minitf.backend
import standin
from standin.emulator import CompileError, Module
from standin.nvrtc import importorskip, nvrtc

pytestmark = pytest.mark.skipif(not standin.usable(), reason="kernels run on Linux")

ELEMENTS = (Path(minitf.backend.__file__).parent / "elements.cuh").read_text()
EVERYTHING = """
extern "C" __global__ void __launch_bounds__(128) k(int64_t n, float *x, double *y, unsigned *c) {
    __shared__ float held[128];
    extern __shared__ float more[];
    int t = threadIdx.x;
    float a = erfinvf(0.5f) + rsqrtf(2) + lgammaf(3.f) + sinpif(1) + exp(1.f) + pow(2.f, 3) + NAN;
    double b = rsqrt(2.0) + lgamma(3.0) + normcdfinv(0.5) + max(1.f, 2.0) + fmin(1.f, INFINITY);
    held[t] = more[t] = a + (float)b + __fmaf_rn(1, 2, 3) + exponentialf(larger(a, 2.f));
    __syncthreads();
    a = __shfl_xor_sync(0xffffffffu, held[127 - t], 1, 16);
    b = __shfl_down_sync(0xffffffffu, b, 2u);
    if (__ballot_sync(0xffffffffu, a > 0) & 1) atomicAdd(x, a), atomicAdd(y, b);
    atomicMax((int *)c, 2), atomicInc(c, 5), atomicCAS(c, 1u, 2u), __threadfence();
    float4 v = make_float4(1, 2, 3, 4);
    *(float4 *)x = v;
    x[5] = isnan(a) + isfinite(b) + __float2int_rn(a) + __umulhi(3u, 4u) + __popc(3) + min(n, n);
    x[6] = __ldg(x) + __int_as_float(__float_as_int(a)) + __longlong_as_double(3);
    float s, cosine;
    sincosf(a, &s, &cosine);
}
"""


def test_what_stands_before_every_kernel():
    importorskip()
    nvrtc(ELEMENTS)


def test_both_take_everything():
    importorskip()
    nvrtc(ELEMENTS + EVERYTHING)
    assert Module(ELEMENTS + EVERYTHING).kernels.keys() == {"k"}


@pytest.mark.parametrize("text", [
    "pow(1.f, 1.0)", "fmod(1.0, 1.f)", "fmax(1.f, 1.0)", "fma(1.f, 1.0, 1.f)", "uint(3)", "M_PI",
    "INT_MAX", "__shfl_sync(~0u, make_float2(1, 2), 2).x", "atomicAdd((long long *)x, 1LL)",
    "atomicMax(x, 1.f)", "std::numeric_limits<float>::max()", "atomicExch((short *)x, (short)1)",
])  # fmt: skip
def test_both_refuse(text):
    source = f'extern "C" __global__ void k(float *x) {{ x[0] = {text}; }}'
    with pytest.raises(CompileError):
        Module(source)
    importorskip()
    with pytest.raises(CompileError):
        nvrtc(source)


@pytest.mark.parametrize("text", [
    "pow(2.f, 3)", "pow(2, 3.f)", "fmin(1, 2.f)", "fmax(1.0, 2)", "max(1, 2u)", "max(1.f, 2.0)",
    "atan2(1.f, 1)", "atomicAdd((unsigned long long *)x, 1)", "abs(1LL)", "isnan(x[0])",
    "exp(x[0])", "__reduce_add_sync(~0u, 1u)", "ldexp(1.f, 2)",
])  # fmt: skip
def test_both_take(text):
    source = f'extern "C" __global__ void k(float *x) {{ x[0] = {text}; }}'
    Module(source)
    importorskip()
    nvrtc(source, ["sm_90"])


def test_an_error_is_told():
    importorskip()
    with pytest.raises(CompileError, match="nonsense"):
        nvrtc("nonsense;")
