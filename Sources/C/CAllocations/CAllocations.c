#include "CAllocations.h"

#include <errno.h>
#include <stddef.h>

// The GNU library lets a program put its own functions before these and still reach the real ones.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static __thread uint64_t count __attribute__((tls_model("initial-exec")));

uint64_t martlet_allocations(void) { return count; }

void *malloc(size_t size) {
    ++count;
    return __libc_malloc(size);
}

void *calloc(size_t items, size_t size) {
    ++count;
    return __libc_calloc(items, size);
}

void *realloc(void *old, size_t size) {
    ++count;
    return __libc_realloc(old, size);
}

int posix_memalign(void **out, size_t alignment, size_t size) {
    ++count;
    *out = __libc_memalign(alignment, size);
    return *out || !size ? 0 : ENOMEM;
}
