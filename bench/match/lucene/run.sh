#!/bin/sh
# Runs Lucene Monitor on the papers and queries of `npm run bench:match`: run.sh [folder] [queries]
# It needs Maven, Java 17 and Maven Central. Everything that it writes is in a temporary folder.
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
command -v mvn >/dev/null || { echo 'Maven is missing. Install it, and Java 17' >&2; exit 2; }
cd "$root"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
node --import tsx bench/match/lucene/write-input.ts "$work" "${2:-100000}" "${1:-../shared/recordings/hf}"
cp -r bench/match/lucene/pom.xml bench/match/lucene/src "$work"
cd "$work"
mvn -q -B dependency:build-classpath -Dmdep.outputFile=classpath
javac -d classes -cp "$(cat classpath)" src/LuceneControl.java
java -Xmx3g -XX:+UseSerialGC -cp "classes:$(cat classpath)" LuceneControl papers.tsv queries.txt
