#if TLS
  internal import NIOSSL
#endif
