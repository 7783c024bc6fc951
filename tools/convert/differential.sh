#!/usr/bin/env bash
# Exact mode against OpenCC 1.4.2 itself (PyPI's wheel, linked statically) on real Traditional text (Debian packages).
# Needs pip, apt-get and g++'s libstdc++; leaves everything in the folder that is its only argument.
set -euo pipefail
cd "$(dirname "$0")/../.."
scratch=$(mkdir -p "$1" && cd "$1" && pwd)

wheel=opencc-1.4.2
[ -d "$scratch/wheel" ] || {
  pip download --quiet --no-deps --dest "$scratch" "${wheel/-/==}"
  python3 -m zipfile -e "$scratch/$wheel"-*.whl "$scratch/wheel"
}

corpus=$scratch/corpus
[ -d "$corpus" ] || {
  mkdir -p "$corpus.part" "$scratch/debian"
  for package in libreoffice-help-zh-tw debian-reference-zh-tw maint-guide-zh-tw; do
    (cd "$scratch" && apt-get download --quiet "$package" && dpkg-deb -x "$package"_*.deb debian)
  done
  # Their pages as they are, markup and all, in pieces of a few MB.
  find "$scratch/debian" -path '*zh*[tT][wW]*' -name '*.html' -print0 | sort -z | xargs -0 cat | split -C 4M - "$corpus.part/text-"
  mv "$corpus.part" "$corpus"
}

clib=$scratch/wheel/opencc/clib
export OPENCC_LIB_DIRS=$clib/lib64 OPENCC_INCLUDE_DIRS=$clib/include
export OPENCC_LIBS=opencc:marisa OPENCC_STATIC=1 OPENCC_DYLIB_STDCPP=1
export OPENCC_CONFIG_DIR=$clib/share/opencc OPENCC_CORPUS_DIR=$corpus
cargo test --features opencc --test opencc -- --nocapture
