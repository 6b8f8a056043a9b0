FROM --platform=linux/amd64 eqalpha/keydb
CMD ["keydb-server", "--requirepass", "keydb"]
