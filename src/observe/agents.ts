/** Programs that run commands, or read files, as root for somebody elsewhere; by the names of their processes. */
export const MANAGEMENT_AGENTS: readonly string[] = [
  // Clouds and hypervisors.
  'amazon-ssm-agent',
  'google_guest_agent',
  'google_osconfig_agent',
  'waagent',
  'qemu-ga',
  'vmtoolsd',
  'aliyun-service',
  'oracle-cloud-agent',
  // Configuration and fleet management.
  'salt-minion',
  'puppet',
  'chef-client',
  'cfagent',
  'teleport',
  'tacticalagent',
  'meshagent',
  'landscape-client',
  // Monitoring and security.
  'datadog-agent',
  'zabbix_agentd',
  'telegraf',
  'node_exporter',
  'filebeat',
  'osqueryd',
  'falcon-sensor',
  'wazuh-agentd',
  // Backup.
  'bacula-fd',
  'veeamservice',
  'urbackupclientbackend',
  // Remote desktops.
  'teamviewerd',
  'anydesk',
  // Runners of CI.
  'gitlab-runner',
  'Runner.Listener',
  'buildkite-agent',
];
