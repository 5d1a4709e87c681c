#!/bin/sh
# Boots a machine and stays until it is off: `machine.sh BASE FOLDER ADDRESS GATEWAY [--bind-ro=…]`. Without an ADDRESS, its uplink leads nowhere;
# with one, whoever boots it puts the link in. 133 is systemd-nspawn's exit for a reboot (systemd-nspawn(1)).
# Started by `setpriv --pdeathsig KILL unshare --mount --net`: mounts, links and processes end with whoever booted it.
set -eu
echo "machine $$"
base=$1 folder=$2 address=$3 gateway=$4
shift 4
mount -t overlay overlay -o "lowerdir=$base,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
# What systemd-nspawn keeps in /run stays here.
mount -t tmpfs tmpfs /run
ip link set lo up
if [ -z "$address" ]; then
  # Both ends are here.
  ip link add eth0 type veth peer name wire
  ip link set wire up
  address=192.0.2.2/24 gateway=192.0.2.1
fi
until ip link show eth0 >/dev/null 2>&1; do sleep 0.05; done
ip addr add "$address" dev eth0
ip link set eth0 up
ip route add default via "$gateway"
for tree in memory pids cpu cpuacct cpuset devices freezer blkio systemd unified; do
  group=/sys/fs/cgroup/$tree/${folder##*/}
  if [ -d "${group%/*}" ]; then
    mkdir -p "$group"
    # Without these a new group of cpuset takes no process (cpuset(7)).
    if [ "$tree" = cpuset ]; then
      cat "${group%/*}/cpuset.cpus" >"$group/cpuset.cpus"
      cat "${group%/*}/cpuset.mems" >"$group/cpuset.mems"
    fi
    echo $$ >"$group/cgroup.procs"
  fi
done
exec env SYSTEMD_NSPAWN_API_VFS_WRITABLE=network systemd-nspawn --quiet --register=no --keep-unit --console=pipe --machine=machine \
  --directory="$folder/root" --network-namespace-path=/proc/self/ns/net --capability=all --system-call-filter='bpf @keyring' --kill-signal=SIGRTMIN+3 \
  --resolv-conf=off --timezone=off --link-journal=no "$@" /machine-init
