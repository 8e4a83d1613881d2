# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Which packages Forgelink needs, by purpose and by system; read by ./dev.
#
# Debian and its relatives: names that differ between releases are chosen from what is installed, else from what
# apt offers. Fedora and Arch: the names are known, installing is left to the user.

# The oldest that will do. Debian 12 has both beside an older default.
least_boost=1.81
least_clang=16

# The package lists are fetched at most once per run, and only if something is missing.
apt_lists_fresh=
refresh_apt_lists() {
  [ -z "$apt_lists_fresh" ] || return 0
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update >/dev/null
  apt_lists_fresh=yes
}

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# The version that apt would install of package $1, without epoch; empty if apt does not know the package.
offered_version() { apt-cache policy "$1" 2>/dev/null | sed -nE 's/^  Candidate: ([0-9]+:)?([0-9].*)/\2/p'; }

# The numbers N of all packages named $1 N $2 that are installed, in order.
installed_numbers() {
  { dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$1*$2" 2>/dev/null || true; } |
    sed -nE "s/^installed $1([0-9][0-9.]*)$2\$/\1/p" | sort -V
}

# The same of all that apt offers.
offered_numbers() { apt-cache pkgnames "$1" | sed -nE "s/^$1([0-9][0-9.]*)$2\$/\1/p" | sort -V; }

# The first of the numbers on standard input that is at least $1; empty if there is none.
first_at_least() {
  local number first=
  while read -r number; do
    [ -z "$first" ] || continue
    [ "$(printf '%s\n' "$1" "$number" | sort -V | sed -n 1p)" != "$1" ] || first=$number
  done
  printf '%s' "$first"
}

# choose_number PREFIX SUFFIX LEAST DEFAULT: sets `chosen` to the number of a package family, as 1.81 for
# libboost1.81-dev. What is installed wins; then the release's own choice, which is the version of the package
# DEFAULT cut to as many parts as LEAST has; then the lowest on offer.
choose_number() {
  local parts=${3//[^.]/}
  chosen=$(installed_numbers "$1" "$2" | first_at_least "$3")
  [ -z "$chosen" ] || return 0
  refresh_apt_lists
  chosen=$(offered_version "$4" | cut -d. -f"1-$((${#parts} + 1))" | sed -E 's/[^0-9.].*//' | first_at_least "$3")
  [ -n "$chosen" ] || chosen=$(offered_numbers "$1" "$2" | first_at_least "$3")
  [ -n "$chosen" ] || { say "This release offers no $1*$2 from $3 on."; exit 1; }
}

# Adds the packages of purpose $1 on a Debian system to `packages`.
add_debian_packages() {
  local chosen
  case $1 in
    build)
      choose_number libboost -dev "$least_boost" libboost-dev
      packages+=(g++ cmake ninja-build ccache pkg-config "libboost$chosen-dev" "libboost-json$chosen-dev"
        "libboost-url$chosen-dev" libsqlitecpp-dev libsqlite3-dev libsecret-1-dev libspdlog-dev libfmt-dev
        libssl-dev libcli11-dev libtomlplusplus-dev libsystemd-dev libqrencode-dev libyaml-dev
        libgtkmm-4.0-dev libadwaita-1-dev gettext)
      ;;
    run) packages+=(git ca-certificates) ;;
    test)
      packages+=(libgtest-dev libgmock-dev python3 python3-pytest python3-pytest-xdist python3-dbus
        python3-gi gnome-keyring dbus dbus-user-session systemd libsecret-tools git openssl tinyproxy sqlite3 procps
        chromium chromium-driver python3-selenium bash zsh fish man-db groff-base gh git-lfs curl iproute2 util-linux
        xvfb xdotool at-spi2-core gir1.2-atspi-2.0 imagemagick appstream desktop-file-utils libglib2.0-bin)
      ;;
    clang)
      choose_number clang- '' "$least_clang" clang
      packages+=("clang-$chosen" "llvm-$chosen" "libclang-rt-$chosen-dev")
      ;;
    lint)
      choose_number clang- '' "$least_clang" clang
      packages+=("clang-$chosen" "clang-tidy-$chosen" "clang-format-$chosen" shellcheck black
        python3-pycodestyle libgtest-dev libgmock-dev)
      ;;
    bench)
      packages+=(gh libglib2.0-dev python3 python3-gi gnome-keyring dbus systemd git sqlite3
        xvfb xdotool at-spi2-core gir1.2-atspi-2.0)
      ;;
    package) packages+=(dpkg-dev lintian file gzip) ;;
    bare) packages+=(mmdebstrap debian-archive-keyring) ;;
  esac
}

# Installs what the purposes named need; says first what that is.
need() {
  local purpose package packages=() missing=()
  [ -z "${FORGELINK_SKIP_PACKAGES:-}" ] || return 0
  if ! command -v dpkg-query >/dev/null; then
    need_elsewhere || exit 1
    return 0
  fi
  for purpose in "$@"; do add_debian_packages "$purpose"; done
  for package in "${packages[@]}"; do is_installed "$package" || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  refresh_apt_lists
  say "Installing from Debian: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends "${missing[@]}" >/dev/null
}

# What stands for the packages to build with on Fedora and on Arch.
fedora_packages=(gcc-c++ cmake ninja-build ccache pkgconf-pkg-config boost-devel boost-static boost-json boost-url
  SQLiteCpp-devel sqlite-devel libsecret-devel spdlog-devel fmt-devel openssl-devel cli11-devel tomlplusplus-devel
  systemd-devel qrencode-devel libyaml-devel glibc-static libstdc++-static gtkmm4.0-devel libadwaita-devel)
arch_packages=(gcc cmake ninja ccache pkgconf boost boost-libs sqlitecpp sqlite libsecret spdlog fmt openssl cli11
  tomlplusplus systemd-libs qrencode libyaml gtkmm-4.0 libadwaita)

# On a system without dpkg: names what to install if something is missing, and says no more if nothing is.
need_elsewhere() {
  local name=an\ unknown\ system
  # shellcheck source=/dev/null
  [ ! -r /etc/os-release ] || name=$(. /etc/os-release && printf '%s' "${ID:-} ${ID_LIKE:-}")
  case " $name " in
    *\ fedora\ *)
      if rpm -q "${fedora_packages[@]}" >/dev/null 2>&1; then return 0; fi
      say "Forgelink needs these packages of Fedora; install them, then run this again:"
      say "  sudo dnf install ${fedora_packages[*]}"
      ;;
    *\ arch\ *)
      if pacman -T "${arch_packages[@]}" >/dev/null 2>&1; then return 0; fi
      say "Forgelink needs these packages of Arch Linux; install them, then run this again:"
      say "  sudo pacman -S --needed ${arch_packages[*]}"
      ;;
    *)
      say "This is $name: ./dev knows the package names of Debian, Ubuntu, Fedora and Arch Linux only."
      say "CMake says what it does not find; FORGELINK_SKIP_PACKAGES=1 ./dev build goes on without this question."
      ;;
  esac
  return 1
}
