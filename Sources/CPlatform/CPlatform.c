// All functions are inline in the header; this file makes the module a target and compiles the header as C.
#include "CPlatform.h"
