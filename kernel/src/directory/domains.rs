//! Which domains does a pool have? A prefix and one of its own, at most.

use crate::{cx::Cx, error::Error, model::domain::Domain, shapes, store::keys};

/// As many as a pool has, and then some.
const DOMAINS_MAX: usize = 4;

/// The pool's prefix and its custom domain.
pub(crate) fn domains(cx: &Cx) -> Result<[Option<shapes::Domain>; 2], Error> {
    let all = keys::under(keys::DOMAINS);
    let mut found = [None, None];
    for domain in cx.scan::<Domain>(&all.start..&all.end, DOMAINS_MAX)? {
        let [prefix, custom] = &mut found;
        let kind = if domain.is_custom() { custom } else { prefix };
        kind.clone_from(&domain.description.domain);
    }
    Ok(found)
}
