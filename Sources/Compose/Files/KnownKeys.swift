import YAML

/// The keys that Compose files may have: those of the Compose specification
/// (https://github.com/compose-spec/compose-spec/blob/main/schema/compose-spec.json) and of the versions 1, 2 and 3
/// before it. Others, save `x-…`, are told to the user as ignored.
enum KnownKeys {
  static let project: Set<String> = [
    "version", "name", "include", "services", "models", "networks", "volumes", "secrets", "configs",
  ]

  static let service: Set<String> = [
    "annotations", "attach", "blkio_config", "build", "cap_add", "cap_drop", "cgroup", "cgroup_parent", "command",
    "configs", "container_name", "cpu_count", "cpu_percent", "cpu_period", "cpu_quota", "cpu_rt_period",
    "cpu_rt_runtime", "cpu_shares", "cpus", "cpuset", "credential_spec", "depends_on", "deploy", "detach", "develop",
    "device_cgroup_rules", "devices", "dns", "dns_opt", "dns_search", "dockerfile", "domainname", "entrypoint",
    "env_file", "environment", "expose", "extends", "external_links", "extra_hosts", "gpus", "group_add", "healthcheck",
    "hostname", "image", "init", "ipc", "isolation", "label_file", "labels", "links", "log_driver", "log_opt",
    "logging", "mac_address", "mem_limit", "mem_reservation", "mem_swappiness", "memswap_limit", "models", "net",
    "network_mode", "networks", "oom_kill_disable", "oom_score_adj", "pid", "pids_limit", "platform", "ports",
    "post_start", "pre_start", "pre_stop", "privileged", "profiles", "provider", "pull_policy", "pull_refresh_after",
    "read_only", "restart", "runtime", "scale", "secrets", "security_opt", "shm_size", "stdin_open",
    "stop_grace_period", "stop_signal", "storage_opt", "sysctls", "tmpfs", "tty", "ulimits", "use_api_socket", "user",
    "userns_mode", "uts", "volume_driver", "volumes", "volumes_from", "working_dir",
  ]

  /// Compose itself refuses a file for such a key.
  static func complaint(about key: String, among known: Set<String>) -> String {
    "the key '\(shown(key))' is not known: Keyglass ignores it, Compose may refuse the file"
      + Suggestion.text(for: key, among: known.sorted())
  }

  static func isExtension(_ key: String) -> Bool { key.hasPrefix("x-") }
}
