/* Device memory, and the threads of a launch: what kernels compiled with emulated.h run on.

   Memory is a reserved range of addresses in which no address is used twice: between allocations,
   and where one was freed, a touch faults. Threads of a block are run in turn, in a random order,
   each until it ends or waits; who waits keeps its stack (a fiber). One call at a time. */
#include <csetjmp>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <sys/mman.h>
#include <sys/time.h>
#include <ucontext.h>
#include <vector>

typedef unsigned long long u64;

static char message[1024];

/* -- memory -------------------------------------------------------------------------------------- */

static const uintptr_t PAGE = 4096, ALIGNED = 256, RESERVED = (uintptr_t)1 << 39;
static const unsigned char RED = 0xff;  // of floats, NaN

static char *arena, *unused;
static std::map<uintptr_t, size_t> allocations;

static uintptr_t pages(uintptr_t n) { return (n + PAGE - 1) / PAGE * PAGE; }

/* How many bytes an allocation takes: a page more, for the red zone before it. */
static uintptr_t space_for(size_t size) { return pages(size ? size : 1) + PAGE; }

/* Memory that ends, up to ALIGNED bytes, where a page does; null when none can be had. */
extern "C" uintptr_t device_allocate(size_t size) {
    if (!arena) {
        void *made = mmap(nullptr, RESERVED, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (made == MAP_FAILED) return 0;
        arena = unused = (char *)made;
    }
    size_t space = space_for(size);
    if (unused + space + PAGE > arena + RESERVED) return 0;
    if (mprotect(unused, space, PROT_READ | PROT_WRITE)) return 0;
    uintptr_t end = (uintptr_t)unused + space, at = (end - size) / ALIGNED * ALIGNED;
    memset((void *)(at - ALIGNED), RED, end - at + ALIGNED);
    unused += space + PAGE;
    allocations[at] = size;
    return at;
}

/* Whoever touches it from now on faults. It is mapped anew, not only protected: ranges that were
   touched once do not become one again, and a process may have 65,530 of them, its threads' stacks
   and large arrays included. */
extern "C" void device_free(uintptr_t at) {
    auto found = allocations.find(at);
    if (found == allocations.end()) return;
    uintptr_t end = pages(at + found->second), from = end - space_for(found->second);
    mmap((void *)from, end - from, PROT_NONE,
         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    allocations.erase(found);
}

/* The start of the allocation that holds `at`, and its size; 0 when there is none. */
extern "C" uintptr_t device_find(uintptr_t at, size_t *size) {
    auto next = allocations.upper_bound(at);
    if (next == allocations.begin()) return 0;
    --next;
    *size = next->second;
    return at < next->first + next->second || at == next->first ? next->first : 0;
}

extern "C" int device_owns(uintptr_t at) { return at >= (uintptr_t)arena && at < (uintptr_t)unused; }

static void describe(char *text, size_t room, uintptr_t at) {
    if (!device_owns(at)) {
        snprintf(text, room, "%s", at < PAGE ? "a null pointer" : "no device memory");
        return;
    }
    auto next = allocations.upper_bound(at);
    long ahead = next == allocations.end() ? 1L << 60 : (long)(next->first - at), behind = 1L << 60;
    size_t size = next == allocations.end() ? 0 : next->second;
    if (next != allocations.begin()) {
        --next;
        behind = (long)(at - next->first - next->second);
        if (behind < ahead) size = next->second;
    }
    if (behind >= 1L << 60 && ahead >= 1L << 60) snprintf(text, room, "memory that was freed");
    else if (behind < ahead) snprintf(text, room, "%ld bytes behind an allocation of %zu bytes (or freed memory)", behind, size);
    else snprintf(text, room, "%ld bytes before an allocation of %zu bytes (or freed memory)", ahead, size);
}

/* The first red zone that was written, told in `message`; 0 when all are whole. */
static int damaged() {
    static unsigned char whole[ALIGNED];
    if (!whole[0]) memset(whole, RED, sizeof whole);
    for (auto &one : allocations) {
        const char *start = (char *)one.first, *end = start + one.second;
        size_t slack = pages((uintptr_t)end) - (uintptr_t)end;
        if (!memcmp(start - ALIGNED, whole, ALIGNED) && !memcmp(end, whole, slack < ALIGNED ? slack : ALIGNED)) continue;
        const char *side = memcmp(start - ALIGNED, whole, ALIGNED) ? "before" : "behind";
        snprintf(message, sizeof message, "wrote %s an allocation of %zu bytes", side, one.second);
        memset((void *)(start - ALIGNED), RED, ALIGNED);
        memset((void *)end, RED, slack < ALIGNED ? slack : ALIGNED);
        return 1;
    }
    return 0;
}

/* -- fibers -------------------------------------------------------------------------------------- */

static const size_t STACK = 256 * 1024;

struct Fiber {
    void *stack = nullptr;
    ucontext_t context;      // where there is no switch in assembler
    void *sp = nullptr;
    bool begun = false;
    int thread = -1;         // that waits on it
};

static void fiber_main();

#if defined(__x86_64__)
/* Saves what a call preserves, changes stacks and returns there. */
extern "C" void standin_switch(void **from, void *to);
asm(R"(
.globl standin_switch
standin_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
)");
static void *main_sp;
static void begin(Fiber &f) {
    void **top = (void **)((char *)f.stack + STACK);
    *--top = nullptr;                  // keeps the stack aligned as after a call
    *--top = (void *)fiber_main;
    for (int i = 0; i < 6; i++) *--top = nullptr;
    f.sp = top;
}
static void enter(Fiber &f) { standin_switch(&main_sp, f.sp); }
static void leave(Fiber &f) { standin_switch(&f.sp, main_sp); }
#else
static ucontext_t main_context;
static void begin(Fiber &f) {
    getcontext(&f.context);
    f.context.uc_stack.ss_sp = f.stack;
    f.context.uc_stack.ss_size = STACK;
    f.context.uc_link = nullptr;
    makecontext(&f.context, fiber_main, 0);
}
static void enter(Fiber &f) { swapcontext(&main_context, &f.context); }
static void leave(Fiber &f) { swapcontext(&f.context, &main_context); }
#endif

/* -- the threads of a block ---------------------------------------------------------------------- */

/* The same in emulated.h. */
struct Machine {
    unsigned thread[3], block[3], block_dim[3], grid_dim[3];
    unsigned lane;
    void *dynamic;
    void (*barrier)(int line);
    const u64 *(*exchange)(unsigned mask, int line, u64 value);
    void (*fail)(const char *why, int line);
};

enum State { FRESH, READY, AT_BARRIER, IN_WARP, DONE };

struct Thread {
    State state;
    int line;
    unsigned mask;
    u64 value;
    int fiber;
};

struct Warp {
    u64 values[32];
};

static Machine machine;
static std::vector<Thread> threads;
static std::vector<Warp> warps;
static std::vector<int> order;
static std::vector<Fiber *> fibers;
static std::vector<int> idle;
static size_t next_fresh;
static int running;  // the fiber
static sigjmp_buf out;
static void (*entry)(void **);
static void **arguments;
static u64 randomness = 1;

static unsigned chance(unsigned below) {
    randomness ^= randomness << 13, randomness ^= randomness >> 7, randomness ^= randomness << 17;
    return (unsigned)(randomness >> 32) % below;
}

static void place(int thread) {
    unsigned x = machine.block_dim[0], y = machine.block_dim[1];
    machine.thread[0] = thread % x;
    machine.thread[1] = thread / x % y;
    machine.thread[2] = thread / x / y;
    machine.lane = thread % 32;
}

[[noreturn]] static void give_up() { siglongjmp(out, 1); }

static void say(const char *why) {
    unsigned *t = machine.thread, *b = machine.block;
    snprintf(message, sizeof message, "%s: in thread (%u, %u, %u) of block (%u, %u, %u)", why, t[0], t[1], t[2], b[0], b[1], b[2]);
}

static void fail(const char *why, int line) {
    char text[600];
    snprintf(text, sizeof text, "%s, in line %d", why, line);
    say(text);
    give_up();
}

static void fiber_main() {
    for (;;) {
        while (next_fresh < order.size()) {
            int thread = order[next_fresh++];
            fibers[running]->thread = thread;
            threads[thread].fiber = running;
            threads[thread].state = READY;
            place(thread);
            entry(arguments);
            threads[fibers[running]->thread].state = DONE;
        }
        fibers[running]->thread = -1;
        leave(*fibers[running]);
    }
}

static int current() { return fibers[running]->thread; }

static void wait(State state, int line) {
    Thread &me = threads[current()];
    me.state = state;
    me.line = line;
    leave(*fibers[running]);
    place(current());
}

static void barrier(int line) { wait(AT_BARRIER, line); }

static const u64 *exchange(unsigned mask, int line, u64 value) {
    int thread = current();
    if (!(mask >> thread % 32 & 1)) fail("a thread takes part in a shuffle whose mask lacks it", line);
    threads[thread].mask = mask;
    threads[thread].value = value;
    wait(IN_WARP, line);
    return warps[thread / 32].values;
}

static int new_fiber() {
    if (idle.empty()) {
        Fiber *made = new Fiber;
        // The page at its end stays closed: a stack too small faults.
        made->stack = mmap(nullptr, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        mprotect(made->stack, PAGE, PROT_NONE);
        fibers.push_back(made);
        return (int)fibers.size() - 1;
    }
    int found = idle.back();
    idle.pop_back();
    return found;
}

static void resume(int fiber) {
    Fiber &f = *fibers[fiber];
    if (!f.begun) begin(f), f.begun = true;
    running = fiber;
    enter(f);
    if (f.thread < 0) idle.push_back(fiber);
}

/* Lets go on the lanes that wait for one another; whether there are some. */
static bool release_warp(size_t first) {
    size_t end = first + 32 < threads.size() ? first + 32 : threads.size();
    Warp &warp = warps[first / 32];
    bool any = false;
    for (size_t i = first; i < end; i++) {
        if (threads[i].state != IN_WARP) continue;
        unsigned mask = threads[i].mask;
        bool all = true;
        for (size_t j = first; j < end && all; j++)
            if (mask >> (j - first) & 1) all = threads[j].state == IN_WARP && threads[j].mask == mask && threads[j].line == threads[i].line;
        if (!all) continue;
        for (size_t j = first; j < first + 32; j++) {
            if (j >= end || !(mask >> (j - first) & 1)) {
                if (j >= end) warp.values[j - first] = ~(u64)0;  // a lane that is not there
                continue;
            }
            warp.values[j - first] = threads[j].value;
            threads[j].state = READY;
        }
        any = true;
    }
    return any;
}

static bool release() {
    bool any = false;
    for (size_t first = 0; first < threads.size(); first += 32) any |= release_warp(first);
    if (any) return true;
    int line = threads[0].line;
    for (auto &one : threads)
        if (one.state != AT_BARRIER || one.line != line) return false;
    for (auto &one : threads) one.state = READY;
    return true;
}

static void tell_deadlock() {
    int waiting[2] = {-1, -1}, count[5] = {};
    for (size_t i = 0; i < threads.size(); i++) {
        count[threads[i].state]++;
        if (threads[i].state == AT_BARRIER && waiting[0] < 0) waiting[0] = (int)i;
        if (threads[i].state == IN_WARP && waiting[1] < 0) waiting[1] = (int)i;
    }
    char text[600];
    const char *what = waiting[0] >= 0 ? "__syncthreads()" : "a shuffle or __syncwarp()";
    int who = waiting[0] >= 0 ? waiting[0] : waiting[1];
    snprintf(text, sizeof text, "%s in line %d is not reached by all threads: %d wait at a barrier, %d in a warp, %d have ended", what, threads[who].line, count[AT_BARRIER], count[IN_WARP], count[DONE]);
    place(who);
    say(text);
}

static bool run_block() {
    next_fresh = 0;
    for (size_t i = 0; i < order.size(); i++) order[i] = (int)i;
    for (size_t i = order.size(); i > 1; i--) std::swap(order[i - 1], order[chance((unsigned)i)]);
    for (auto &one : threads) one.state = FRESH;
    while (next_fresh < order.size()) resume(new_fiber());
    for (;;) {
        bool done = true;
        for (auto &one : threads) done &= one.state == DONE;
        if (done) return true;
        if (!release()) return tell_deadlock(), false;
        size_t n = threads.size(), from = chance((unsigned)n);
        for (size_t i = 0; i < n; i++) {
            Thread &one = threads[(from + i) % n];
            if (one.state == READY) resume(one.fiber);
        }
    }
}

/* -- a launch ------------------------------------------------------------------------------------ */

static const int LONGEST = 10;  // seconds of a processor's time: for kernels that wait for one another

static void on_signal(int number, siginfo_t *info, void *) {
    char where[300];
    describe(where, sizeof where, (uintptr_t)info->si_addr);
    char text[400];
    if (number == SIGVTALRM) snprintf(text, sizeof text, "it runs for more than %d seconds", LONGEST);
    else if (number == SIGFPE) snprintf(text, sizeof text, "an integer is divided by 0");
    else if (number == SIGILL || number == SIGTRAP) snprintf(text, sizeof text, "an index beyond an array in the kernel, an address that is not aligned, or a division by 0");
    else snprintf(text, sizeof text, "an illegal address is touched, %s", where);
    say(text);
    give_up();
}

static const int SIGNALS[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGVTALRM};
static const int N_SIGNALS = sizeof SIGNALS / sizeof *SIGNALS;

static void set_alarm(int seconds) {
    struct itimerval after = {{0, 0}, {seconds, 0}};
    setitimer(ITIMER_VIRTUAL, &after, nullptr);
}

static void start_anew() {
    idle.clear();
    for (size_t i = 0; i < fibers.size(); i++) fibers[i]->begun = false, idle.push_back((int)i);
}

static bool run_blocks(char *shared, long shared_size, size_t dynamic_size) {
    u64 n = (u64)machine.grid_dim[0] * machine.grid_dim[1] * machine.grid_dim[2];
    u64 at = (randomness ^ randomness >> 17) % n, step = n > 2 ? n / 2 + 1 : 1;
    for (u64 a = n, b = step;;) {  // a step that meets every block once: coprime to their number
        while (b) { u64 rest = a % b; a = b, b = rest; }
        if (a == 1) break;
        a = n, b = ++step;
    }
    for (u64 i = 0; i < n; i++, at = (at + step) % n) {
        machine.block[0] = (unsigned)(at % machine.grid_dim[0]);
        machine.block[1] = (unsigned)(at / machine.grid_dim[0] % machine.grid_dim[1]);
        machine.block[2] = (unsigned)(at / machine.grid_dim[0] / machine.grid_dim[1]);
        memset(shared, RED, shared_size);
        if (dynamic_size) memset(machine.dynamic, RED, dynamic_size);
        if (!run_block()) return false;
    }
    return true;
}

/* Null, or what went wrong. */
extern "C" const char *device_launch(
    void (*kernel)(void **), char *shared, long shared_size, const unsigned *grid,
    const unsigned *block, size_t dynamic_size, void **parameters, u64 seed) {
    // Where a kernel writes beyond it meets the closed page.
    static char *dynamic;
    if (!dynamic) {
        dynamic = (char *)mmap(nullptr, 256 * 1024 + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        mprotect(dynamic + 256 * 1024, PAGE, PROT_NONE);
    }
    machine.dynamic = dynamic + 256 * 1024 - (dynamic_size + 15) / 16 * 16;
    memcpy(machine.grid_dim, grid, sizeof machine.grid_dim);
    memcpy(machine.block_dim, block, sizeof machine.block_dim);
    size_t n = (size_t)block[0] * block[1] * block[2];
    threads.assign(n, Thread{});
    warps.assign((n + 31) / 32, Warp{});
    order.resize(n);
    entry = kernel, arguments = parameters;
    randomness = (seed + 1) * 0x9E3779B97F4A7C15ull;
    struct sigaction mine = {}, before[N_SIGNALS];
    mine.sa_sigaction = on_signal;
    mine.sa_flags = SA_SIGINFO | SA_NODEFER;
    for (int i = 0; i < N_SIGNALS; i++) sigaction(SIGNALS[i], &mine, &before[i]);
    set_alarm(LONGEST);
    volatile bool right = false;
    if (!sigsetjmp(out, 0)) right = run_blocks(shared, shared_size, dynamic_size);
    set_alarm(0);
    for (int i = 0; i < N_SIGNALS; i++) sigaction(SIGNALS[i], &before[i], nullptr);
    if (!right) start_anew();
    if (right && damaged()) right = false;
    return right ? nullptr : message;
}

/* Null, or which red zone was written. */
extern "C" const char *device_check() { return damaged() ? message : nullptr; }

extern "C" void *device_machine() {
    machine.barrier = barrier, machine.exchange = exchange, machine.fail = fail;
    return &machine;
}
