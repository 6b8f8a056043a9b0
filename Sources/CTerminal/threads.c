// A stack overflow leaves no room for a signal handler: each thread needs a second stack for it. Threads are made by
// libraries (SwiftNIO, Dispatch), so this stands before the C library's pthread_create.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>

// The sanitizers bring a pthread_create of their own, which must be the one.
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

enum { stack_size = 1 << 16 };

typedef int (*Create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
typedef struct {
  void *(*body)(void *);
  void *argument;
} Start;

static void give_back(void *stack) {
  stack_t none = {.ss_flags = SS_DISABLE};
  sigaltstack(&none, NULL);
  munmap(stack, stack_size);
}

static void *begin(void *argument) {
  Start start = *(Start *)argument;
  free(argument);
  void *stack = mmap(NULL, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stack == MAP_FAILED) return start.body(start.argument);
  stack_t alternate = {.ss_sp = stack, .ss_size = stack_size};
  sigaltstack(&alternate, NULL);
  void *result;
  pthread_cleanup_push(give_back, stack);
  result = start.body(start.argument);
  pthread_cleanup_pop(1);
  return result;
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
  Create create = (Create)dlsym(RTLD_NEXT, "pthread_create");
  Start *start = malloc(sizeof *start);
  if (!create || !start) {
    free(start);
    return EAGAIN;
  }
  *start = (Start){body, argument};
  int error = create(thread, attributes, begin, start);
  if (error) free(start);
  return error;
}

#endif
