#ifndef BRANDCERT_COMMANDS_COMMANDS_H
#define BRANDCERT_COMMANDS_COMMANDS_H

#include <signal.h>

#include "commands/options.h"

/* Exit statuses: 0 conformant, 1 a must failed, 2 bad usage or input, 3 no verdict. */
#define EXIT_CONFORMANT 0
#define EXIT_FAILED 1
#define EXIT_INPUT 2
#define EXIT_NO_VERDICT 3

/* Each command is one file; it prints, and its result is the exit status. */
typedef int command_fn(const struct options *o);
command_fn command_run, command_judge, command_prove, command_serve, command_list;
command_fn command_report, command_compare;
command_fn command_inspect, command_explain, command_init;
command_fn command_certify_record, command_verify_record, command_completion, command_manual;

/* Set by SIGINT, SIGTERM and SIGHUP, so that what was started is ended and what was made is removed. */
extern volatile sig_atomic_t interrupted;

/* Prints "brandcert: text" to stderr and gives the exit status that fits the kind of error. */
struct err;
int command_error(const struct err *e);

#endif
