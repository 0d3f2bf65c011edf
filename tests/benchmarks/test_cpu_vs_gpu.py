"""The comparison of CPU and GPU runs through, here on an emulated GPU, and says what it found."""
import json
import os
import re
from unittest import mock

import pytest

from benchmarks import cpu_vs_gpu, gpu_report, gpu_rows
from benchmarks.gpu_rows import CPU, GPU, GPU32, OTHERS, STEPS
from benchmarks.processes import Failed, NotThere, Process
from benchmarks.worker import Worker
from minitf.backend import devices
from minitf.backend import gpu as gpu_devices

QUICK = ["--small", "--rounds", "2", "--seconds", "0.002"]


class Here:
    """A worker in this process, where the emulated GPU is; peers are not installed."""

    def __init__(self, peer, patience=None):
        if peer.name not in ("cpu", "gpu", "gpu32", "cupy", "cupy32"):
            raise NotThere(f"No module named {peer.module!r}")
        self.peer, self.worker = peer, Worker(peer.worker)
        self.about = self.ask("load")

    def ask(self, command, *arguments):
        command, *arguments = json.loads(json.dumps([command, *arguments]))
        with mock.patch.dict(os.environ, self.peer.environment):
            try:
                return json.loads(json.dumps(getattr(self.worker, command)(*arguments)))
            except ImportError as error:
                raise NotThere(str(error)) from error
            except Exception as error:
                raise Failed(f"{command}: {type(error).__name__}: {error}") from error

    def close(self):
        pass


def measured(folder, *more, start=Here):
    cpu_vs_gpu.main([*QUICK, "--out", str(folder), *more], start)
    return gpu_report.read(folder / "cpu_vs_gpu.jsonl"), (folder / "GPU.md").read_text()


@pytest.fixture
def few_rows(monkeypatch):
    """Those of the talk's first model, of the chain and the large one: enough to see all parts."""
    kept = [STEPS[0], *(pair for pair in STEPS if pair[0] in (gpu_rows.CHAIN, gpu_rows.LARGE))]
    monkeypatch.setattr(cpu_vs_gpu, "STEPS", kept)
    monkeypatch.setattr(cpu_vs_gpu, "SMALL_SWEEP", cpu_vs_gpu.SMALL_SWEEP[:1])


def test_all_of_it_runs_on_a_gpu(gpu, few_rows, tmp_path, monkeypatch):
    monkeypatch.setattr("minitf.backend.log._said", set())  # by other tests
    records, text = measured(tmp_path)
    failed = [r for r in records if r["kind"] == "failure"]
    assert all("is left out" in r["what"] for r in failed) and len(failed) == len(OTHERS), failed
    for row, _ in cpu_vs_gpu.STEPS:
        found = {(r["peer"], r["fetches"]) for r in records
                 if r["kind"] == "step" and r["row"] == row.name}  # fmt: skip
        wanted = {(p.name, kind) for p in (CPU, GPU) for kind in ("step", "step_and_loss")}
        assert wanted <= found
        assert (("gpu32", "step") in found) == (row == gpu_rows.LARGE)
    point = gpu_report.one(records, "sweep")
    assert point["seconds"].keys() == {"cpu", "gpu"}
    assert gpu_report.one(records, "memory")["before"] == gpu_report.one(records, "memory")["after"]
    exhausted = gpu_report.one(records, "exhausted")
    assert exhausted["came"].startswith("ResourceExhaustedError: OOM when allocating")
    assert exhausted["right before"] and exhausted["right after"]
    assert not gpu_report.unlike(records)
    for part in ("Tiny sizes", "What the card reaches", "flat", "the session goes on", "Stand-in"):
        assert part in text


