"""Where a captured step's time goes, here on an emulated GPU."""
import importlib

from benchmarks import gpu_rows, rows


def test_each_launch_is_told_with_its_time(gpu, capsys, monkeypatch):
    from benchmarks import gpu_profile  # only where there is a GPU

    importlib.reload(gpu_profile.minitf_gpu)  # each emulated GPU brings minitf's modules anew
    importlib.reload(gpu_profile)
    monkeypatch.setattr(gpu_profile, "SPIN", 'extern "C" __global__ void NAME(int64_t n) {}\n')
    small = [(rows.small(row), aim) for row, aim in gpu_rows.STEPS[:2]]
    monkeypatch.setattr(gpu_profile, "STEPS", small)
    gpu_profile.main([])
    first, second = capsys.readouterr().out.split("\n== ")[1:]
    assert first.startswith(small[0][0].name) and second.startswith(small[1][0].name)
    for text, products in ((first, 2), (second, 5)):
        assert text.count("us  product float32") == products
        launches = sum(1 for line in text.splitlines() if " us  " in line)
        assert f"'launches': {launches}," in text and "whole graph" in text and "host" in text
