// The report of a crash: what was prepared before, and the last actions by their names. Nothing of the program's memory.
#define _GNU_SOURCE
#include "CTerminal.h"
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

enum { action_count = 32, action_length = 48 };

extern const char __executable_start[];  // of the linker

static char folder[3072], shown_folder[3072], head[2048];
static char actions[action_count][action_length];
static _Atomic unsigned noted_actions;
static char path[4096];

static void copy(char *to, size_t capacity, const char *from) {
  size_t length = strnlen(from, capacity - 1);
  memcpy(to, from, length);
  to[length] = 0;
}

void kg_prepare_report(const char *where, const char *shown, const char *facts) {
  // A path that is cut would name another place.
  if (strlen(where) >= sizeof folder || strlen(shown) >= sizeof shown_folder) return;
  copy(folder, sizeof folder, where);
  copy(shown_folder, sizeof shown_folder, shown);
  copy(head, sizeof head, facts);
}

void kg_note_action(const char *name) {
  unsigned count = atomic_load_explicit(&noted_actions, memory_order_relaxed);
  copy(actions[count % action_count], action_length, name);
  atomic_store_explicit(&noted_actions, count + 1, memory_order_release);
}

static size_t append(char *text, size_t capacity, size_t length, const char *more) {
  size_t count = strnlen(more, capacity - 1 - length);
  memcpy(text + length, more, count);
  text[length + count] = 0;
  return length + count;
}

static size_t append_number(char *text, size_t capacity, size_t length, unsigned long number, unsigned base) {
  char digits[24];
  int first = sizeof digits - 1;
  digits[first] = 0;
  do digits[--first] = "0123456789abcdef"[number % base];
  while (number /= base);
  return append(text, capacity, length, digits + first);
}

/// Makes the folder and those above it where they are missing.
static void make_folders(void) {
  static char part[sizeof folder];
  copy(part, sizeof part, folder);
  for (char *slash = part + 1; *slash; slash++) {
    if (*slash != '/') continue;
    *slash = 0;
    mkdir(part, 0700);
    *slash = '/';
  }
  mkdir(part, 0700);
}

static unsigned long place_of(void *context) {
  ucontext_t *state = context;
#if defined(__x86_64__)
  return (unsigned long)state->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
  return (unsigned long)state->uc_mcontext.pc;
#else
  (void)state;
  return 0;
#endif
}

const char *kg_write_report(const char *signal, void *context) {
  if (!folder[0]) return "";
  make_folders();
  char name[64] = "";
  size_t length = append(name, sizeof name, 0, "/crash-");
  length = append_number(name, sizeof name, length, (unsigned long)time(NULL), 10);
  length = append(name, sizeof name, length, "-");
  length = append_number(name, sizeof name, length, (unsigned long)getpid(), 10);
  append(name, sizeof name, length, ".txt");
  append(path, sizeof path, append(path, sizeof path, 0, folder), name);
  int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return "";

  static char text[sizeof head + (action_count + 8) * (action_length + 1)];
  size_t end = append(text, sizeof text, 0, head);
  end = append(text, sizeof text, end, "signal: ");
  end = append(text, sizeof text, end, signal);
  end = append(text, sizeof text, end, " at 0x");
  // As the symbol table counts, wherever the program was loaded.
  end = append_number(text, sizeof text, end, place_of(context) - (unsigned long)__executable_start, 16);
  end = append(text, sizeof text, end, " of the program\nlast actions, oldest first:\n");
  unsigned count = atomic_load_explicit(&noted_actions, memory_order_acquire);
  for (unsigned i = count > action_count ? count - action_count : 0; i < count; i++) {
    end = append(text, sizeof text, end, "  ");
    end = append(text, sizeof text, end, actions[i % action_count]);
    end = append(text, sizeof text, end, "\n");
  }
  ssize_t written = write(file, text, end);
  close(file);
  if (written != (ssize_t)end) {
    unlink(path);
    return "";
  }
  append(path, sizeof path, append(path, sizeof path, 0, shown_folder), name);
  return path;
}
