//! `Cognate.DeleteMessageTemplates`: has messages in a language say again what the pool says.

use crate::{
    delivery::language::{Templates, folded},
    prelude::*,
    store::keys,
};

operation!(extension DeleteMessageTemplates, Iam, reach Pool, now, adds []);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Language language: MessageLanguage,
} }

shape! { Output {} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    cx.pool(&input.user_pool_id)?;
    let language = input.language.as_str();
    match cx.get::<Templates>(keys::language(&folded(language)))? {
        Some(templates) => {
            templates.delete();
            Ok(Output {})
        }
        None => {
            let message = alloc::format!("There are no templates in {language}.");
            Err(Error::saying(Code::ResourceNotFound, message))
        }
    }
}
