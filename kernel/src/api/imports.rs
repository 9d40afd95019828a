//! Imports of users.

pub(crate) mod create_user_import_job;
pub(crate) mod describe_user_import_job;
pub(crate) mod expire_user_import_jobs;
pub(crate) mod get_csv_header;
pub(crate) mod list_user_import_job_lines;
pub(crate) mod list_user_import_jobs;
pub(crate) mod receive_import_piece;
pub(crate) mod run_user_import_job;
pub(crate) mod start_user_import_job;
pub(crate) mod stop_user_import_job;
