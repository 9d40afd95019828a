//! The operations, one file each, by resource.

mod account;
mod auth;
mod clients;
mod devices;
mod domains;
mod exports;
mod groups;
mod identities;
mod identity_pools;
mod imports;
mod limits;
mod messages;
mod mfa;
mod open_id_providers;
mod passkeys;
mod pools;
mod resource_servers;
mod roles;
mod sessions;
mod sts;
mod users;
mod verifiers;

use crate::{operation::Operation, outbox, shard, token};

/// Every operation of the deployment, by resource; internal ones last.
pub static OPERATIONS: &[Operation] = &[
    // account
    account::change_password::OPERATION,
    account::confirm_forgot_password::OPERATION,
    account::confirm_sign_up::OPERATION,
    account::delete_user::OPERATION,
    account::delete_user_attributes::OPERATION,
    account::forgot_password::OPERATION,
    account::get_user::OPERATION,
    account::get_user_attribute_verification_code::OPERATION,
    account::resend_confirmation_code::OPERATION,
    account::set_user_settings::OPERATION,
    account::sign_up::OPERATION,
    account::update_user_attributes::OPERATION,
    account::verify_user_attribute::OPERATION,
    // auth
    auth::admin_initiate_auth::OPERATION,
    auth::admin_respond_to_auth_challenge::OPERATION,
    auth::get_client_token::OPERATION,
    auth::get_tokens_from_refresh_token::OPERATION,
    auth::global_sign_out::OPERATION,
    auth::initiate_auth::OPERATION,
    auth::respond_to_auth_challenge::OPERATION,
    auth::revoke_token::OPERATION,
    // clients
    clients::add_user_pool_client_secret::OPERATION,
    clients::create_user_pool_client::OPERATION,
    clients::delete_user_pool_client::OPERATION,
    clients::delete_user_pool_client_secret::OPERATION,
    clients::describe_user_pool_client::OPERATION,
    clients::list_user_pool_client_secrets::OPERATION,
    clients::list_user_pool_clients::OPERATION,
    clients::update_user_pool_client::OPERATION,
    // devices
    devices::admin_forget_device::OPERATION,
    devices::admin_get_device::OPERATION,
    devices::admin_list_devices::OPERATION,
    devices::admin_update_device_status::OPERATION,
    devices::confirm_device::OPERATION,
    devices::forget_device::OPERATION,
    devices::get_device::OPERATION,
    devices::list_devices::OPERATION,
    devices::update_device_status::OPERATION,
    // domains
    domains::create_user_pool_domain::OPERATION,
    domains::delete_user_pool_domain::OPERATION,
    domains::describe_user_pool_domain::OPERATION,
    domains::update_user_pool_domain::OPERATION,
    // exports
    exports::create_user_export::OPERATION,
    exports::describe_user_export::OPERATION,
    // groups
    groups::admin_add_user_to_group::OPERATION,
    groups::admin_list_groups_for_user::OPERATION,
    groups::admin_remove_user_from_group::OPERATION,
    groups::create_group::OPERATION,
    groups::delete_group::OPERATION,
    groups::get_group::OPERATION,
    groups::list_groups::OPERATION,
    groups::list_users_in_group::OPERATION,
    groups::update_group::OPERATION,
    // identities
    identities::delete_identities::OPERATION,
    identities::describe_identity::OPERATION,
    identities::get_credentials_for_identity::OPERATION,
    identities::get_id::OPERATION,
    identities::get_open_id_token::OPERATION,
    identities::get_open_id_token_for_developer_identity::OPERATION,
    identities::list_identities::OPERATION,
    identities::lookup_developer_identity::OPERATION,
    identities::merge_developer_identities::OPERATION,
    identities::unlink_developer_identity::OPERATION,
    identities::unlink_identity::OPERATION,
    // identity pools
    identity_pools::create_identity_pool::OPERATION,
    identity_pools::delete_identity_pool::OPERATION,
    identity_pools::describe_identity_pool::OPERATION,
    identity_pools::get_identity_pool_roles::OPERATION,
    identity_pools::get_principal_tag_attribute_map::OPERATION,
    identity_pools::list_identity_pools::OPERATION,
    identity_pools::list_tags_for_resource::OPERATION,
    identity_pools::set_identity_pool_roles::OPERATION,
    identity_pools::set_principal_tag_attribute_map::OPERATION,
    identity_pools::tag_resource::OPERATION,
    identity_pools::untag_resource::OPERATION,
    identity_pools::update_identity_pool::OPERATION,
    // imports
    imports::create_user_import_job::OPERATION,
    imports::create_user_restore_job::OPERATION,
    imports::describe_user_import_job::OPERATION,
    imports::get_csv_header::OPERATION,
    imports::list_user_import_job_lines::OPERATION,
    imports::list_user_import_jobs::OPERATION,
    imports::start_user_import_job::OPERATION,
    imports::stop_user_import_job::OPERATION,
    // limits
    limits::get_provisioned_limit::OPERATION,
    limits::update_provisioned_limit::OPERATION,
    // mfa
    mfa::admin_delete_software_token::OPERATION,
    mfa::admin_get_user_auth_factors::OPERATION,
    mfa::admin_set_user_mfa_preference::OPERATION,
    mfa::associate_software_token::OPERATION,
    mfa::get_user_auth_factors::OPERATION,
    mfa::set_user_mfa_preference::OPERATION,
    mfa::verify_software_token::OPERATION,
    // OpenID Connect providers
    open_id_providers::add_client_id_to_open_id_connect_provider::OPERATION,
    open_id_providers::create_open_id_connect_provider::OPERATION,
    open_id_providers::delete_open_id_connect_provider::OPERATION,
    open_id_providers::get_open_id_connect_provider::OPERATION,
    open_id_providers::list_open_id_connect_providers::OPERATION,
    open_id_providers::remove_client_id_from_open_id_connect_provider::OPERATION,
    // passkeys
    passkeys::complete_web_authn_registration::OPERATION,
    passkeys::delete_web_authn_credential::OPERATION,
    passkeys::list_web_authn_credentials::OPERATION,
    passkeys::start_web_authn_registration::OPERATION,
    // pools
    pools::add_custom_attributes::OPERATION,
    pools::create_user_pool::OPERATION,
    pools::delete_user_pool::OPERATION,
    pools::describe_user_pool::OPERATION,
    pools::get_log_delivery_configuration::OPERATION,
    pools::get_user_pool_mfa_config::OPERATION,
    pools::list_tags_for_resource::OPERATION,
    pools::list_user_pools::OPERATION,
    pools::set_log_delivery_configuration::OPERATION,
    pools::set_user_pool_mfa_config::OPERATION,
    pools::tag_resource::OPERATION,
    pools::untag_resource::OPERATION,
    pools::update_user_pool::OPERATION,
    // resource servers
    resource_servers::create_resource_server::OPERATION,
    resource_servers::delete_resource_server::OPERATION,
    resource_servers::describe_resource_server::OPERATION,
    resource_servers::list_resource_servers::OPERATION,
    resource_servers::update_resource_server::OPERATION,
    // roles
    roles::create_role::OPERATION,
    roles::delete_role::OPERATION,
    roles::delete_role_policy::OPERATION,
    roles::get_role::OPERATION,
    roles::get_role_policy::OPERATION,
    roles::list_role_policies::OPERATION,
    roles::list_roles::OPERATION,
    roles::put_role_policy::OPERATION,
    roles::update_assume_role_policy::OPERATION,
    // sessions
    sessions::admin_list_user_sessions::OPERATION,
    sessions::admin_revoke_user_session::OPERATION,
    sessions::get_user_pool_client_session_configuration::OPERATION,
    sessions::get_user_pool_session_configuration::OPERATION,
    sessions::list_user_sessions::OPERATION,
    sessions::revoke_user_session::OPERATION,
    sessions::set_user_pool_client_session_configuration::OPERATION,
    sessions::set_user_pool_session_configuration::OPERATION,
    // sts
    sts::assume_role::OPERATION,
    sts::assume_role_with_web_identity::OPERATION,
    sts::get_caller_identity::OPERATION,
    sts::get_session_token::OPERATION,
    // users
    users::admin_confirm_sign_up::OPERATION,
    users::admin_create_user::OPERATION,
    users::admin_delete_user::OPERATION,
    users::admin_delete_user_attributes::OPERATION,
    users::admin_disable_user::OPERATION,
    users::admin_enable_user::OPERATION,
    users::admin_get_user::OPERATION,
    users::admin_reset_user_password::OPERATION,
    users::admin_set_user_password::OPERATION,
    users::admin_set_user_settings::OPERATION,
    users::admin_update_user_attributes::OPERATION,
    users::admin_user_global_sign_out::OPERATION,
    users::list_users::OPERATION,
    // extensions
    identities::revoke_identity_credentials::OPERATION,
    messages::delete_message_templates::OPERATION,
    messages::list_delivery_failures::OPERATION,
    messages::list_message_templates::OPERATION,
    messages::put_message_templates::OPERATION,
    pools::change_user_pool_schema::OPERATION,
    pools::change_user_pool_sign_in_names::OPERATION,
    users::search_users::OPERATION,
    // verifiers
    verifiers::create_verifier_key::OPERATION,
    verifiers::delete_verifier_key::OPERATION,
    verifiers::get_signing_key::OPERATION,
    verifiers::list_verifier_keys::OPERATION,
    // internal
    account::confirm_by_link::OPERATION,
    exports::expire_user_exports::OPERATION,
    exports::read_export_page::OPERATION,
    identities::drop_identities::OPERATION,
    identity_pools::delist_identity_pool::OPERATION,
    identity_pools::enlist_identity_pool::OPERATION,
    imports::expire_user_import_jobs::OPERATION,
    imports::receive_import_piece::OPERATION,
    imports::run_user_import_job::OPERATION,
    limits::adopt_rates::OPERATION,
    domains::claim_domain::OPERATION,
    domains::release_domain::OPERATION,
    domains::show_domain::OPERATION,
    open_id_providers::show_open_id_provider::OPERATION,
    pools::delist_pool::OPERATION,
    pools::enlist_pool::OPERATION,
    pools::relist_pool::OPERATION,
    pools::run_sign_in_name_change::OPERATION,
    roles::revoke_identity_here::OPERATION,
    roles::show_role::OPERATION,
    outbox::deposit::OPERATION,
    outbox::list_messages::OPERATION,
    messages::list_failures_here::OPERATION,
    shard::claim_alias::OPERATION,
    shard::count_users::OPERATION,
    shard::examine_users::OPERATION,
    shard::export_users::OPERATION,
    shard::holds_alias::OPERATION,
    shard::import_lines::OPERATION,
    shard::list_members::OPERATION,
    shard::make_keys::OPERATION,
    shard::owner_of_alias::OPERATION,
    shard::search_users_here::OPERATION,
    shard::settle_alias::OPERATION,
    shard::take_configuration::OPERATION,
    shard::wipe_shard::OPERATION,
    token::check_id_token::OPERATION,
    token::identity_configuration::OPERATION,
    token::identity_key_set::OPERATION,
    token::json_web_key_set::OPERATION,
    token::openid_configuration::OPERATION,
];
