/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_doctor: `vedette doctor`: what is wrong on this machine or with its server, and what to do.
 *
 * To add a check: write its run function, add its row. A check says one thing; what it cannot have here (no
 * root, an old kernel) is a warning, what stops Vedette from doing its work is wrong. Threads: main alone. */
#ifndef CLI_CLI_DOCTOR_H
#define CLI_CLI_DOCTOR_H

#include "base/strbuf.h"
#include "cli/cli_opts.h"

enum cli_doctor_verdict { CLI_DOCTOR_GOOD, CLI_DOCTOR_WARNING, CLI_DOCTOR_WRONG, CLI_DOCTOR_VERDICT_COUNT_ };

/* What one check found. Texts are one line each. */
struct cli_doctor_finding {
    enum cli_doctor_verdict verdict;
    struct strbuf           what;   /* what was seen, and where */
    struct strbuf           remedy; /* what to do; empty when good */
};

struct cli_doctor_check {
    const char *name, *doc, *example; /* example: a finding */
    void (*run)(const struct cli_args *args, struct cli_doctor_finding *f);
};

/* In order of report; ended by a row without a name. */
extern const struct cli_doctor_check CLI_DOCTOR_CHECKS[];
extern const struct cli_option       CLI_DOCTOR_OPTIONS[];

must_check enum rc cli_doctor_run(const struct cli_args *args, struct err *err);

/* The verdict and its texts in one statement; `remedy` NULL when good. */
void cli_doctor_say(struct cli_doctor_finding *f, enum cli_doctor_verdict verdict, const char *remedy,
                    const char *what, ...) __attribute__((format(printf, 4, 5)));

/* The checks of cli_doctor_host.c: the machine. */
void cli_doctor_root(const struct cli_args *args, struct cli_doctor_finding *f);
void cli_doctor_folder(const struct cli_args *args, struct cli_doctor_finding *f);
void cli_doctor_disk(const struct cli_args *args, struct cli_doctor_finding *f);
void cli_doctor_memory(const struct cli_args *args, struct cli_doctor_finding *f);
void cli_doctor_clock(const struct cli_args *args, struct cli_doctor_finding *f);
void cli_doctor_companions(const struct cli_args *args, struct cli_doctor_finding *f);
void cli_doctor_namespaces(const struct cli_args *args, struct cli_doctor_finding *f);
void cli_doctor_seccomp(const struct cli_args *args, struct cli_doctor_finding *f);
void cli_doctor_landlock(const struct cli_args *args, struct cli_doctor_finding *f);
void cli_doctor_journal(const struct cli_args *args, struct cli_doctor_finding *f);
void cli_doctor_ports(const struct cli_args *args, struct cli_doctor_finding *f);
void cli_doctor_processes(const struct cli_args *args, struct cli_doctor_finding *f);

#endif
