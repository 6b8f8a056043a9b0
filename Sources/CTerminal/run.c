// A program of the user's that gets the terminal for a while.
#define _GNU_SOURCE
#include "CTerminal.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/// Waits for the program to end. EINTR: this process has to end first, and the program was ended.
static int wait_for(pid_t child, int *status) {
  enum { patience = 150 };  // ms, of the 400 that the process has
  int ended = (int)pidfd_open(child, 0);
  struct pollfd watched[] = {{.fd = ended, .events = POLLIN}, {.fd = kg_ending(), .events = POLLIN}};
  // Without a descriptor of the program (Linux before 5.3) it is waited for whatever comes.
  while (ended >= 0 && poll(watched, 2, -1) < 0 && errno == EINTR) continue;
  bool interrupted = watched[1].revents && !watched[0].revents;
  if (interrupted) {
    kill(child, SIGTERM);
    if (poll(watched, 1, patience) <= 0) kill(child, SIGKILL);
  }
  if (ended >= 0) close(ended);
  while (waitpid(child, status, 0) < 0)
    if (errno != EINTR) return errno;
  return interrupted ? EINTR : 0;
}

int kg_run(const char *command, const char *argument, bool terminal, int errors, int *status) {
  // The terminal sends ^C and ^Z to the whole group: the program is meant, not we.
  const int numbers[] = {SIGINT, SIGQUIT, SIGTSTP};
  struct sigaction ignored = {.sa_handler = SIG_IGN}, standard = {.sa_handler = SIG_DFL}, ours[3];
  sigaction(SIGINT, &ignored, &ours[0]);
  sigaction(SIGQUIT, &ignored, &ours[1]);
  sigaction(SIGTSTP, &standard, &ours[2]);
  // Without a guard there is nobody to tell what to do with them.
  if (kg_ending() >= 0) kg_guard_guest();

  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t actions;
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawn_file_actions_init(&actions);
  if (!terminal) posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  if (errors >= 0) posix_spawn_file_actions_adddup2(&actions, errors, 2);
  // What was typed before it has the terminal was not meant for it.
  if (terminal) tcflush(STDIN_FILENO, TCIFLUSH);
  char *const arguments[] = {"sh", "-c", (char *)command, "sh", (char *)argument, NULL};
  pid_t child;
  int error = posix_spawn(&child, "/bin/sh", &actions, &attributes, arguments, environ);
  if (error == 0) {
    kg_note_guest(child);
    error = wait_for(child, status);
    kg_note_guest(0);
  }
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  for (int i = 0; i < 3; i++) sigaction(numbers[i], &ours[i], NULL);
  return error;
}
