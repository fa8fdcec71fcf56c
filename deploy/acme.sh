#!/bin/sh
# Fetches the certificate for the address and renews it 30 days before its end. Failures are tried again in an hour, for
# certificate authorities count them.
set -u
host=${ACME_ADDRESS#https://}
lego="lego --accept-tos --email $ACME_EMAIL --domains $host --path /acme --http --http.webroot /webroot"
while :; do
  if [ -f "/acme/certificates/$host.json" ]; then
    $lego renew --days 30 && sleep 43200 || sleep 3600
  else
    $lego run && sleep 43200 || sleep 3600
  fi
done
