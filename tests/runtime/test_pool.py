"""The threads that share a kernel's parts, watched by ThreadSanitizer where the compiler has it."""
import os
import subprocess
from pathlib import Path

import pytest

import minitf
from minitf.backend.compiler import compiler

POOL = Path(minitf.__file__).parent / "backend" / "pool.c"
PROGRAM = """
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
static int thread_count(void) { return 16; }
#include "%s"

typedef struct { int *numbers; int *sums; } parts;

static void sum(void *context, int64_t part) {
    parts *all = context;
    for (int i = 0; i < 5; i++) all->sums[part] += ++all->numbers[5 * part + i];
}

static void *call(void *seed) {
    unsigned state = (unsigned)(uintptr_t)seed;
    for (int round = 0; round < 6000; round++) {
        int count = 1 + rand_r(&state) %% 17;
        parts all = {calloc(5 * count, sizeof(int)), calloc(count, sizeof(int))};
        parallel(sum, &all, count);
        for (int i = 0; i < count; i++)
            if (all.sums[i] != 5) printf("part %%d: %%d\\n", i, all.sums[i]);
        free(all.numbers);
        free(all.sums);
        if (round %% 50 == 0) nanosleep(&(struct timespec){0, 1000000}, 0); /* helpers sleep too */
    }
    return 0;
}

int main(void) {
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) pthread_create(&threads[i], 0, call, (void *)(uintptr_t)(i + 1));
    for (int i = 0; i < 3; i++) pthread_join(threads[i], 0);
    puts("done");
}
"""


def test_callers_in_several_threads_share_the_helpers(tmp_path):
    if compiler() is None:
        pytest.skip("no C compiler")
    source, made = tmp_path / "program.c", tmp_path / "program"
    source.write_text(PROGRAM % POOL)
    command = [compiler(), "-O1", "-g", "-std=gnu11", "-pthread", source, "-o", made]
    if subprocess.run([*command, "-fsanitize=thread"], capture_output=True).returncode:
        subprocess.run(command, check=True)
    environment = {**os.environ, "TSAN_OPTIONS": "halt_on_error=0"}
    found = subprocess.run(made, capture_output=True, text=True, env=environment)
    if "unexpected memory mapping" in found.stderr:
        pytest.skip("ThreadSanitizer cannot run here")
    assert found.stdout == "done\n"
    assert "data race" not in found.stderr
