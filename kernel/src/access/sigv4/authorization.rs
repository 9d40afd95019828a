//! What does an `Authorization` header say about the signature?

use alloc::{borrow::Cow, format, string::String};

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{Signed, Stated, incomplete};
use crate::{
    crypto::sha256,
    error::{Code, Error},
};

/// `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`
pub(super) fn read<'a>(request: &Signed<'a>) -> Result<Stated<'a>, Error> {
    let header = request.header("authorization")?.filter(|header| header.starts_with("AWS4-"));
    let header = header.ok_or(Code::MissingAuthenticationToken)?;
    let (algorithm, parameters) =
        header.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((header, ""));
    let [credential, signature, signed_headers] = split(header, parameters)?;
    let date = match request.header("x-amz-date")? {
        Some(date) => Some(date),
        None => request.header("date")?,
    };

    let is_set = |value: &&str| !value.is_empty();
    match (credential.filter(is_set), signature.filter(is_set), signed_headers, date.filter(is_set))
    {
        (Some(credential), Some(signature), Some(signed_headers), Some(date)) => Ok(Stated {
            algorithm: algorithm.into(),
            credential: credential.into(),
            date: date.into(),
            expires_s: None,
            is_presigned: false,
            session_token: request.header("x-amz-security-token")?.map(Cow::Borrowed),
            signature: signature.into(),
            signed_headers: signed_headers.into(),
        }),
        (credential, signature, signed_headers, date) => {
            let lacks = [
                credential.is_none().then_some("'Credential' parameter."),
                signature.is_none().then_some("'Signature' parameter."),
                signed_headers.is_none().then_some("'SignedHeaders' parameter."),
                date.is_none().then_some("existence of either a 'X-Amz-Date' or a 'Date' header."),
            ];
            Err(lacking(header, lacks))
        }
    }
}

/// The parameters of these names. Commas and blanks both stand between them.
fn split<'a>(header: &str, parameters: &'a str) -> Result<[Option<&'a str>; 3], Error> {
    let mut found = [None; 3];
    let parameters = parameters.split(|c: char| c == ',' || c.is_ascii_whitespace());
    for parameter in parameters.filter(|parameter| !parameter.is_empty()) {
        let Some((name, value)) = parameter.split_once('=') else {
            return Err(incomplete(format!(
                "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with \
                 SHA-256 and encoded with Base64): '{}'.",
                digest(header)
            )));
        };
        let [credential, signature, signed_headers] = &mut found;
        let place = match name {
            "Credential" => credential,
            "Signature" => signature,
            "SignedHeaders" => signed_headers,
            _ => continue,
        };
        if place.replace(value).is_some() {
            return Err(incomplete(format!(
                "Authorization header must not have the '{name}' parameter twice."
            )));
        }
    }
    Ok(found)
}

fn lacking(header: &str, lacks: [Option<&str>; 4]) -> Error {
    let mut message = String::new();
    for lack in lacks.into_iter().flatten() {
        message.push_str("Authorization header requires ");
        message.push_str(lack);
        message.push(' ');
    }
    message.push_str("(Hashed with SHA-256 and encoded with Base64) Authorization=");
    message.push_str(&digest(header));
    incomplete(message)
}

/// How AWS shows a header that may hold a secret.
fn digest(header: &str) -> String {
    BASE64_STANDARD.encode(sha256(&[header.as_bytes()]))
}
