//! What a user's groups put into tokens: their names, their roles, the preferred role.

use alloc::string::{String, ToString};

use crate::{
    cx::Cx,
    directory,
    error::Error,
    model::{group::Group, user::User},
    trigger::pre_token_generation::Groups,
};

/// The group claims of a token: names, best precedence first, then by name; the role ARNs of these
/// groups in the same order, each once; the role of the one group of best precedence, none if that
/// is not one role.
pub(super) fn of(cx: &Cx, user: &User) -> Result<Groups, Error> {
    let mut groups = directory::groups_of(cx, user)?;
    groups.sort_by(|a, b| (rank(a), &a.name).cmp(&(rank(b), &b.name)));
    let mut claims = Groups::default();
    for group in &groups {
        claims.names.push(group.name.clone());
        if let Some(role) = &group.role_arn
            && !claims.roles.contains(role)
        {
            claims.roles.push(role.to_string());
        }
    }
    claims.preferred = preferred(groups.iter().map(|group| &**group), &claims.roles);
    Ok(claims)
}

/// No precedence is worse than any.
fn rank(group: &Group) -> (bool, i32) {
    (group.precedence.is_none(), group.precedence.unwrap_or(0))
}

/// The role of the group that comes first; of several that come first together if it is the same
/// one; the only role if there is no other.
fn preferred<'a>(groups: impl Iterator<Item = &'a Group>, roles: &[String]) -> Option<String> {
    if let [only] = roles {
        return Some(only.clone());
    }
    let with_role = groups.filter_map(|group| Some((rank(group), group.role_arn.as_ref()?)));
    let mut with_role = with_role.peekable();
    let (best, role) = *with_role.peek()?;
    let mut tied = with_role.take_while(|(rank, _)| *rank == best);
    tied.all(|(_, other)| other == role).then(|| role.clone())
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    fn group(name: &str, precedence: Option<i32>, role: Option<&str>) -> Group {
        Group {
            name: name.into(),
            id: name.into(),
            description: None,
            role_arn: role.map(Into::into),
            precedence,
            created_ms: 0,
            modified_ms: 0,
        }
    }

    fn preferred_of(groups: &[Group]) -> Option<String> {
        let mut roles: Vec<String> = groups.iter().filter_map(|g| g.role_arn.clone()).collect();
        roles.dedup();
        preferred(groups.iter(), &roles)
    }

    #[test]
    fn the_best_precedence_gives_the_preferred_role() {
        let groups = [group("a", Some(0), Some("x")), group("b", Some(5), Some("y"))];
        assert_eq!(preferred_of(&groups).as_deref(), Some("x"));
    }

    #[test]
    fn a_tie_of_two_roles_leaves_none_preferred() {
        let groups = [
            group("a", Some(1), Some("x")),
            group("b", Some(1), Some("y")),
            group("c", None, Some("z")),
        ];
        assert_eq!(preferred_of(&groups), None);
    }

    #[test]
    fn the_only_role_is_preferred_whoever_has_it() {
        let groups = [group("a", Some(0), None), group("b", None, Some("y"))];
        assert_eq!(preferred_of(&groups).as_deref(), Some("y"));
    }
}
