#pragma once
#include <stdint.h>

/// Allocations of this thread so far: calls of malloc, calloc, realloc and posix_memalign.
uint64_t martlet_allocations(void);
