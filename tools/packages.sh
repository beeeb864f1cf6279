# packages.sh - installs what is missing of the package lists named; sourced by run and run-tests.
# Says what it does; does nothing when all is there, be it from elsewhere (a node that brings its
# own npm); uses sudo only when not root.
install_packages() { # LIST...
  local missing=() package sudo=()
  command -v dpkg-query >/dev/null || return 0
  while read -r package; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] ||
      command -v "$package" >/dev/null || missing+=("$package")
  done < <(sed 's/#.*//; s/[[:space:]]*$//; /^$/d' "$@")
  [ ${#missing[@]} -eq 0 ] && return 0
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  echo "Installing with apt-get: ${missing[*]}"
  "${sudo[@]}" apt-get update -q &&
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends "${missing[@]}"
}

# The same, but no service that a package brings is started: policy-rc.d is what Debian asks. One
# that is there already, as in most containers, stays as it is.
install_unstarted() ( # LIST...
  policy=/usr/sbin/policy-rc.d
  sudo=()
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  if command -v dpkg-query >/dev/null && [ ! -e "$policy" ]; then
    trap '"${sudo[@]}" rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null
    "${sudo[@]}" chmod 755 "$policy"
  fi
  install_packages "$@"
)
