#define _GNU_SOURCE
#include "CSupervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

enum { MOST_DESCRIPTORS = 8 };

int supervisor_spawn(pid_t *pid, const char *path, char *const argv[],
                     char *const envp[], const int *descriptors, int count) {
  if (count < 0 || count > MOST_DESCRIPTORS) return EINVAL;

  // Copies above the target range: dup2 in order can then overwrite none that is still needed.
  int copies[MOST_DESCRIPTORS];
  int made = 0;
  int error = 0;
  for (; made < count && error == 0; made++) {
    int source = descriptors[made] >= 0 ? descriptors[made] : open("/dev/null", O_RDWR | O_CLOEXEC);
    copies[made] = source < 0 ? -1 : fcntl(source, F_DUPFD_CLOEXEC, count);
    if (copies[made] < 0) error = errno;
    if (descriptors[made] < 0 && source >= 0) close(source);
  }

  if (error == 0) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    for (int i = 0; i < count; i++) posix_spawn_file_actions_adddup2(&actions, copies[i], i);
    posix_spawn_file_actions_addclosefrom_np(&actions, count);

    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    error = posix_spawn(pid, path, &actions, &attributes, argv, envp);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
  }

  for (int i = 0; i < made; i++) {
    if (copies[i] >= 0) close(copies[i]);
  }
  return error;
}
