#!/bin/sh
set -e
echo "starting redis-server"
exec redis-server --requirepass "$REDIS_PASSWORD" "$@"
