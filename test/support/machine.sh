#!/bin/sh
# Boots a machine and stays until it is off: `machine.sh BASE FOLDER [--bind-ro=…]`. 133 is systemd-nspawn's exit for a reboot (systemd-nspawn(1)).
# Started by `setpriv --pdeathsig KILL unshare --mount --net`: mounts, links and processes end with whoever booted it.
set -eu
echo "machine $$"
base=$1 folder=$2
shift 2
mount -t overlay overlay -o "lowerdir=$base,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
# What systemd-nspawn keeps in /run stays here.
mount -t tmpfs tmpfs /run
# An uplink that leads nowhere: both ends are here.
ip link set lo up
ip link add eth0 type veth peer name wire
ip addr add 192.0.2.2/24 dev eth0
ip link set wire up
ip link set eth0 up
ip route add default via 192.0.2.1
for tree in /sys/fs/cgroup/memory /sys/fs/cgroup/pids /sys/fs/cgroup/cpu /sys/fs/cgroup/cpuacct /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
  if [ -d "$tree" ]; then
    mkdir -p "$tree/${folder##*/}"
    echo $$ >"$tree/${folder##*/}/cgroup.procs"
  fi
done
exec env SYSTEMD_NSPAWN_API_VFS_WRITABLE=network systemd-nspawn --quiet --register=no --keep-unit --console=pipe --machine=machine \
  --directory="$folder/root" --network-namespace-path=/proc/self/ns/net --capability=all --system-call-filter=bpf --kill-signal=SIGRTMIN+3 \
  --resolv-conf=off --timezone=off --link-journal=no "$@" /machine-init
