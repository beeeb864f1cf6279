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
