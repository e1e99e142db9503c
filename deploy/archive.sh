#!/bin/sh
# Keeps a finished piece of PostgreSQL's log: archive.sh PATH NAME FOLDER (archive_command in archiving.conf).
#
# Exits with 0 only once the piece is on the disk under its name. What is there already is never written over: the same
# piece again, as after a crash, is fine, and another one of its name is an error that stays in the server's log.
set -eu
piece=$1 name=$2 folder=$3

if [ -e "$folder/$name" ]; then
    exec cmp -- "$piece" "$folder/$name"
fi
part=$(mktemp "$folder/.$name.XXXXXX")
trap 'rm -f "$part"' EXIT
cp -- "$piece" "$part"
sync -- "$part"
# Fails where somebody else was first.
ln -- "$part" "$folder/$name"
sync -- "$folder"
