// What Linux offers and Swift's Glibc module hides. Everything is `static inline`: no state lives here.
#ifndef KEYGLASS_CPLATFORM_H
#define KEYGLASS_CPLATFORM_H

#include <fcntl.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "Search.h"

// Hidden behind _GNU_SOURCE, which a header read by Swift cannot set in time; glibc and musl both have it.
extern void *_Nullable memmem(const void *_Nonnull, size_t, const void *_Nonnull, size_t);

/// The offset of the first occurrence of `needle` in `haystack`, or -1. An empty needle is found at 0.
static inline ptrdiff_t kg_find(const uint8_t *_Nullable haystack, size_t haystack_length,
                                const uint8_t *_Nullable needle, size_t needle_length) {
  if (needle_length == 0) return 0;
  if (haystack_length < needle_length) return -1;
  const uint8_t *found = needle_length == 1
      ? (const uint8_t *)memchr(haystack, needle[0], haystack_length)
      : (const uint8_t *)memmem(haystack, haystack_length, needle, needle_length);
  return found ? found - haystack : -1;
}

/// Bytewise order, as memcmp; of two names where one begins the other, the shorter comes first.
/// Less than, equal to or greater than 0.
static inline int kg_compare(const uint8_t *_Nullable left, size_t left_length,
                             const uint8_t *_Nullable right, size_t right_length) {
  size_t shared = left_length < right_length ? left_length : right_length;
  int order = shared == 0 ? 0 : memcmp(left, right, shared);
  return order != 0 ? order : (left_length > right_length) - (left_length < right_length);
}

/// A wake descriptor (non-blocking, closed on exec), or -1 with errno set.
static inline int kg_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

/// The variables of this process, `NAME=value` each, with NULL behind the last.
static inline char *_Nullable *_Nonnull kg_environment(void) { return __environ; }

/// The kernel's id of the calling thread.
static inline int kg_gettid(void) { return (int)syscall(SYS_gettid); }

/// Milliseconds since the machine started, time asleep included: a suspended laptop does not stop it.
static inline int64_t kg_boot_milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/// Nanoseconds since the machine started, time asleep included; for measuring.
static inline int64_t kg_boot_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/// Resident memory of this process in bytes, or -1 where /proc cannot be read.
static inline int64_t kg_memory_resident_bytes(void) {
  int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  char text[128];
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  ssize_t i = 0;
  while (i < length && text[i] != ' ') i++;  // the first number is the virtual size
  i++;
  if (i >= length) return -1;
  int64_t pages = 0;
  for (; i < length && text[i] >= '0' && text[i] <= '9'; i++) pages = pages * 10 + (text[i] - '0');
  return pages * sysconf(_SC_PAGESIZE);
}

/// Gives memory that was freed back to the kernel (malloc keeps it otherwise).
static inline void kg_memory_release_free(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

/// From now on a block of 4 MB and more goes back to the kernel as soon as it is freed. Left to itself glibc raises that
/// bound with the first such block, and then keeps the next ones in the arena of the thread that made them.
static inline void kg_memory_return_large_blocks(void) {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
#endif
}

#endif
