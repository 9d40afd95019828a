//! Is an answer a refusal as it should be?

use std::collections::BTreeMap;

use kernel::{
    Code, Operation, Response,
    error::FRONT,
    testing::{World, outcome},
};

/// Every record of every place, by place and key.
pub(super) type Records = BTreeMap<String, BTreeMap<String, Vec<u8>>>;

/// All records, but for those that count failures: counting is what they are for.
pub(super) fn records(world: &World) -> Records {
    let counts = |key: &str| key.starts_with("attempts/") || key.starts_with("stranger/");
    let mut all = world.all_records();
    for records in all.values_mut() {
        records.retain(|key, _| !counts(key));
    }
    all.retain(|_, records| !records.is_empty());
    all
}

/// Whether a response is a declared error of the client's, in the protocol's form. Gives its code.
pub(super) fn refusal(operation: &Operation, response: &Response) -> Result<Code, String> {
    let Err(failure) = outcome(response) else { return Err("was taken".into()) };
    let code = declared(operation, response)?;
    if !(400..500).contains(&failure.status) || failure.status != code.status() {
        return Err(format!("status {} of {}", failure.status, failure.code));
    }
    if failure.message.is_empty() {
        return Err(format!("{} says nothing", failure.code));
    }
    let kind = response.header("x-amzn-errortype");
    if kind != Some(&format!("{}:", failure.code)) {
        return Err(format!("x-amzn-errortype is {kind:?}, __type {}", failure.code));
    }
    if response.header("content-type") != Some("application/x-amz-json-1.1") {
        return Err("is not AWS JSON".into());
    }
    if response.header("x-amzn-requestid").is_none_or(str::is_empty) {
        return Err("has no request id".into());
    }
    Ok(code)
}

/// The code of an error, which the operation or the front declares.
pub(super) fn declared(operation: &Operation, response: &Response) -> Result<Code, String> {
    let Err(failure) = outcome(response) else { return Err("was taken".into()) };
    let code = Code::ALL.iter().copied().find(|code| code.wire() == failure.code);
    let code = code.ok_or_else(|| format!("{failure:?} is no error"))?;
    if operation.declares(code) || FRONT.contains(&code) {
        Ok(code)
    } else {
        Err(format!("{} is not declared", failure.code))
    }
}
