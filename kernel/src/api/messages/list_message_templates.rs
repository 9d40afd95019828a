//! `Cognate.ListMessageTemplates`: tells what messages say in which languages.

use crate::{delivery::language::Templates, prelude::*, store::keys};

operation!(extension ListMessageTemplates, Iam, reach Pool, now, adds []);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
} }

shape! { Output {
    Languages languages: Vec<MessageTemplatesOfLanguageType>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    cx.pool(&input.user_pool_id)?;
    let all = keys::under(keys::LANGUAGES);
    // There are no more than a page would hold.
    let rows = cx.scan::<Templates>(all.start.as_str()..all.end.as_str(), usize::MAX)?;
    let languages = rows.into_iter().map(|row| {
        let language = row.key().strip_prefix(keys::LANGUAGES).unwrap_or_default();
        MessageTemplatesOfLanguageType {
            language: language.to_string().into(),
            templates: row.into_inner().description,
        }
    });
    Ok(Output { languages: languages.collect() })
}
