/* The commands, in the order in which help shows them. */
#include "commands/commands.h"

const struct command_row command_rows[] = {
        {"run", "",
         "Certify a brand token endpoint: drive the scenarios against it, judge what came back, write reports.",
         command_run},
        {"judge", "FILE", "Judge recorded evidence again (see 'run --record'); nothing is sent.", command_judge},
        {"prove", "",
         "Prove the suite: the healthy reference brand fails nothing, each control fails exactly what it names.",
         command_prove},
        {"serve", "", "Run the reference brand in the foreground as a mock brand, until Ctrl-C.", command_serve},
        {"list", "[scenarios|requirements|controls|needs|checks|faults]", "List what the suite holds.", command_list},
        {"report", "RESULTS.json…", "Render results again; those of several runs or shards of one target are merged.",
         command_report},
        {"compare", "OLD.json NEW.json", "What broke, what was mended and what is new between two runs.",
         command_compare},
        {"inspect", "TOKEN|FILE|-",
         "Judge one id_token, token response or encrypted token offline, and show what is in it. Prefer a file or '-': "
         "arguments are seen by everybody in the process list.",
         command_inspect},
        {"explain", "ID", "Explain a requirement or a scenario: what, why, how it is tested, and what to change.",
         command_explain},
        {"init", "[ISSUER]", "Write a commented target file, filled from the issuer's discovery document.",
         command_init},
        {"certify-record", "RESULTS.json",
         "Sign what a run found out as a record that others can trust without running it again.",
         command_certify_record},
        {"verify-record", "RECORD|-", "Verify a record and print it: 0 conformant, 1 not conformant or not genuine.",
         command_verify_record},
        {"completion", "[bash|zsh]", "Print a completion script for a shell.", command_completion},
        {"manual", "", "Print the man page.", command_manual},
        {NULL, NULL, NULL, NULL},
};
