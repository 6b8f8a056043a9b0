// Signal handlers. Everything that a handler calls, here and in report.c, is async-signal-safe.
#define _GNU_SOURCE
#include "CTerminal.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { late_microseconds = 350000, last_microseconds = 100000, internal_error = 70 };

static char restore_text[1024];
static _Atomic size_t restore_count;  // 0: the terminal is as it was
static struct termios modes;
static bool modes_saved = false;
static int error_descriptor = STDERR_FILENO;
static int wake_descriptor = -1;
static _Atomic uint32_t noted;
static _Atomic int late_status;  // the exit status when the loop does not end the process in time
static int ending_descriptor = -1;  // readable once a signal has asked the process to end
static char doomed[4096];  // a folder that must not outlive the process
static _Atomic pid_t guest;  // the program that has the terminal; 0: none

static const int fatal[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
// What ends the program; the later ones by default, with the terminal left as it is.
static const int ending[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGXCPU, SIGXFSZ,
                             SIGSYS, SIGIO, SIGPWR, SIGPROF, SIGVTALRM, SIGSTKFLT};
static const int others[] = {SIGWINCH, SIGCONT, SIGTSTP, SIGALRM, SIGPIPE};
enum {
  fatal_count = sizeof fatal / sizeof fatal[0],
  ending_count = sizeof ending / sizeof ending[0],
  handled_count = ending_count + sizeof others / sizeof others[0]
};
static struct sigaction before[handled_count];

static int handled(int index) { return index < ending_count ? ending[index] : others[index - ending_count]; }

static bool guarded = false;

static void put(int descriptor, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(descriptor, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes += written, count -= (size_t)written;
  }
}

void kg_save_modes(void) { modes_saved = tcgetattr(STDIN_FILENO, &modes) == 0; }

void kg_restore_modes(void) {
  if (modes_saved) tcsetattr(STDIN_FILENO, TCSADRAIN, &modes);
}

static int silent_terminal = -1;      // on which a secret is being typed
static struct termios silent_modes;  // of before

/// True for the one caller that found the terminal to be restored.
static bool restore_terminal(void) {
  if (silent_terminal >= 0) tcsetattr(silent_terminal, TCSANOW, &silent_modes);
  size_t count = atomic_exchange(&restore_count, 0);
  if (count == 0) return false;
  kg_mute();  // another thread may be about to draw
  signal(SIGTTOU, SIG_IGN);  // a process in the background may still put things right
  // The modes first: nobody may be reading what is written.
  if (modes_saved) tcsetattr(STDIN_FILENO, TCSANOW, &modes);
  put(STDOUT_FILENO, restore_text, count);
  // Keys that were typed for the dead program must not reach the shell.
  tcflush(STDIN_FILENO, TCIFLUSH);
  return true;
}

static void end_within(long microseconds) {
  struct itimerval timer = {.it_value = {.tv_sec = 0, .tv_usec = microseconds}};
  setitimer(ITIMER_REAL, &timer, NULL);
}

/// The files of a folder and the folder: a plain one, as a program may have made it.
static void remove_folder(const char *path) {
  struct entry {
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
  };
  _Alignas(struct entry) static char entries[4096];
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  // readdir would take memory; the system call itself needs none.
  for (long count; (count = syscall(SYS_getdents64, folder, entries, sizeof entries)) > 0;)
    for (long at = 0; at < count; at += ((struct entry *)(entries + at))->length)
      unlinkat(folder, ((struct entry *)(entries + at))->name, 0);
  close(folder);
  rmdir(path);
}

/// Ends the program that has the terminal, and takes away what it was given: before the terminal is restored, or it
/// would be changed again.
static void end_guest(void) {
  pid_t child = atomic_exchange(&guest, 0);
  if (child > 0) {
    kill(child, SIGKILL);
    struct timespec pause = {.tv_nsec = 2000000};
    for (int i = 0; i < 50 && waitpid(child, NULL, WNOHANG) == 0; i++) nanosleep(&pause, NULL);
  }
  if (doomed[0]) remove_folder(doomed);
}

void kg_note_guest(pid_t child) { guest = child; }

static void on_last(int number) {
  (void)number;
  _exit(late_status);
}

static void on_late(int number) {
  // An alarm that was not set here comes from another process.
  int none = 0;
  atomic_compare_exchange_strong(&late_status, &none, 128 + number);
  // Nobody may be reading the terminal: then the words that restore it wait in vain.
  struct sigaction last = {.sa_handler = on_last};
  sigaction(SIGALRM, &last, NULL);
  sigset_t alarm;
  sigemptyset(&alarm);
  sigaddset(&alarm, SIGALRM);
  pthread_sigmask(SIG_UNBLOCK, &alarm, NULL);
  end_within(last_microseconds);
  end_guest();
  restore_terminal();
  _exit(late_status);
}

static const char *name_of(int number) {
  switch (number) {
    case SIGILL: return "SIGILL";
    case SIGTRAP: return "SIGTRAP";
    case SIGSEGV: return "SIGSEGV";
    case SIGBUS: return "SIGBUS";
    case SIGFPE: return "SIGFPE";
    default: return "SIGABRT";
  }
}

static void on_fault(int number, siginfo_t *info, void *context) {
  (void)info;
  // The lines below are written once: a second thread that faults meanwhile waits for the end.
  static atomic_flag entered = ATOMIC_FLAG_INIT;
  if (atomic_flag_test_and_set(&entered)) {
    for (;;) pause();
  }
  late_status = internal_error;
  struct sigaction late = {.sa_handler = on_late};
  sigaction(SIGALRM, &late, NULL);
  end_within(late_microseconds);  // also where nobody reads the terminal any more
  end_guest();
  const char *restored = restore_terminal() ? ". The terminal was restored; please report it" : ". Please report it";
  const char *report = kg_write_report(name_of(number), context);
  const char *parts[] = {"keyglass: internal error: ", name_of(number), restored, *report ? " with the file " : ".", report, "\n"};
  for (int i = 0; i < 6; i++) put(error_descriptor, parts[i], strlen(parts[i]));
  _exit(internal_error);
}

void kg_guard_faults(void) {
  static char stack[1 << 16];
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternate, NULL);
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  for (int i = 0; i < fatal_count; i++) sigaction(fatal[i], &action, NULL);
}

