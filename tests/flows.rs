//! Do operations add up to behaviours? A sentence a file.

#[cfg(test)]
mod flows {
    mod a_call_reads_no_more_where_there_are_more_users;
    mod a_copied_pool_keeps_every_password;
    mod a_deleted_groups_members_do_not_join_the_next_of_that_name;
    mod a_deleted_pool_leaves_no_record;
    mod a_deleted_user_leaves_no_record;
    mod a_disabled_user_can_neither_sign_in_nor_refresh;
    mod a_failed_call_writes_nothing;
    mod a_file_comes_whole_or_not_at_all;
    mod a_passkey_signs_its_user_in;
    mod a_proof_by_passkey_is_good_for_one_sign_in;
    mod a_remembered_device_needs_no_second_factor;
    mod a_second_factor_is_asked_for_where_it_is_wanted;
    mod a_session_of_a_challenge_is_good_once;
    mod a_sign_in_is_as_sure_as_is_asked;
    mod a_sign_in_withstands_attacks;
    mod a_split_pool_is_one_pool;
    mod a_split_pool_takes_each_line_once;
    mod a_trigger_asks_its_own_challenge;
    mod a_trigger_steers_a_sign_in;
    mod a_trigger_steers_a_sign_up;
    mod a_user_chooses_how_to_sign_in;
    mod a_user_of_an_older_directory_comes_over;
    mod a_user_of_two_groups_gets_the_better_role;
    mod an_address_is_one_users_however_many_ask;
    mod an_attribute_holds_what_its_schema_says;
    mod an_import_loses_no_line_and_repeats_none;
    mod device_client;
    mod each_source_of_a_sign_in_says_what_cognito_says;
    mod every_edge_of_a_sign_in;
    mod every_status_has_its_ways_in_and_out;
    mod five_wrong_passwords_lock_a_user_for_a_while;
    mod functions_hear_of_what_follows_a_password;
    mod imported_passwords_work_at_once_and_by_srp_afterwards;
    mod nobody_is_as_much_work_as_a_user;
    mod pools_share_nothing;
    mod records;
    mod second_factors_are_set_up_in_a_split_pool;
    mod srp_client;
    mod srp_proves_a_password_without_sending_it;
    mod strangers_are_answered_as_users_are;
    mod the_next_user_of_a_name_is_somebody_else;
    mod users_get_other_names_and_stay_who_they_are;
}
