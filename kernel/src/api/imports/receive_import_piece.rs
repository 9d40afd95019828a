//! `ReceiveImportPiece`: takes a piece of the file that an import waits for.

use crate::{
    model::import::{self, file::Came},
    prelude::*,
    shape::Blob,
};

operation!(ReceiveImportPiece, Internal, now);

shape! { Input, sensitive {
    JobId job_id: String,
    UploadId upload_id: String,
    Offset offset: i64,
    IsLast is_last: bool,
    Bytes bytes: Blob,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    cx.pool_here()?;
    let mut job = import::find(cx, &input.job_id)?;
    if job.status(cx.now_ms()) != UserImportJobStatus::Created {
        let message = "The import job takes no file any more.";
        return Err(Error::saying(Code::PreconditionNotMet, message));
    }
    let came = Came {
        upload: &input.upload_id,
        offset: u64::try_from(input.offset).map_err(|_| Error::bug("a piece comes before 0"))?,
        is_last: input.is_last,
        bytes: &input.bytes.0,
    };
    job.receive(cx, &came)?;
    job.save()?;
    Ok(Output {})
}
