//! Files that come and go, in tests.

use alloc::{format, string::String, vec::Vec};

use serde_json::json;

use super::{TestPool, World};
use crate::{Download, NEXT_PAGE, PIECE_BYTES, Request, Response, Upload, shape::Json};

/// A line with which a file for a pool without attributes of its own begins.
pub const CSV_HEADER: &str = "cognito:username,name,given_name,family_name,middle_name,nickname,preferred_username,profile,\
     picture,website,email,email_verified,gender,birthdate,zoneinfo,locale,phone_number,\
     phone_number_verified,address,updated_at,cognito:mfa_enabled";

/// A line of such a file: a user with a verified e-mail address.
#[must_use]
pub fn csv_line(name: &str) -> String {
    format!("{name},,,,,,,,,,{name}@example.com,true,,,,,,,,,false")
}

impl World {
    /// From now on (or no longer), uploads break off before their last piece.
    pub fn uploads_break(&self, breaks: bool) {
        self.uploads_break.set(breaks);
    }

    /// Sends a file to its place, as a host does.
    pub(super) fn upload(&self, upload: &Upload, body: &[u8]) -> Response {
        let pieces: Vec<&[u8]> = match body {
            [] => [body].into(),
            _ => body.chunks(PIECE_BYTES).collect(),
        };
        let (mut offset, mut response) = (0, Response::new(500));
        for (n, bytes) in (1..).zip(&pieces) {
            let is_last = n == pieces.len();
            if is_last && self.uploads_break.get() {
                break;
            }
            let piece = crate::piece(&upload.ticket, offset, is_last, bytes.to_vec());
            response = self.run(&upload.place, &piece.unwrap_or_default());
            if response.status != 200 {
                break;
            }
            offset += bytes.len() as u64;
        }
        response
    }

    /// Fetches all pages of a file, as a host does.
    pub(super) fn download(&self, download: &Download) -> Response {
        let mut all = self.run(&download.place, &download.message);
        while let Some(next) = all.header(NEXT_PAGE) {
            let message = crate::next_page(&download.message, next).unwrap_or_default();
            let page = self.run(&download.place, &message);
            if page.status != 200 {
                return page;
            }
            let body = [all.body, page.body.clone()].concat();
            all = Response { body, ..page };
        }
        all
    }

    /// Sends a file to a presigned URL, or fetches one.
    #[must_use]
    pub fn transfer(&self, method: &str, url: &Json, body: &[u8]) -> Response {
        let url = url.as_str().unwrap_or_default();
        let (origin, rest) = url.split_at(url.find("/_").unwrap_or_default());
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let host = origin.split_once("://").map_or("", |(_, host)| host);
        let headers: &[(&str, &str)] = match method {
            "PUT" => &[("host", host), ("x-amz-server-side-encryption", "aws:kms")],
            _ => &[("host", host)],
        };
        self.send(&Request {
            method: method.into(),
            origin: origin.into(),
            path: path.into(),
            query: query.into(),
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).into(), (*value).into()))
                .collect(),
            body: body.into(),
            ..Request::default()
        })
    }

    /// An import job whose file was sent; gives its id.
    #[must_use]
    pub fn import_job(&self, pool: &TestPool, settings: Json, file: &[u8]) -> String {
        let mut input = json!({
            "UserPoolId": pool.id, "JobName": "test",
            "CloudWatchLogsRoleArn": "arn:aws:iam::123456789012:role/logs",
        });
        if let (Json::Object(input), Json::Object(settings)) = (&mut input, settings) {
            input.extend(settings);
        }
        let mut job = self.ok("CreateUserImportJob", input)["UserImportJob"].take();
        let _ = self.transfer("PUT", &job["PreSignedUrl"], file);
        job["JobId"].take().as_str().unwrap_or_default().into()
    }

    /// How an import stands.
    #[must_use]
    pub fn import_status(&self, pool: &TestPool, job: &str) -> Json {
        let input = json!({ "UserPoolId": pool.id, "JobId": job });
        self.ok("DescribeUserImportJob", input)["UserImportJob"].take()
    }

    /// Imports a file to its end; gives the job as it stands then, and the lines of its log.
    #[must_use]
    pub fn import(&self, pool: &TestPool, settings: Json, file: &[u8]) -> (Json, Vec<String>) {
        let job = self.import_job(pool, settings, file);
        let input = json!({ "UserPoolId": pool.id, "JobId": job });
        let _ = self.ok("StartUserImportJob", input.clone());
        self.sleep_s(60);
        let log = self.ok("ListUserImportJobLines", input);
        let lines = log["Lines"].as_array().into_iter().flatten();
        let lines = lines.filter_map(Json::as_str).map(String::from).collect();
        (self.import_status(pool, &job), lines)
    }
}