void kg_forbid_cores(void) {
  struct rlimit cores;
  if (getrlimit(RLIMIT_CORE, &cores) == 0) {
    cores.rlim_cur = 0;
    setrlimit(RLIMIT_CORE, &cores);
  }
  // The limit does not hold where the system pipes core dumps into a program; this does, and keeps debuggers out.
  prctl(PR_SET_DUMPABLE, 0);
}

void kg_doom_folder(const char *path) {
  doomed[0] = 0;
  size_t length = strlen(path);
  if (length >= sizeof doomed) return;
  // The first byte last: a signal in between finds no name, or the whole of it.
  if (length > 0) memcpy(doomed + 1, path + 1, length);
  atomic_signal_fence(memory_order_seq_cst);
  doomed[0] = path[0];
}

int kg_ending(void) { return ending_descriptor; }

static void on_signal(int number) {
  int error = errno;
  atomic_fetch_or(&noted, UINT32_C(1) << number);
  uint64_t one = 1;
  ssize_t ignored = write(wake_descriptor, &one, sizeof one);
  (void)ignored;  // a full counter wakes as well
  bool ends = false;
  for (int i = 0; i < ending_count; i++) ends = ends || number == ending[i];
  int none = 0;
  if (ends) {
    ignored = write(ending_descriptor, &one, sizeof one);
    if (atomic_compare_exchange_strong(&late_status, &none, 128 + number)) end_within(late_microseconds);
  }
  errno = error;
}

/// While a guest has the terminal, ^C and ^\\ are meant for it; a signal of another process is meant for us.
static void on_signal_with_guest(int number, siginfo_t *info, void *context) {
  (void)context;
  if (info->si_code <= 0) on_signal(number);
}

void kg_guard_guest(void) {
  struct sigaction action = {.sa_sigaction = on_signal_with_guest, .sa_flags = SA_SIGINFO};
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGQUIT, &action, NULL);
}

