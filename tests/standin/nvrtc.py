"""Compiles CUDA C++ with NVIDIA's own compiler, which needs no GPU: what the emulator takes, it may not.

Needs the packages cuda-bindings (17 MB) and nvidia-cuda-nvrtc (50 MB to download, 110 MB on disk),
or CuPy with its toolkit.
"""