def test_what_a_step_moves_is_what_the_gpu_counts(gpu):
    worker = Here(GPU)
    row = gpu_rows.rows.small(STEPS[1][0])
    worker.ask("build", row)
    for with_loss in (False, True):
        said, peer = worker.ask("call", "moved", with_loss), worker.worker._peer
        peer.wait()
        gpu.reset()
        session, train, cost, feeds = peer._last
        session.run([train, cost] if with_loss else train, feed_dict=feeds)
        peer.wait()
        assert (said["up"], said["up_bytes"]) == (gpu.to_device, gpu.to_device_bytes)
        assert (said["down"], said["down_bytes"]) == (gpu.to_host, gpu.to_host_bytes)
        assert said["graphs"] == gpu.graph_launches and said["copies outside graphs"] == 0
        assert said["launches"] + said["down"] == gpu.graph_nodes


def test_what_minitf_says_is_reported(gpu, few_rows, tmp_path, monkeypatch):
    monkeypatch.setattr("minitf.backend.log._said", {"products are computed slowly"})
    _, text = measured(tmp_path)
    assert "- minitf, GPU, says: products are computed slowly" in text


def test_products_with_tf32_are_asked_for_by_the_environment(gpu):
    for peer, tf32 in ((GPU, False), (GPU32, True)):
        forget_devices()
        worker = Here(peer)
        worker.ask("build", gpu_rows.rows.small(STEPS[0][0]))
        assert worker.ask("call", "products") == ["CublasLt", tf32]


def forget_devices():
    gpu_devices.gpu.cache_clear()
    gpu_devices._gpu.cache_clear()


