# shellcheck shell=bash
# What scripts/demo, scripts/test and .ci/run share: to be sourced, from a script that has set -euo pipefail.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

say() {
    printf '%s\n' "$*" >&2
}

# Ends the script: what is wrong, and what would help.
refuse() {
    say "$(basename "$0"): $1"
    shift
    for line in "$@"; do
        say "  $line"
    done
    exit 1
}

# --- Swift

needed_swift="6.2"

# Puts Swift on PATH where it is installed but PATH leaves it out, as a new login's often does.
find_swift() {
    local folder
    command -v swift >/dev/null && return
    for folder in "${SWIFTLY_BIN_DIR:-${HOME:-}/.local/share/swiftly/bin}" /opt/swift/usr/bin /usr/local/swift/usr/bin; do
        if [[ -x $folder/swift ]]; then
            export PATH="$PATH:$folder"
            return
        fi
    done
    return 1
}

require_swift() {
    find_swift || refuse "Swift $needed_swift or newer is needed, and there is no 'swift' on PATH" \
        "install it as https://www.swift.org/install/linux says, or put its usr/bin on PATH" \
        "(sudo leaves out the PATH that you have: sudo env \"PATH=\$PATH\" $0)"
}

# Whether libraries of the system's that Swift's own programs are linked with are missing: its archive brings none.
lacks_libraries() {
    local programs
    programs=$(dirname "$(readlink -f "$(command -v swift)")")
    [[ $(cd "$programs" && ldd swift swift-build swift-frontend clang 2>/dev/null) == *"not found"* ]]
}

check_swift_version() {
    local text version
    text=$(swift --version 2>&1) || refuse "'$(command -v swift) --version' fails:" "$text"
    if ! [[ $text =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]]; then
        refuse "cannot tell the version of $(command -v swift), which says:" "$text"
    fi
    version="${BASH_REMATCH[1]}.${BASH_REMATCH[2]}"
    if [[ $(printf '%s\n' "$needed_swift" "$version" | sort -V | head -n 1) != "$needed_swift" ]]; then
        refuse "Swift $needed_swift or newer is needed, and $(command -v swift) is Swift $version" \
            "install a newer one as https://www.swift.org/install/linux says, and put it before this one on PATH"
    fi
}

# --- Debian packages

needed_postgres=15

