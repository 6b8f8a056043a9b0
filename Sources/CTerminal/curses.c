#define _GNU_SOURCE
#include "CTerminal.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>
#undef columns  // macros of term.h
#undef lines

static int terminal = -1;  // where bytes go in the end: a duplicate of standard output
static int output = -1;    // the descriptor that ncurses knows: the terminal, or `held` during a frame
static int held = -1;      // a file in memory
static FILE *output_file = NULL;
static SCREEN *screen = NULL;
static WINDOW *input = NULL;
static char *frame = NULL;  // the bytes of a frame, with room for the brackets around them
static size_t frame_capacity = 0;

static const char synchronize[] = "\033[?2026h", synchronized_end[] = "\033[?2026l";
enum { bracket = sizeof synchronize - 1 };

KGTerminalKind kg_terminal_kind(const char *name) {
  int found = 0;
  // A generic entry ("unknown") is found and refused with 0 like a missing one; it is told by its name.
  if (setupterm(name, STDOUT_FILENO, &found) != OK || found != 1)
    return strcmp(name, "unknown") == 0 ? KGTerminalLimited : KGTerminalUnknown;
  KGTerminalKind kind = kg_capability("cup") ? KGTerminalUsable : KGTerminalLimited;
  del_curterm(cur_term);
  return kind;
}

bool kg_indexes_colors(const char *name) {
  int found = 0;
  if (setupterm(name, STDOUT_FILENO, &found) != OK) return false;
  bool indexes = tigetnum("colors") >= 256 && !kg_has_rgb();
  del_curterm(cur_term);
  return indexes;
}

const char *kg_capability(const char *name) {
  const char *value = tigetstr(name);
  return value == (char *)-1 ? NULL : value;
}

bool kg_has_rgb(void) { return tigetflag("RGB") > 0 || tigetnum("RGB") > 0; }

int kg_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

static void close_descriptors(void) {
  if (output_file) fclose(output_file);
  else if (output >= 0) close(output);
  if (terminal >= 0) close(terminal);
  if (held >= 0) close(held);
  free(frame);
  output_file = NULL, frame = NULL, frame_capacity = 0;
  terminal = output = held = -1;
}

WINDOW *kg_input(void) { return input; }

bool kg_open(const char *name) {
  terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);
  output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);
  held = kg_memory_file("keyglass-frame");
  if (terminal >= 0 && output >= 0 && held >= 0) output_file = fdopen(output, "w");
  screen = output_file ? newterm(name, output_file, stdin) : NULL;
  if (!screen) close_descriptors();
  else if (!(input = newpad(1, 1))) abort();  // out of memory
  return screen != NULL;
}

void kg_close(void) {
  delscreen(screen);
  close_descriptors();
}

/// Writes all of it, waiting where the terminal is set not to block; returns the number of calls.
static int write_all(const char *bytes, size_t count) {
  int writes = 0;
  while (count > 0) {
    ssize_t written = write(terminal, bytes, count);
    writes++;
    if (written >= 0) {
      bytes += written, count -= (size_t)written;
    } else if (errno == EAGAIN) {
      struct pollfd writable = {.fd = terminal, .events = POLLOUT};
      poll(&writable, 1, -1);
    } else if (errno != EINTR) {
      break;  // the terminal is gone; its input says so to the loop
    }
  }
  return writes;
}

void kg_write(const char *bytes, size_t count) { (void)write_all(bytes, count); }

void kg_mute(void) {
  if (terminal >= 0) dup2(held, terminal);
}

void kg_hold(void) { dup3(held, output, O_CLOEXEC); }

/// Coming back from another program, ncurses resets the terminal's palette (OSC 104), which is the user's and was never
/// changed. Returns how many bytes are left.
static size_t without_palette_reset(char *bytes, size_t count) {
  const char *reset = kg_capability("oc");
  size_t length = reset ? strlen(reset) : 0;
  char *found;
  while (length > 0 && (found = memmem(bytes, count, reset, length))) {
    memmove(found, found + length, count - (size_t)(found - bytes) - length);
    count -= length;
  }
  return count;
}

KGFlush kg_release(bool synchronized) {
  dup3(terminal, output, O_CLOEXEC);
  KGFlush flush = {0, 0};
  off_t size = lseek(held, 0, SEEK_CUR);
  if (size <= 0) return flush;
  size_t count = (size_t)size;
  if (frame_capacity < count + 2 * bracket) {
    char *larger = realloc(frame, count + 2 * bracket);
    if (!larger) abort();
    frame = larger, frame_capacity = count + 2 * bracket;
  }
  memcpy(frame, synchronize, bracket);
  if (pread(held, frame + bracket, count, 0) != size) abort();
  count = without_palette_reset(frame + bracket, count);
  memcpy(frame + bracket + count, synchronized_end, bracket);
  lseek(held, 0, SEEK_SET);
  flush.bytes = synchronized ? count + 2 * bracket : count;
  flush.writes = write_all(synchronized ? frame : frame + bracket, flush.bytes);
  return flush;
}

void kg_cell(cchar_t *cell, const uint32_t *scalars, int count, attr_t attributes, int pair) {
  wchar_t text[CCHARW_MAX + 1] = {0};
  for (int i = 0; i < count && i < CCHARW_MAX; i++) text[i] = (wchar_t)scalars[i];
  setcchar(cell, text, attributes, 0, &pair);
}

int kg_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

bool kg_window_size(int *rows, int *columns) {
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row < 1 || size.ws_col < 1) return false;
  *rows = size.ws_row, *columns = size.ws_col;
  return true;
}

size_t kg_read_paste(uint8_t *bytes, size_t capacity, int *matched) {
  static const char end[] = "\033[201~";
  enum { length = sizeof end - 1 };
  size_t filled = 0;
  int readable = kg_readable();
  // Never more bytes at once than the end lacks, so that none behind it is taken away from ncurses.
  while (*matched < length && readable > 0 && filled + length <= capacity) {
    int wanted = length - *matched < readable ? length - *matched : readable;
    ssize_t taken = read(STDIN_FILENO, bytes + filled, (size_t)wanted);
    if (taken <= 0) break;
    readable -= (int)taken;
    for (ssize_t i = 0; i < taken; i++) {
      uint8_t byte = bytes[filled++];
      // Escape stands in the end only once, at its start.
      *matched = byte == (uint8_t)end[*matched] ? *matched + 1 : byte == '\033' ? 1 : 0;
    }
  }
  return filled;
}

int kg_readable(void) {
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  int count = 0;
  if (poll(&input, 1, 0) <= 0) return 0;
  if (input.revents & (POLLHUP | POLLERR | POLLNVAL)) return -1;
  // Readable with nothing to read is the end of the input.
  return ioctl(STDIN_FILENO, FIONREAD, &count) == 0 && count > 0 ? count : -1;
}
