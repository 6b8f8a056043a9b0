#ifndef CSUPERVISOR_H
#define CSUPERVISOR_H

#include <sys/types.h>

/// Starts `path` in a session of its own: no terminal, every signal at its
/// default and unblocked, and no descriptor but `descriptors[i]` as i for
/// i < count (-1: /dev/null). Returns 0 or an errno value.
///
/// In C because Glibc's Swift module hides POSIX_SPAWN_SETSID and
/// posix_spawn_file_actions_addclosefrom_np.
int supervisor_spawn(pid_t *pid, const char *path, char *const argv[],
                     char *const envp[], const int *descriptors, int count);

#endif
