# SPDX-License-Identifier: MIT
"""./dev test package: the package in dist/, installed, used and removed in a bare Debian of this
release."""
import glob
import sys

from bare_root import codename, install_use_remove, with_bare_root


def main(folder):
    packages = glob.glob(f"{folder}/forgelink_*.deb")
    assert len(packages) == 1, packages
    with_bare_root(codename(), lambda bare, sandbox: install_use_remove(bare, sandbox, packages[0]))
    print("\nThe package was installed, used and removed as it should.\n\n1 passed, 0 failed")


main(sys.argv[1])
