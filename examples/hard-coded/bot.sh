#!/usr/bin/env bash
# A bot with Kraken's address written into it: a loop around curl, for one account.
#
#   nonceproof verify --users 3 --calls 4 --per-account --scope key -- bash examples/hard-coded/bot.sh
#
#   --all-at-once   does not wait for one call before it makes the next: what nonceproof must catch
set -eu

host=https://api.kraken.com
path=/0/private/Balance
secret=$(printf %s "$KRAKEN_API_SECRET" | base64 -d | od -An -v -tx1 | tr -d ' \n')

balance() {
  local nonce=$1 body signature
  body="nonce=$nonce"
  signature=$({
    printf %s "$path"
    printf %s "$nonce$body" | openssl dgst -sha256 -binary
  } | openssl dgst -sha512 -mac HMAC -macopt "hexkey:$secret" -binary | base64 -w0)
  curl -sS --data "$body" -H "API-Key: $KRAKEN_API_KEY" -H "API-Sign: $signature" "$host$path"
}

for ((n = 0; n < ${NONCEPROOF_CALLS:-3}; n++)); do
  nonce=$(date +%s%N)
  if [ "${1:-}" = --all-at-once ]; then balance "$nonce" & else balance "$nonce"; fi
done
wait