# Whether PostgreSQL's server programs are there, on PATH or where Debian keeps them.
has_postgres() {
    local initdb folder version
    for initdb in "$(command -v initdb || true)" /usr/lib/postgresql/*/bin/initdb; do
        [[ -x $initdb ]] || continue
        folder=$(dirname "$(readlink -f "$initdb")")
        [[ -x $folder/postgres && -x $folder/psql ]] || continue
        version=$("$folder/postgres" --version | grep -oE '[0-9]+' | head -n 1)
        ((version >= needed_postgres)) && return
    done
    return 1
}

# The server refuses to run as root, who hands it to the user that Debian's package makes.
has_postgres_user() {
    ((EUID != 0)) || id postgres >/dev/null 2>&1
}

has_library() {
    pkg-config --exists "$1" 2>/dev/null
}

has_file() {
    compgen -G "$1" >/dev/null
}

# The Debian packages that are missing, one a line. Looked for by what is needed of them, not by name, so that
# PostgreSQL from elsewhere will do.
missing_packages() {
    { has_postgres && has_postgres_user; } || echo postgresql
    command -v pkg-config >/dev/null || echo pkg-config
    has_library libpq || echo libpq-dev
    has_library sqlite3 || echo libsqlite3-dev
    command -v git >/dev/null || echo git
    command -v curl >/dev/null || echo curl
    # For schemathesis, which scripts/check-contract installs into a folder of the build.
    python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
    ! lacks_libraries || printf '%s\n' libcurl4-openssl-dev libedit-dev libncurses-dev libxml2-dev libz3-dev
    # Where Swift's compiler looks for the C library, its start files and C++ headers.
    { has_file '/usr/lib/gcc/*/*/crtbegin.o' && has_file '/usr/include/c++/*/vector'; } || echo g++
    has_file /usr/share/zoneinfo/America/New_York || echo tzdata
    has_file /etc/ssl/certs/ca-certificates.crt || echo ca-certificates
}

# Runs a command as root: directly, or by sudo, which may ask for a password only where somebody sits.
as_root() {
    if ((EUID == 0)); then
        "$@"
    elif sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        sudo "$@"
    fi
}

can_be_root() {
    ((EUID == 0)) && return
    command -v sudo >/dev/null || return
    sudo -n true 2>/dev/null || [[ -t 0 && -t 2 ]]
}

install_packages() {
    local install=(env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "$@")
    if [[ " $* " == *" postgresql "* ]]; then
        keep_debian_from_starting_a_server
    fi
    # The lists of packages may be missing or old: they are fetched only if it does not go without.
    as_root "${install[@]}" >&2 || { as_root apt-get update --quiet >&2 && as_root "${install[@]}" >&2; }
}

# Debian's package makes a server of its own, 'main', and starts it on port 5432: nobody asked for that one.
keep_debian_from_starting_a_server() {
    local file=/etc/postgresql-common/createcluster.conf
    [[ -e $file ]] && return
    as_root mkdir -p "$(dirname "$file")"
    printf '%s\n' "# Written by $root/scripts/lib.sh before the first PostgreSQL was installed here." \
        "create_main_cluster = false" | as_root tee "$file" >/dev/null
}

# Installs what is missing, and nothing, not even a look at the network, if nothing is.
install_missing_packages() {
    local missing left
    mapfile -t missing < <(missing_packages)
    ((${#missing[@]})) || return 0
    if ! command -v apt-get >/dev/null || ! can_be_root; then
        refuse "these Debian packages are missing: ${missing[*]}" \
            "and neither root nor sudo is at hand to install them. Have somebody run, as root:" \
            "apt-get update && apt-get install --yes --no-install-recommends ${missing[*]}"
    fi
    say "installing ${missing[*]} …"
    install_packages "${missing[@]}" || refuse "could not install ${missing[*]}: apt-get says above why" \
        "without a network, install them by other means and run this again"
    mapfile -t left < <(missing_packages)
    ((${#left[@]} == 0)) || refuse "still missing after apt-get installed ${missing[*]}: ${left[*]}" \
        "PostgreSQL must be of version $needed_postgres or newer"
}

# --- Building

# Both scripts build the same way, so that what one has built the other finds built: in release mode, for that is what
# people run, and so what the tests should run.
build_options=(--configuration release)

# Where the build's products go: .build, or a folder of one's own where the project or its .build is somebody else's.
# So root and others can use one checkout in turn, and nobody finds files there that they cannot remove.
choose_scratch_path() {
    local ours="$root/.build" cache="${XDG_CACHE_HOME:-${HOME:-}/.cache}" digest
    [[ -z ${scratch:-} ]] || return 0
    if [[ -e $ours && -O $ours || ! -e $ours && -O $root ]]; then
        scratch=$ours
    else
        [[ $cache == /*/* ]] || refuse "$root belongs to somebody else, and HOME names no folder to build in" \
            "set HOME, or clone the project into a folder of your own"
        digest=$(printf '%s' "$root" | cksum | cut -d ' ' -f 1)
        scratch="$cache/coverdesk/build-$digest"
        say "$root belongs to somebody else: building in $scratch"
        mkdir -p "$scratch" || refuse "cannot make the folder $scratch to build in"
    fi
    build_options+=(--scratch-path "$scratch")
}

# Fetches the Swift packages that the project depends on; once they are here, no network is needed.
fetch_dependencies() {
    [[ -e $scratch/workspace-state.json && -e $root/Package.resolved ]] && return
    swift package --scratch-path "$scratch" resolve >&2 || refuse "could not fetch the Swift packages named in Package.swift" \
        "the first build needs a network; the lines above say what could not be reached"
}

# Builds; what is asked for is given as further options of 'swift build'.
build() {
    cd "$root" || refuse "cannot enter $root"
    choose_scratch_path
    fetch_dependencies
    swift build "${build_options[@]}" "$@" >&2 || refuse "the build failed: the errors are above" \
        "if they are about fetching packages: Package.swift names one that is not here yet, and that needs a network"
}

# --- schemathesis

needed_schemathesis=4.32.5

# Installs the program that tries the service's contract, into a folder of the build, unless it is there.
install_schemathesis() {
    schemathesis="$scratch/schemathesis-$needed_schemathesis/bin/schemathesis"
    [[ -x $schemathesis ]] && return
    say "installing schemathesis $needed_schemathesis …"
    python3 -m venv "$scratch/schemathesis-$needed_schemathesis" &&
        "$scratch/schemathesis-$needed_schemathesis/bin/pip" install --quiet --disable-pip-version-check \
            "schemathesis==$needed_schemathesis" >&2 ||
        { rm -rf "$scratch/schemathesis-$needed_schemathesis"
          refuse "could not install schemathesis: pip says above why"; }
}

# Sees to it that all is there that the scripts need.
prepare() {
    require_swift
    install_missing_packages
    check_swift_version
}
