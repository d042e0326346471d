/* A host with an allocator of its own, decimal commas, handlers for all signals and a timer that interrupts every
 * system call. The library must answer as ever and leave all of it alone.
 * usage: hostile_host SPECTRUM-FILE NEW-FOLDER LOCALE; prints the digest of the finding */
#define _GNU_SOURCE
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "probity.h"

/* Only in the library that is built for tests. */
int32_t probity_test_panic(uint32_t threads, probity_error **error);

/* ---- The allocator: each block stands between two marks and is spoilt when it is made and when it is freed. ---- */

void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

static const uint64_t mark = 0x70726f6269747921u;
static volatile long blocks_made;

struct head {
    uint64_t before;
    size_t size;
    void *block;
    uint64_t mark;
};

/* Not by abort(), whose signal the host handles. */
static void die(const char *why)
{
    ssize_t written = write(2, why, strlen(why));
    _exit(written < 0 ? 2 : 1);
}

static void *make(size_t alignment, size_t size)
{
    char *block, *given;
    struct head *head;

    if (alignment < sizeof *head)
        alignment = sizeof *head;
    if (size > SIZE_MAX / 2)
        return NULL;
    block = __libc_memalign(alignment, alignment + size + sizeof mark);
    if (block == NULL)
        return NULL;
    given = block + alignment;
    head = (struct head *)(void *)given - 1;
    head->before = mark;
    head->size = size;
    head->block = block;
    head->mark = mark;
    memset(given, 0xA5, size);
    memcpy(given + size, &mark, sizeof mark);
    __sync_add_and_fetch(&blocks_made, 1);
    return given;
}

void *malloc(size_t size) { return make(16, size); }

void *memalign(size_t alignment, size_t size) { return make(alignment, size); }

void *aligned_alloc(size_t alignment, size_t size) { return make(alignment, size); }

int posix_memalign(void **given, size_t alignment, size_t size)
{
    *given = make(alignment, size);
    return *given ? 0 : ENOMEM;
}

void *calloc(size_t count, size_t size)
{
    void *given = size && count > SIZE_MAX / 2 / size ? NULL : make(16, count * size);
    return given ? memset(given, 0, count * size) : NULL;
}

void free(void *given)
{
    struct head *head = (struct head *)given - 1;

    if (given == NULL)
        return;
    if (head->before != mark || head->mark != mark || memcmp((char *)given + head->size, &mark, sizeof mark) != 0)
        die("a block was freed that is not ours, was freed before, or was written beyond\n");
    head->mark = 0;
    memset(given, 0x5A, head->size);
    __libc_free(head->block);
}

void *realloc(void *given, size_t size)
{
    void *larger = make(16, size);

    if (larger && given) {
        size_t old = ((struct head *)given - 1)->size;
        memcpy(larger, given, old < size ? old : size);
        free(given);
    }
    return larger;
}

/* ---- The host ---- */

static volatile sig_atomic_t interrupted;

static void handler(int signal_number)
{
    if (signal_number != SIGALRM)
        die("a signal that nobody sent\n");
    interrupted++;
}

static void must(int good, const char *what, const probity_error *error)
{
    if (good)
        return;
    fprintf(stderr, "%s: %s\n", what, error ? probity_error_text(error) : "not as it should be");
    exit(1);
}

static void install_handlers(void)
{
    struct sigaction action;
    struct itimerval each_millisecond = {{0, 1000}, {0, 1000}};
    int number;

    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    for (number = 1; number < 32; number++)
        if (number != SIGKILL && number != SIGSTOP)
            must(sigaction(number, &action, NULL) == 0, "sigaction", NULL);
    must(setitimer(ITIMER_REAL, &each_millisecond, NULL) == 0, "setitimer", NULL);
}

static void handlers_are_untouched(void)
{
    struct sigaction action;
    stack_t stack;
    sigset_t blocked;
    int number;

    must(sigprocmask(SIG_SETMASK, NULL, &blocked) == 0, "mask", NULL);
    for (number = 1; number < 32; number++) {
        if (number == SIGKILL || number == SIGSTOP)
            continue;
        must(sigaction(number, NULL, &action) == 0 && action.sa_handler == handler, "handler", NULL);
        must(!sigismember(&blocked, number), "blocked signal", NULL);
    }
    must(sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_DISABLE), "stack for signals", NULL);
}

static void decimals_are_commas(void)
{
    char text[16];
    snprintf(text, sizeof text, "%.1f", 0.5);
    must(strcmp(text, "0,5") == 0, "the locale", NULL);
}

static void work(const char *path, const char *folder)
{
    const probity_query *queries[50];
    probity_error *error = NULL;
    probity_library *library = NULL;
    probity_method *method = NULL;
    probity_searcher *searcher = NULL;
    probity_query_list *list = NULL;
    probity_finding *finding = NULL;
    probity_batch *batch = NULL;
    size_t i;

    must(probity_library_open_starter(&library, &error) == 0, "library", error);
    must(probity_method_named("ei-default", 10, &method, &error) == 0, "method", error);
    must(probity_searcher_new(library, method, NULL, &searcher, &error) == 0, "searcher", error);
    must(probity_query_list_from_file(path, strlen(path), NULL, &list, &error) == 0, "query", error);
    for (i = 0; i < 50; i++)
        queries[i] = probity_query_list_query(list, 0);
    must(probity_searcher_search_many(searcher, queries, 50, NULL, NULL, &batch, &error) == 0, "batch", error);
    must(probity_searcher_identify(searcher, queries[0], NULL, &finding, &error) == 0, "finding", error);
    puts(probity_finding_digest(finding));
    probity_finding_free(finding);
    probity_library_free(library);
    library = NULL;
    must(probity_library_build(folder, strlen(folder), "own", 3, queries, 50, NULL, NULL, &error) == 0, "build", error);
    must(probity_library_open(folder, strlen(folder), NULL, &library, &error) == 0, "open", error);
    must(probity_library_entry_count(library) == 50, "entries", NULL);
    must(probity_test_panic(2, &error) == PROBITY_ERROR_PANIC, "panic", error);
    probity_error_free(error);
    probity_batch_free(batch);
    probity_query_list_free(list);
    probity_searcher_free(searcher);
    probity_method_free(method);
    probity_library_free(library);
}

int main(int argc, char **argv)
{
    long before;

    must(argc == 4 && setlocale(LC_ALL, argv[3]) != NULL, "usage: FILE NEW-FOLDER LOCALE", NULL);
    install_handlers();
    decimals_are_commas();
    before = blocks_made;
    work(argv[1], argv[2]);
    must(blocks_made - before > 1000, "the library uses the host's allocator", NULL);
    must(interrupted > 10, "interruptions", NULL);
    handlers_are_untouched();
    decimals_are_commas();
    return 0;
}
