#!/bin/sh
# A backup, encrypted, on another machine, and the ledger's head beside it: nightly.sh FOLDER RECIPIENT DESTINATION
#
# FOLDER keeps the encrypted files for a week; RECIPIENT is age's public key, whose other half is not on this machine;
# DESTINATION is rsync's. Exits with another code than 0 where anything of it fails, so that cron tells.
set -eu
folder=$1 recipient=$2 destination=$3
cd -- "$(dirname -- "$0")/.."
umask 077

name=coastguard-$(date -u +%Y%m%dT%H%M%SZ).backup
manage() { docker compose run --rm --no-TTY migrate python manage.py "$@"; }
trap 'rm -f "$folder/$name"; docker compose run --rm --no-TTY migrate rm -f "/backups/$name"' EXIT

manage backup "/backups/$name"
manage verify_backup "/backups/$name"
docker compose run --rm --no-TTY migrate cat "/backups/$name" > "$folder/$name"
age --encrypt --recipient "$recipient" --output "$folder/$name.age" "$folder/$name"
manage ledger_head >> "$folder/heads"
rsync --archive --ignore-existing "$folder/$name.age" "$destination"
rsync --archive --append-verify "$folder/heads" "$destination"
find "$folder" -name 'coastguard-*.backup.age' -mtime +7 -delete
