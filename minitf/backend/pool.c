/* -- threads that share the parts of one kernel ------------------------------------------------

   The caller takes parts too, and waits only for parts that another thread has begun. OpenMP waits
   for all its threads to arrive at least: when another process, or the BLAS's own waiting threads,
   keep a core busy, that costs more than the whole kernel. Here the caller then does it alone. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

typedef void work_on(void *context, int64_t part);

enum {
    JOBS = 16,    /* so many are posted before the memory of one is used again */
    MOST = 64,    /* threads */
    SPINS = 1500, /* some microseconds, till the next kernel of a step; then a thread sleeps */
};

/* A thread that comes late reads one while another takes its place, and then gets no part of it. */
typedef struct {
    work_on *_Atomic work;
    void *_Atomic context;
    _Atomic int64_t parts;
} job;

static job jobs[JOBS];
static _Atomic uint64_t ticket; /* the number of the job in the upper half, its next part below */
static _Atomic int64_t done, asleep;
static pthread_mutex_t posting = PTHREAD_MUTEX_INITIALIZER, sleeping = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t woken = PTHREAD_COND_INITIALIZER;
static int helpers; /* threads that have been started */

static inline void rest(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static inline uint32_t current_job(void) { return (uint32_t)(atomic_load(&ticket) >> 32); }

/* Take parts of job `number` until there are none, or another job has been posted. */
static void take_parts(uint32_t number) {
    job *mine = &jobs[number % JOBS]; /* it stays as it is while a part of it can be taken */
    work_on *work = atomic_load_explicit(&mine->work, memory_order_relaxed);
    void *context = atomic_load_explicit(&mine->context, memory_order_relaxed);
    int64_t parts = atomic_load_explicit(&mine->parts, memory_order_relaxed);
    uint64_t found = atomic_load(&ticket);
    while ((uint32_t)(found >> 32) == number && (int64_t)(uint32_t)found < parts)
        if (atomic_compare_exchange_weak(&ticket, &found, found + 1)) {
            work(context, (int64_t)(uint32_t)found);
            atomic_fetch_add(&done, 1);
            found = atomic_load(&ticket);
        }
}

static void *help(void *last_seen) {
    uint32_t seen = (uint32_t)(uintptr_t)last_seen;
    for (;;) {
        for (int i = 0; i < SPINS && current_job() == seen; i++) rest();
        if (current_job() == seen) {
            pthread_mutex_lock(&sleeping);
            atomic_fetch_add(&asleep, 1);
            while (current_job() == seen) pthread_cond_wait(&woken, &sleeping);
            atomic_fetch_sub(&asleep, 1);
            pthread_mutex_unlock(&sleeping);
        }
        seen = current_job();
        take_parts(seen);
    }
    return 0;
}

static void start_helpers(int wanted) {
    for (; helpers < wanted && helpers < MOST; helpers++) {
        pthread_t thread;
        if (pthread_create(&thread, 0, help, (void *)(uintptr_t)current_job())) return;
        pthread_detach(thread);
    }
}

/* Call work(context, part) for each part, in as many threads as there may be. */
static void parallel(work_on *work, void *context, int64_t parts) {
    if (parts == 1 || pthread_mutex_trylock(&posting)) { /* another caller has the helpers */
        for (int64_t i = 0; i < parts; i++) work(context, i);
        return;
    }
    start_helpers(thread_count() - 1);
    uint32_t number = current_job() + 1;
    job *posted = &jobs[number % JOBS];
    atomic_store_explicit(&posted->work, work, memory_order_relaxed);
    atomic_store_explicit(&posted->context, context, memory_order_relaxed);
    atomic_store_explicit(&posted->parts, parts, memory_order_relaxed);
    atomic_store(&done, 0);
    atomic_store(&ticket, (uint64_t)number << 32);
    if (atomic_load(&asleep)) {
        pthread_mutex_lock(&sleeping);
        pthread_cond_broadcast(&woken);
        pthread_mutex_unlock(&sleeping);
    }
    take_parts(number);
    while (atomic_load(&done) < parts) rest();
    pthread_mutex_unlock(&posting);
}

/* A child process has none of the threads. */
static void forget_helpers(void) {
    helpers = 0;
    atomic_store(&asleep, 0);
    pthread_mutex_init(&posting, 0);
    pthread_mutex_init(&sleeping, 0);
    pthread_cond_init(&woken, 0);
}

__attribute__((constructor)) static void watch_forks(void) { pthread_atfork(0, 0, forget_helpers); }

void *minitf_parallel(void) { return (void *)parallel; }