def test_without_a_gpu_it_says_what_is_missing(few_rows, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(devices, "driver", lambda: devices.Driver(0, (), "there is no driver"))
    records, text = measured(tmp_path)
    assert "no GPU: there is no driver" in text and "there is no driver" in capsys.readouterr().err
    assert {r["peer"] for r in records if r["kind"] == "step"} == {"cpu"}
    assert not [r for r in records if r["kind"] == "failure"]


def test_a_row_that_fails_is_reported_and_the_rest_goes_on(gpu, few_rows, tmp_path):
    class Broken(Here):
        def ask(self, command, *arguments):
            if command == "build" and self.peer is GPU and arguments[0].model == "chain":
                raise Failed("build: RuntimeError: it fell over")
            return super().ask(command, *arguments)

    records, text = measured(tmp_path, start=Broken)
    reported = f"- {gpu_rows.CHAIN.name}: minitf, GPU: Failed: build: RuntimeError: it fell over"
    assert reported in text
    done = {r["row"] for r in records if r["kind"] == "step" and r["peer"] == "gpu"}
    assert done == {row.name for row, _ in cpu_vs_gpu.STEPS} - {gpu_rows.CHAIN.name}


def test_it_is_over_in_time(gpu, tmp_path):
    records, text = measured(tmp_path, "--minutes", "0.2")  # which is what is kept for the end
    assert "left out: no time was left" in text
    assert not [r for r in records if r["kind"] in ("step", "sweep")]


def test_a_worker_that_takes_too_long_is_ended():
    with Process(CPU, patience=60) as process:
        process.ask("build", gpu_rows.rows.small(STEPS[0][0]))
        process.patience = 0.2
        with pytest.raises(Failed, match="the process ended"):
            process.ask("warm_up", 30)


# -- the report ------------------------------------------------------------------------------------

BARE = {"cpu": 10e-3, "gpu": 1e-3, "torch": 4e-3, "graphs": 2e-3, "jax": 2.5e-3, "gpu32": 0.5e-3}


def made_up(small=False, **times):
    """Records as if every row had taken these times."""
    seconds = {**BARE, **times}
    records = [
        {"kind": "about", "today": "2026-01-01", "machine": "M", "load": "0.1", "compiler": "cc",
         "missing": "", "small": small, "cards": ["device: 0, name: H0"], "smi": "H0, 580"},
        {"kind": "product", "peer": "cupy", "side": 8192, "flops": 50e12},
        {"kind": "copy", "size": 1 << 30, "rate": 3e12},
    ]  # fmt: skip
    for row, _ in STEPS:
        own = {"chain": {"gpu": 3e-4}, "cnn": {}}.get(row.model, {})
        if row == gpu_rows.LARGE:
            own = {"gpu": gpu_rows.flops(row) / 45e12}
        records += [{"kind": "step", "row": row.name, "peer": peer, "fetches": "step",
                     "samples": [0.9 * t, t, 1.2 * t]}
                    for peer, t in {**seconds, **own}.items()]  # fmt: skip
    for width, gpu in ((64, 2e-3), (512, 1e-3), (4096, 1e-3)):
        cpu = 1e-3 * width / 128
        records.append({"kind": "sweep", "width": width, "batch": 32, "depth": 2,
                        "seconds": {"cpu": cpu, "gpu": gpu}})  # fmt: skip
    return records


def line(text, name):
    (found,) = (one for one in text.splitlines() if one.startswith(f"| {name} |"))
    return [cell.strip() for cell in found.strip("|").split("|")]


def test_ratios_are_compared_with_what_they_are_held_to():
    text = gpu_report.section(made_up())
    assert line(text, STEPS[0][0].name)[-3::2] == ["0.50 of PyTorch, CUDA graphs", "yes"]
    assert line(text, gpu_rows.LARGE.name)[-3::2] == ["90% of the BLAS's rate", "yes"]
    assert line(text, gpu_rows.CHAIN.name)[-3::2] == ["89% of the copy's rate", "yes"]
    text = gpu_report.section(made_up(jax=1.5e-3, torch=0.5e-3))
    assert line(text, STEPS[0][0].name)[-3::2] == ["0.67 of JAX jit", "**no**"]
    assert line(text, STEPS[4][0].name)[-3::2] == ["2.00 of PyTorch eager", "**no**"]
    without = [r for r in made_up() if r.get("peer") != "graphs"]
    assert line(gpu_report.section(without), STEPS[0][0].name)[-1] == (
        "yes (PyTorch, CUDA graphs missing)"
    )


def test_the_crossover_is_named():
    text = gpu_report.section(made_up())
    assert line(text, "32")[1:] == ["500 / 2,000 (0.25 x)", "4,000 / 1,000 (4 x)",
                                    "32,000 / 1,000 (32 x)", "from width 512 on"]  # fmt: skip


def test_losses_that_differ_are_told():
    def losses(peer, values):
        return {"kind": "losses", "row": "r", "peer": peer, "losses": values}

    same = [losses("gpu", [2.0, 1.0]), losses("cpu", [2.0001, 1.0])]
    assert gpu_report.unlike(same) == []
    assert gpu_report.unlike([losses("gpu", [2.0, float("nan")]), same[1]])


def test_results_get_the_section_in_place_of_the_last_one(tmp_path):
    results = tmp_path / "RESULTS.md"
    results.write_text("# Results\n\nIntro. GPU figures: none yet.\n\n## Other\n\nstays\n")
    gpu_report.update(results, tmp_path, made_up())
    first = results.read_text()
    assert first.startswith("# Results\n\nIntro.\n\n## Other\n\nstays\n\n## GPU\n")
    results.write_text(first + "\n## Last\n\nstays too\n")
    gpu_report.update(results, tmp_path, made_up())
    again = results.read_text()
    assert len(re.findall("^## GPU$", again, re.MULTILINE)) == 1
    assert "## Last\n\nstays too" in again
    with pytest.raises(SystemExit):
        gpu_report.update(results, tmp_path, made_up(small=True))
    assert results.read_text() == again


def test_what_was_cut_off_is_left_out(tmp_path):
    path = tmp_path / "cpu_vs_gpu.jsonl"
    path.write_text('{"kind": "copy", "rate": 1}\n{"kind": "prod')
    assert gpu_report.read(path) == [{"kind": "copy", "rate": 1}]


def test_the_chart_is_drawn(tmp_path):
    pytest.importorskip("matplotlib")
    assert f"]({gpu_report.CHART})" in gpu_report.write(tmp_path, made_up(), chart=True)
    assert (tmp_path / gpu_report.CHART).stat().st_size > 10_000
