"""tf.test.Benchmark: what a program that measures writes."""
import subprocess
import sys

import pytest

import minitf as tf
from minitf.test.benchmark import REGISTERED, BenchmarkEntries


def test_a_benchmark_reports(tmp_path, monkeypatch, capsys):
    class Measured(tf.test.Benchmark):
        def benchmark_add(self):
            with tf.Graph().as_default(), tf.Session() as sess:
                return self.run_op_benchmark(sess, tf.constant(1.0) + 2.0, min_iters=3, mbs=6,
                                             store_trace=True, extras={"of": "it"})

    REGISTERED.discard(Measured)
    found = Measured().benchmark_add()
    assert found["iters"] == 3 and found["throughput"] == pytest.approx(6 / found["wall_time"])
    assert found["extras"]["full_trace_chrome_format"].startswith("{")
    assert 'name: "Measured.benchmark_add"' in capsys.readouterr().out
    monkeypatch.setenv("TEST_REPORT_FILE_PREFIX", f"{tmp_path}/of_")
    Measured().report_benchmark(5, name="mine/it", metrics=[
        {"name": "loss", "value": 2.5, "min_value": 1.0}])
    with open(tmp_path / "of_Measured.mine__it", "rb") as file:
        (entry,) = BenchmarkEntries.FromString(file.read()).entry
    assert (entry.iters, entry.metrics[0].value, entry.metrics[0].min_value.value) == (5, 2.5, 1)
    with pytest.raises(OSError, match="File already exists"):
        Measured().report_benchmark(name="mine/it")
    with pytest.raises(TypeError, match="'value'"):
        Measured().report_benchmark(name="x", metrics=[{"name": "a"}])


def test_a_program_runs_those_that_are_asked_for(tmp_path):
    program = tmp_path / "measures.py"
    program.write_text(
        "import minitf as tf\n"
        "class Some(tf.test.Benchmark):\n"
        "    def benchmark_one(self): print('one')\n"
        "    def benchmark_two(self): print('two')\n"
        "if __name__ == '__main__': tf.test.main()\n"
    )
    done = subprocess.run([sys.executable, program, "--benchmarks=Some.*two"], text=True,
                          capture_output=True, check=True)
    assert done.stdout.split() == ["two"]