static int report_descriptor = -1;

static void on_reported(int number) {
  static atomic_flag entered = ATOMIC_FLAG_INIT;
  // Whoever handles the first may be stuck, as before a terminal that nobody reads.
  if (atomic_flag_test_and_set(&entered)) _exit(128 + number);
  int error = errno;
  uint8_t byte = (uint8_t)number;
  ssize_t ignored = write(report_descriptor, &byte, 1);
  (void)ignored;  // an empty pipe takes a byte
  errno = error;
}

void kg_report_endings(int descriptor) {
  report_descriptor = descriptor;
  const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
  for (int i = 0; i < 3; i++) {
    struct sigaction earlier, action = {.sa_handler = on_reported, .sa_flags = SA_RESTART};
    sigaction(numbers[i], NULL, &earlier);
    // As under nohup.
    if (earlier.sa_handler != SIG_IGN) sigaction(numbers[i], &action, NULL);
  }
}

void kg_wake_on_signals(int descriptor) { wake_descriptor = descriptor; }

void kg_guard_signals(void) {
  if (ending_descriptor < 0) ending_descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  for (int i = 0; i < handled_count; i++) {
    int number = handled(i);
    if (!guarded) sigaction(number, NULL, &before[i]);
    struct sigaction action = {.sa_handler = on_signal};
    if (number == SIGPIPE) action.sa_handler = SIG_IGN;
    if (number == SIGALRM) action.sa_handler = on_late;
    // What the parent had us ignore stays ignored, as under nohup.
    bool stays = number != SIGTERM && (i < ending_count || number == SIGTSTP);
    if (stays && before[i].sa_handler == SIG_IGN) action.sa_handler = SIG_IGN;
    sigaction(number, &action, NULL);
  }
  guarded = true;
}

void kg_unguard_signals(void) {
  if (!guarded) return;
  for (int i = 0; i < handled_count; i++) {
    // A limit that runs for an ending process outlives its screen; a closed reader stays an error, not a signal.
    if (handled(i) != SIGALRM && handled(i) != SIGPIPE) sigaction(handled(i), &before[i], NULL);
  }
  guarded = false;
}

uint32_t kg_take_signals(void) { return atomic_exchange(&noted, 0); }

void kg_guard_terminal(const char *restore, size_t count, int errors) {
  if (count > sizeof restore_text) count = sizeof restore_text;
  memcpy(restore_text, restore, count);
  error_descriptor = errors;
  atomic_store(&restore_count, count);
}

void kg_stop(void) {
  struct sigaction stop = {.sa_handler = SIG_DFL}, ours;
  sigaction(SIGTSTP, &stop, &ours);
  kill(0, SIGTSTP);
  sigaction(SIGTSTP, &ours, NULL);
  // The caller sets the terminal up again; a noted SIGCONT or SIGTSTP would make it do so twice.
  atomic_fetch_and(&noted, ~(UINT32_C(1) << SIGCONT | UINT32_C(1) << SIGTSTP));
}

static struct sigaction before_silence[ending_count];

static void on_silent_end(int number) {
  tcsetattr(silent_terminal, TCSAFLUSH, &silent_modes);
  put(silent_terminal, "\n", 1);
  _exit(128 + number);
}

bool kg_silence(int descriptor) {
  if (tcgetattr(descriptor, &silent_modes) != 0) return false;
  silent_terminal = descriptor;
  for (int i = 0; i < ending_count; i++) {
    struct sigaction action = {.sa_handler = on_silent_end};
    sigaction(ending[i], &action, &before_silence[i]);
    if (before_silence[i].sa_handler == SIG_IGN) sigaction(ending[i], &before_silence[i], NULL);
  }
  struct termios silent = silent_modes;
  silent.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
  if (tcsetattr(descriptor, TCSAFLUSH, &silent) == 0) return true;
  kg_unsilence();
  return false;
}

void kg_unsilence(void) {
  tcsetattr(silent_terminal, TCSAFLUSH, &silent_modes);
  silent_terminal = -1;
  for (int i = 0; i < ending_count; i++) sigaction(ending[i], &before_silence[i], NULL);
}
