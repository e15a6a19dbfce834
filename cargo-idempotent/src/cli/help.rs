//! Examples below each command's help: what people type first.

pub(super) const RUN: &str = "\
Examples:
  cargo idempotent run --dry-run
      what would be sent, and how many effects it may have
  cargo idempotent run --ledger /v1/ledger#effects
      the plan's target, with a URL of the service that counts effects
  cargo idempotent run --only payments/concurrent --seed 7 --thorough
      one finding sought again, by its seed, with more bursts
  cargo idempotent run --target http://127.0.0.1:8080 --target http://127.0.0.1:8081
      two instances of one service
  cargo idempotent run --target https://localhost:8443 --cacert tests/authority.pem
      over TLS, by a certificate of your own authority
  cargo idempotent run --target-cmd './service --port 8080' --ready /healthz
      also stopped and killed, and started again
  cargo idempotent run --principal 'bob=Authorization: Bearer …'
      the second credential, for the scenario other-principal
  cargo idempotent run --sink 127.0.0.1:9090
      the service's downstream is played, and what reaches it is counted

Defaults for these flags stand in idempotent.toml, here or in a folder above.
Every run changes data on its target. Exit codes: 0 all proven, 1 a violation,
2 usage, 3 the target failed, 4 something was not proven (0 with
--allow-not-proven), 70 a defect of this tool, 130 Ctrl-C, 143 SIGTERM. After
3, 130 and 143 the reports have what was found until then.
The last line is `N passed, N failed, N skipped`.";

pub(super) const RECORD: &str = "\
Example:
  cargo idempotent record --upstream http://127.0.0.1:8080
      then send requests to http://127.0.0.1:7070, and press Ctrl-C
  cargo idempotent record --upstream https://api.example --tls-cert own.pem --tls-key own.key
      TLS on both sides: clients trust own.pem
Secrets are masked in the files; `gen` names the variables that a run needs.";

pub(super) const IMPORT: &str = "\
Examples:
  cargo idempotent import keploy/test-set-0 session.har
  cargo idempotent import openapi.yaml orders.http commands.sh
Then: cargo idempotent gen";

pub(super) const GEN: &str = "\
Example:
  cargo idempotent gen --from recordings/recorded --profile ietf
Read plan.yaml before you run it: each inference has its reason under `because`,
and your changes are kept. docs/plan.md has every field, `schema` the JSON Schema.";

pub(super) const REPORT: &str = "\
Example:
  cargo idempotent report runs/20261124T163301Z-7 --report html,sarif
Made of run.json and events.jsonl alone: nothing is sent.";

pub(super) const EXPLAIN: &str = "\
Examples:
  cargo idempotent explain
  cargo idempotent explain concurrent";
