# SPDX-License-Identifier: MIT
"""Mounts and processes of their own for one root folder, with util-linux alone.

The programs in it see a system like any other: / is a file system, the first process is their own,
/run and /dev/shm are empty at first, and what is mounted in it is never seen outside. The network,
the devices and the control groups are the machine's. All of it ends with close(), or with the
process that made it. Needs root.
"""
import signal
import subprocess

# In the new namespaces, as their first process: makes / of the folder $1, then collects the
# processes that lost their parents until nobody holds the other end of its standard input.
# A bare system has no umount: the machine's own takes the machine's root away.
FIRST_PROCESS = """
set -e
mount --bind "$1" "$1"
cd "$1"
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t tmpfs -o mode=0755 tmpfs run
mkdir run/outside
pivot_root . run/outside
chroot run/outside umount --lazy /
rmdir run/outside
cd /
exec sh -c 'exec 3<&0; echo ready; cat <&3 >/dev/null & wait'
"""


class Container:
    def __init__(self, path):
        self.process = subprocess.Popen(
            [
                *("unshare", "--mount", "--propagation", "slave"),
                *("--pid", "--fork", "--kill-child"),
                *("sh", "-c", FIRST_PROCESS, "sh", path),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert self.process.stdout.readline() == "ready\n", f"no container of {path}"
            with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as children:
                self.first = children.read().strip()
        except BaseException:
            self.close()
            raise
        # Where its files are seen from outside, with what is mounted there.
        self.root = f"/proc/{self.first}/root"

    def command(self, *words):
        """What runs `words` in it; the working folder is / then."""
        return ["nsenter", "--target", self.first, "--mount", "--pid", "--", *words]

    def close(self):
        """Ends all its processes; its mounts go with them."""
        self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        self.process.stdout.close()
