//! The file of an import comes to its presigned URL, once, in time, and whole.

use kernel::{
    PIECE_BYTES, Request, Response,
    testing::{CSV_HEADER, TestPool, World, csv_line},
};
use serde_json::{Value as Json, json};

fn pool(world: &World) -> TestPool {
    world.pool(json!({ "AutoVerifiedAttributes": ["email"] }))
}

fn job(world: &World, pool: &TestPool) -> Json {
    world.ok(
        "CreateUserImportJob",
        json!({
            "UserPoolId": pool.id, "JobName": "move",
            "CloudWatchLogsRoleArn": "arn:aws:iam::123456789012:role/logs",
        }),
    )["UserImportJob"]
        .take()
}

/// The status and S3's name of what went wrong.
fn refusal(response: &Response) -> (u16, String) {
    let body = String::from_utf8_lossy(&response.body);
    let code = body.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
    (response.status, code.map(|(code, _)| code.to_owned()).unwrap_or_default())
}

fn start(world: &World, pool: &TestPool, job: &Json) -> Result<Json, String> {
    let input = json!({ "UserPoolId": pool.id, "JobId": job["JobId"] });
    let outcome = world.call("StartUserImportJob", input);
    outcome.map_err(|failure| format!("{}: {}", failure.code, failure.message))
}

#[test]
fn the_url_takes_one_file_for_fifteen_minutes() {
    let world = World::new();
    let pool = pool(&world);
    let job = job(&world, &pool);
    let file = format!("{CSV_HEADER}\n{}\n", csv_line("ann"));
    let url = &job["PreSignedUrl"];
    assert!(url.as_str().unwrap().starts_with("http://localhost:8787/_cognate/import/"), "{url}");
    world.advance_s(901);
    let late = world.transfer("PUT", url, file.as_bytes());
    assert_eq!(refusal(&late), (403, "AccessDenied".into()));
    // Whoever may see the job gets another one.
    let seen = world.import_status(&pool, job["JobId"].as_str().unwrap());
    let taken = world.transfer("PUT", &seen["PreSignedUrl"], file.as_bytes());
    assert_eq!((taken.status, taken.body.len()), (200, 0));
    assert_eq!(taken.header("access-control-allow-origin"), Some("*"));
    let again = world.transfer("PUT", &seen["PreSignedUrl"], file.as_bytes());
    assert_eq!(refusal(&again), (412, "PreconditionFailed".into()));
    start(&world, &pool, &job).unwrap();
}

#[test]
fn a_url_that_was_changed_opens_nothing() {
    let world = World::new();
    let pool = pool(&world);
    let (job, other) = (job(&world, &pool), job(&world, &pool));
    let url = job["PreSignedUrl"].as_str().unwrap();
    let id = |job: &Json| job["JobId"].as_str().unwrap().to_owned();
    let elsewhere = url.replace(&id(&job), &id(&other));
    let longer = url.replace("X-Amz-Expires=900", "X-Amz-Expires=90000");
    for changed in [elsewhere, longer] {
        assert_ne!(changed, url);
        let refused = world.transfer("PUT", &json!(changed), b"x");
        assert_eq!(refusal(&refused), (403, "SignatureDoesNotMatch".into()));
    }
    let fetched = world.transfer("GET", &json!(url), b"");
    assert_eq!(refusal(&fetched), (404, "NoSuchKey".into()));
    let (path, query) = url["http://localhost:8787".len()..].split_once('?').unwrap();
    let plain = Request {
        method: "PUT".into(),
        origin: "http://localhost:8787".into(),
        path: path.into(),
        query: query.into(),
        headers: vec![("host".into(), "localhost:8787".into())],
        ..Request::default()
    };
    // S3 insists on what was signed, the encryption included.
    assert_eq!(refusal(&world.send(&plain)), (403, "SignatureDoesNotMatch".into()));
    let unsigned = Request { query: String::new(), ..plain };
    assert_eq!(refusal(&world.send(&unsigned)), (403, "AccessDenied".into()));
}

#[test]
fn half_an_upload_is_no_file_and_the_next_one_begins_anew() {
    let world = World::new();
    let pool = pool(&world);
    let job = job(&world, &pool);
    let lines: Vec<String> = (0..9_000).map(|n| csv_line(&format!("user{n:05}"))).collect();
    let file = format!("{CSV_HEADER}\n{}\n", lines.join("\n"));
    assert!(file.len() > PIECE_BYTES);
    world.uploads_break(true);
    let _ = world.transfer("PUT", &job["PreSignedUrl"], file.as_bytes());
    assert_eq!(
        start(&world, &pool, &job).unwrap_err(),
        "PreconditionNotMetException: The file of the import job was not sent yet."
    );
    world.uploads_break(false);
    let short = format!("{CSV_HEADER}\n{}", csv_line("ann"));
    assert_eq!(world.transfer("PUT", &job["PreSignedUrl"], short.as_bytes()).status, 200);
    start(&world, &pool, &job).unwrap();
    world.sleep_s(60);
    let ended = world.import_status(&pool, job["JobId"].as_str().unwrap());
    assert_eq!((&ended["Status"], &ended["ImportedUsers"]), (&json!("Succeeded"), &json!(1)));
}

#[test]
fn a_file_that_is_too_large_is_refused_however_it_comes() {
    let world = World::new();
    let pool = pool(&world);
    let job = job(&world, &pool);
    let url = job["PreSignedUrl"].as_str().unwrap();
    let (path, query) = url["http://localhost:8787".len()..].split_once('?').unwrap();
    let announced = Request {
        method: "PUT".into(),
        origin: "http://localhost:8787".into(),
        path: path.into(),
        query: query.into(),
        headers: [
            ("host", "localhost:8787"),
            ("content-length", "104857601"),
            ("x-amz-server-side-encryption", "aws:kms"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into(),
        ..Request::default()
    };
    assert_eq!(refusal(&world.send(&announced)), (400, "EntityTooLarge".into()));
    assert!(start(&world, &pool, &job).unwrap_err().ends_with("was not sent yet."));
}

#[test]
fn a_browser_may_send_a_file() {
    let asked = Request {
        method: "OPTIONS".into(),
        path: "/_cognate/import/eu-west-1_000000000/import-1".into(),
        headers: vec![(
            "access-control-request-headers".into(),
            "x-amz-server-side-encryption".into(),
        )],
        ..Request::default()
    };
    let response = World::new().send(&asked);
    assert!(response.header("access-control-allow-methods").unwrap().contains("PUT"));
}

#[test]
fn a_job_that_nobody_starts_expires_with_its_file() {
    let world = World::new();
    let pool = pool(&world);
    let job = world.import_job(&pool, json!({}), CSV_HEADER.as_bytes());
    let before = super::records::store(&world, &pool).len();
    world.sleep_s(24 * 60 * 60 + 1);
    assert_eq!(world.import_status(&pool, &job)["Status"], "Expired");
    // The file and the alarm have gone.
    assert_eq!(super::records::store(&world, &pool).len(), before - 2);
    assert_eq!(world.next_wake_ms(), None);
    let refused = start(&world, &pool, &json!({ "JobId": job })).unwrap_err();
    assert_eq!(refused, "PreconditionNotMetException: The import job has expired.");
}
