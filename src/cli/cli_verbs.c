/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_verbs.h"

#include "cli/cli_admin.h"
#include "cli/cli_doctor.h"
#include "cli/cli_facts.h"
#include "cli/cli_import.h"
#include "cli/cli_incidents.h"
#include "cli/cli_kql.h"
#include "cli/cli_login.h"
#include "cli/cli_policy.h"
#include "cli/cli_posture.h"
#include "cli/cli_query.h"
#include "cli/cli_simulate.h"
#include "cli/cli_status.h"

const struct cli_verb CLI_VERBS[] = {
    { .name = "import",
      .usage = "[--wait] FILE...",
      .doc = "Sends recorded logs to the server. JSON lines, JSON arrays and text, plain or in .gz, .zip and "
             ".tar.gz, "
             "of any size; folders are walked, - is standard input. Rows are counted when they are on disk; "
             "refused "
             "lines are kept with the reason in table IngestErrors.",
      .example = "vedette import --wait recordings/",
      .options = CLI_IMPORT_OPTIONS,
      .remote = true,
      .run = cli_import_run },
    { .name = "policy",
      .usage = "check FILE... | gate FILE | explain DEFINITION RESOURCE | evaluate --batch [--aliases DIR]",
      .doc =
          "check: manifests, plans, exports and machines against policies, without a server. gate: asks "
          "the server "
          "whether its policies let in what a Terraform plan, an ARM template or Kubernetes manifests "
          "would make. "
          "Both exit 4 when not. explain: what each condition of a definition says of a resource, two files. "
          "evaluate: a case a line in, a verdict a line out. Both without a server.",
      .example = "vedette policy check deployment.yaml",
      .options = CLI_POLICY_OPTIONS,
      .remote = true,
      .run = cli_policy_run },
    { .name = "facts",
      .usage = "[--root DIR] [--walk SECONDS]",
      .doc = "Prints how this machine is configured, as the JSON document that policies judge. Without a "
             "server.",
      .example = "vedette facts --indent",
      .options = CLI_FACTS_OPTIONS,
      .run = cli_facts_run },
    { .name = "posture",
      .usage = "[show | import FILE...]",
      .doc = "Shows the secure score and its controls; import takes exports of ARM and Resource Graph, ARM "
             "templates, Terraform plans, Kubernetes objects and AWS Config snapshots into the inventory.",
      .example = "vedette posture import cluster.json",
      .options = CLI_POSTURE_OPTIONS,
      .remote = true,
      .run = cli_posture_run },
    { .name = "content",
      .usage = "import azure-policy PATH...",
      .doc = "Takes the public library of policy definitions and initiatives, a folder or files, plain or "
             "packed; "
             ".tsv files are tables of aliases.",
      .example = "vedette content import azure-policy azure-policy/built-in-policies",
      .options = CLI_POSTURE_CONTENT_OPTIONS,
      .remote = true,
      .run = cli_posture_content },
    { .name = "kql",
      .usage = "run|check|explain|format [--batch] 'KQL'",
      .doc = "Compiles a query without a server, and runs it on an engine of its own that lives as long as "
             "the command.",
      .example = "vedette kql run 'range x from 1 to 3 step 1 | summarize sum(x)'",
      .options = CLI_KQL_OPTIONS,
      .run = cli_kql_run },
    { .name = "query",
      .usage = "[--format table|json|csv] 'KQL'",
      .doc = "Runs a query. With - it is read from standard input.",
      .example = "vedette query 'Syslog | summarize count() by ProcessName | top 10 by count_'",
      .options = CLI_QUERY_OPTIONS,
      .remote = true,
      .run = cli_query_run },
    { .name = "incidents",
      .usage = "[list | show N | close N]",
      .doc = "Lists incidents, shows one, or closes it.",
      .example = "vedette incidents show 1",
      .options = CLI_INCIDENTS_OPTIONS,
      .remote = true,
      .run = cli_incidents_run },
    { .name = "rules",
      .usage = "",
      .doc = "Lists the detection rules and how their last runs went.",
      .example = "vedette rules",
      .options = CLI_STATUS_OPTIONS,
      .remote = true,
      .run = cli_status_rules },
    { .name = "status",
      .usage = "",
      .doc = "Shows the server's processes, its watermark and what it warns of.",
      .example = "vedette status",
      .options = CLI_STATUS_OPTIONS,
      .remote = true,
      .run = cli_status_run },
    { .name = "simulate",
      .usage = "[NAME... | --all]",
      .doc = "Plays a harmless scripted attack and shows the incident that comes of it. Without a name it "
             "lists them.",
      .example = "vedette simulate ssh-guess",
      .options = CLI_SIMULATE_OPTIONS,
      .remote = true,
      .run = cli_simulate_run },
    { .name = "doctor",
      .usage = "",
      .doc = "Says what is wrong on this machine or with its server, and what to do.",
      .example = "vedette doctor",
      .options = CLI_DOCTOR_OPTIONS,
      .remote = true,
      .run = cli_doctor_run },
    { .name = "login",
      .usage = "[--url URL]",
      .doc = "Signs in and keeps the sign-in for later commands.",
      .example = "vedette login --url https://localhost:8443 --user admin",
      .options = CLI_LOGIN_OPTIONS,
      .remote = true,
      .run = cli_login_run },
    { .name = "logout",
      .usage = "",
      .doc = "Ends the kept sign-in.",
      .example = "vedette logout",
      .remote = true,
      .run = cli_login_out },
    { .name = "principal",
      .usage = "[list | create NAME | certificate NAME | delete NAME]",
      .doc = "Manages the identities of programs. create prints the client id and its secret, once; with "
             "--certificate "
             "there is no secret.",
      .example = "vedette principal create collector --role 'Monitoring Metrics Publisher'",
      .options = CLI_ADMIN_PRINCIPAL_OPTIONS,
      .remote = true,
      .run = cli_admin_principal },
    { .name = "user",
      .usage = "[list | add NAME | password NAME | delete NAME]",
      .doc = "Manages the people who sign in. add and password print a password that must be changed.",
      .example = "vedette user add alice --role 'Microsoft Sentinel Responder'",
      .options = CLI_ADMIN_USER_OPTIONS,
      .remote = true,
      .run = cli_admin_user },
    { .name = "cloud",
      .usage = "",
      .doc = "Prints the file with which the Azure CLI learns of this server.",
      .example = "vedette cloud > cloud.json && az cloud register -n Vedette --cloud-config @cloud.json",
      .remote = true,
      .run = cli_admin_cloud },
    { 0 },
};
