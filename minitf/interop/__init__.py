"""Takes models to other frameworks: `minitf.interop.onnx`, `minitf.interop.safetensors`.

Each needs the package of its name, which the extra `interop` brings, and imports it when it is
called.
"""
