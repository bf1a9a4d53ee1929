/* sandbox_private: what running in the foreground and running in a child share. */
#ifndef DOMICILE_SANDBOX_SANDBOX_PRIVATE_H
#define DOMICILE_SANDBOX_SANDBOX_PRIVATE_H

#include "domicile/sandbox/sandbox.h"

/* Runs until a signal, or until life (a pipe's end; -1: none) is at its end. any_port: when the first
 * ports asked for are taken, free ones will do. Returns the exit code. */
int sandbox_serve(const struct sandbox_options *o, int life, bool any_port);

#endif
