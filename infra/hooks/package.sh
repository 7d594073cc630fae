#!/usr/bin/env sh
# Puts archivist.zip into the root of the repository: built from this clone, or fetched from a release and checked.
#   ARCHIVIST_RELEASE_URL     where the archivist.zip of a release is; without it, it is built here
#   ARCHIVIST_RELEASE_SHA256  its SHA-256, as the release says; nothing is deployed that has another
set -eu
cd "$(dirname "$0")/../.."

digest() {
    if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

if [ -z "${ARCHIVIST_RELEASE_URL:-}" ]; then
    cargo --locked xtask package
else
    expected=$(printf %s "${ARCHIVIST_RELEASE_SHA256:-}" | tr 'A-F' 'a-f')
    if [ -z "$expected" ]; then
        echo 'ARCHIVIST_RELEASE_SHA256 is not set: take it from the checksums of the release' >&2
        exit 1
    fi
    mkdir -p target
    curl --fail --silent --show-error --location --proto '=https' --output target/archivist.zip.part "$ARCHIVIST_RELEASE_URL"
    found=$(digest target/archivist.zip.part)
    if [ "$found" != "$expected" ]; then
        rm target/archivist.zip.part
        echo "what was fetched has the digest $found, not $expected: nothing is deployed" >&2
        exit 1
    fi
    mv target/archivist.zip.part archivist.zip
fi

echo "archivist.zip: SHA-256 $(digest archivist.zip)"
