//! The one table of cases: what is not here is not proven.

use super::case::{Case, Need};
use super::{
    claims, completion, expiry, figures, finality, fingerprints, leases, lists, operator, quota,
    races, releases, resent, stale, step_ends, steps, sweeps, takeovers, views, waiting,
};

macro_rules! cases {
    ($($name:literal, $invariants:expr, $needs:ident, $run:path;)*) => {
        /// Every case of the suite.
        pub const CASES: &[Case] = &[$(Case {
            name: $name,
            invariants: &$invariants,
            needs: Need::$needs,
            run: |world| Box::pin($run(world)),
        }),*];
    };
}

cases! {
    "a first claim is claimed, with nothing before it", [1, 4], Nothing, claims::first_is_claimed;
    "a second claimant sees it running, its age and what remains", [1, 7], Nothing, claims::second_sees_it_running;
    "records share nothing, not even by an equal token", [2, 11], Nothing, claims::nothing_is_shared_between_records;
    "ids that differ in one bit are different records", [11], Nothing, claims::neighbouring_ids_are_different_records;

    "a first claim sent again gets the same answer", [5], Nothing, resent::first_claim;
    "a claim after a release, sent again, gets the same answer", [5], Nothing, resent::claim_after_a_release;
    "a claim after an interruption, sent again, gets the same answer", [5], Nothing, resent::claim_after_an_interruption;
    "a takeover sent again gets the same answer", [5], Nothing, resent::claim_after_a_takeover;
    "a claim sent again renews its lease", [1, 5], Nothing, resent::claim_renews_its_lease;
    "a claim sent again after its own lease ran out is no takeover", [4, 5], Nothing, resent::claim_after_its_own_lease;
    "a claim sent again after its completion gets its answer", [3, 5], Nothing, resent::claim_after_its_own_completion;
    "a completion sent again is stored, and the first bytes stay", [3, 5], Nothing, resent::completion;
    "a release sent again is held", [2, 5], Nothing, resent::release;

    "a takeover rises above the attempt whose lease ran out", [1, 4, 6], Nothing, takeovers::rises_above_the_lapsed_attempt;
    "fences rise through takeover after takeover", [4], Nothing, takeovers::again_and_again;

    "an extension holds the record", [1, 6], Nothing, leases::extension_holds_the_record;
    "an extension after its own lease ran out is held", [6], Nothing, leases::extension_after_its_own_lease;
    "an extension by a foreign token changes nothing", [2], Nothing, leases::extension_by_a_foreign_token;
    "an extension of what does not run is lost", [2, 3], Nothing, leases::extension_of_what_does_not_run;
    "a batch of extensions is answered in order", [2], Nothing, leases::batch_answers_in_order;
    "a thousand leases are extended in one batch", [2], Nothing, leases::large_batch;
    "a running record outlives a ttl shorter than its lease", [6], Nothing, leases::running_record_outlives_its_ttl;
    "an extended lease keeps the record past its ttl", [6], Nothing, leases::extended_record_outlives_its_ttl;

    "a completion stores its answer for its own ttl", [3, 6], Nothing, completion::for_its_own_ttl;
    "a completion after its own lease ran out is stored", [6, 9], Nothing, stale::completion_after_its_own_lease;
    "a stale completion loses to a running attempt", [2, 10], Nothing, stale::completion_while_another_runs;
    "a stale completion loses to a done record", [3, 10], Nothing, stale::completion_after_another_is_done;
    "a stale completion of a released record finds no winner", [2, 10], Nothing, stale::completion_after_another_released;
    "a stale completion of a lapsed record finds no winner", [2, 10], Nothing, stale::completion_after_another_lapsed;
    "a completion of no record finds no winner", [2], Nothing, stale::completion_of_no_record;
    "a completion after its own release finds no winner", [2], Nothing, stale::completion_after_its_own_release;
    "a stale completion of an expired answer finds no winner", [2, 6], Nothing, stale::completion_of_an_expired_answer;
    "a completion by a foreign token changes nothing", [2], Nothing, stale::completion_by_a_foreign_token;
    "a completion with another fence changes nothing", [2], Nothing, stale::completion_with_another_fence;
    "a stale extension or release changes nothing", [2, 10], Nothing, stale::extension_and_release;

    "a release for a retry frees the record for any request", [2, 4], Nothing, releases::for_a_retry_frees_it_for_any_request;
    "an interrupted record is free for the same request only", [4, 11], Nothing, releases::of_an_interrupted_attempt_keeps_its_request;
    "a release by a foreign token changes nothing", [2], Nothing, releases::by_a_foreign_token_changes_nothing;
    "a release after its own lease ran out is held", [2], Nothing, releases::after_its_own_lease;
    "a claim learns the reason of the last release", [5], Nothing, releases::tells_the_last_reason;

    "another request sees whose record runs", [11], Nothing, fingerprints::while_it_runs;
    "another request does not take over a lapsed record", [11], Nothing, fingerprints::after_the_lease_ran_out;
    "another request sees whose record is done", [11], Nothing, fingerprints::when_it_is_done;

    "a done record is changed by nothing", [3], Nothing, finality::nothing_changes_it;
    "a done record says its age and its life", [7], Nothing, finality::it_says_its_age_and_its_life;
    "every byte of an answer comes back", [3], Nothing, finality::every_byte_comes_back;
    "an answer of 1 MiB comes back", [3], Nothing, finality::large_answers_come_back;
    "tombstones are kept like answers", [9], Nothing, finality::tombstones_are_kept;

    "an answer ends with its ttl, and fences rise through it", [4, 6], Nothing, expiry::ends_an_answer;
    "abandoned and released records end with their ttl", [4, 6], Nothing, expiry::ends_abandoned_and_released_records;
    "an expired record takes no other with it", [3], Nothing, expiry::leaves_others_alone;
    "a late retry is told from a first request", [5, 6], Grace, expiry::shows_a_late_retry;
    "a sweep removes the dead only", [3, 6], Sweep, sweeps::remove_the_dead_only;
    "a sweep removes no more than it may", [12], Sweep, sweeps::are_bounded;

    "steps come back on a takeover", [9], Steps, steps::come_back_on_a_takeover;
    "steps come back after a release", [9], Steps, steps::come_back_after_a_release;
    "a record without steps has none", [5], Steps, steps::of_nobody_are_none;
    "steps are seen by the same claim, sent again", [5], Steps, steps::are_seen_by_the_same_claim_sent_again;
    "steps survive a heartbeat", [6], Steps, steps::survive_a_heartbeat;
    "a paused attempt's step is refused", [2, 10], Steps, step_ends::of_a_paused_attempt_are_refused;
    "a step after its own lease is recorded", [2], Steps, step_ends::after_its_own_lease_are_recorded;
    "a step needs a running attempt", [2, 3], Steps, step_ends::need_a_running_attempt;
    "steps end with a completion", [3], Steps, step_ends::end_with_a_completion;
    "steps are not another request's", [11], Steps, step_ends::are_not_another_requests;
    "steps end with the record", [6], Steps, step_ends::end_with_the_record;
    "a step that is sent again changes nothing", [5], Steps, steps::sent_again_change_nothing;
    "steps of every byte and of 64 KiB come back", [9], Steps, steps::of_every_byte_and_size_come_back;
    "16 steps at once are all recorded", [5], Steps, steps::at_once_are_all_recorded;

    "no record has no view", [7], Nothing, views::of_no_record;
    "a view of a running record", [7], Nothing, views::of_a_running_record;
    "a view of a stuck record", [7], Nothing, views::of_a_stuck_record;
    "a view of a released record", [7], Nothing, views::of_a_released_record;
    "a view of a done record", [7], Nothing, views::of_a_done_record;
    "a view counts attempts, not claims", [5], Nothing, views::counts_attempts;

    "a wait ends with a completion", [7], Nothing, waiting::ends_with_a_completion;
    "a wait ends with a release", [7], Nothing, waiting::ends_with_a_release;
    "a wait ends with the lease", [7], Nothing, waiting::ends_with_the_lease;
    "a wait ends at its deadline", [12], Nothing, waiting::ends_at_its_deadline;
    "a wait is over where nothing runs", [7], Nothing, waiting::is_over_where_nothing_runs;

    "an operator's expire ends a lease", [2, 4], Operator, operator::expire_ends_a_lease;
    "an operator's expire refuses what has moved on", [2, 3], Operator, operator::expire_refuses_what_has_moved_on;
    "an operator's forget deletes a done record, and fences rise", [3, 4], Operator, operator::forget_deletes_a_done_record;
    "an operator's forget refuses all else", [2, 3], Operator, operator::forget_refuses_all_else;

    "a list shows what is in its state", [7], Lists, lists::show_what_is_in_the_state;
    "a list of an operation shows no other's", [7], Lists, lists::are_of_one_operation;
    "a list's pages show every record, in order or not", [12], Lists, lists::show_every_record;
    "a list shows no expired record", [6], Lists, lists::show_no_expired_record;
    "a list goes on where records move on", [12], Lists, lists::go_on_where_records_move;
    "a list changes no record", [3, 6], Lists, lists::change_nothing;
    "a foreign cursor is refused, or begins again", [8], Lists, figures::a_foreign_cursor_does_no_harm;
    "an operator's answer is a done record's", [3, 6], Lists, figures::an_answer_is_a_done_records;
    "figures add up", [7], Lists, figures::they_add_up;

    "a quota bounds one scope only", [12], Quota, quota::bounds_one_scope_only;
    "a quota counts living keys only", [12], Quota, quota::counts_living_keys_only;
    "a quota holds against concurrent claims", [12], Quota, quota::holds_against_concurrent_claims;

    "of 16 claims of a fresh record one wins", [1], Nothing, races::for_a_fresh_record;
    "of 16 claims of a lapsed record one wins", [1, 4], Nothing, races::for_a_lapsed_record;
    "of 16 claims of a released record one wins", [1, 4], Nothing, races::for_a_released_record;
    "16 copies of one claim get one answer", [5], Nothing, races::of_one_attempt_with_itself;
    "of a completion and a takeover one wins", [1, 10], Nothing, races::of_a_completion_with_a_takeover;
    "of an extension and a takeover one wins", [1, 2], Nothing, races::of_an_extension_with_a_takeover;
    "of two completions the owner's is stored", [2, 10], Nothing, races::of_two_completions;
}
