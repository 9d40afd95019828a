//! `AdminCreateUser`: makes a user and invites them.
//!
//! The user stands before anything is sent. In a pool where users need no password, one without a
//! password is confirmed at once and gets no invitation, since there is nothing to tell.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html>

use crate::{
    delivery::{Delivery, Medium, Reason, template},
    directory,
    model::{
        attribute::{self, Writer},
        credential::Credential,
        password,
        pool::Pool,
        user::{User, UserStatus as Status, VERIFIABLE},
        username,
    },
    prelude::*,
    store::keys,
};

operation!(
    AdminCreateUser, Iam, reach Pool, asks,
    adds [
        CodeDeliveryFailure, InvalidLambdaResponse, InvalidPassword, InvalidSmsRoleAccessPolicy,
        InvalidSmsRoleTrustRelationship, PreconditionNotMet, UnexpectedLambda, UnsupportedUserState,
        UserLambdaValidation, UserNotFound, UsernameExists,
    ]
);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
    Username username: Username,
    UserAttributes user_attributes: Option<Vec<AttributeType>>,
    ValidationData validation_data: Option<Vec<AttributeType>>,
    TemporaryPassword temporary_password: Option<Password>,
    ForceAliasCreation force_alias_creation: Option<bool>,
    MessageAction message_action: Option<MessageAction>,
    DesiredDeliveryMediums desired_delivery_mediums: Option<Vec<DeliveryMedium>>,
    ClientMetadata client_metadata: Option<ClientMetadata>,
} }

shape! { Output {
    User user: Option<UserType>,
} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let (user, invitations) = match input.message_action {
        Some(MessageAction::Resend) => renew(cx, &input)?,
        Some(MessageAction::Suppress) => (create(cx, &input)?.0, Vec::new()),
        None => create(cx, &input)?,
    };
    cx.commit()?;
    for invitation in invitations {
        cx.deliver(invitation).await?;
    }
    Ok(Output { user: Some(user) })
}

fn create(cx: &Cx, input: &Input) -> Result<(UserType, Vec<Delivery>), Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let sub = cx.random.uuid();
    let name = username::of_new_user(&pool, input.username.as_str(), &sub)?;
    let given = input.user_attributes.clone().unwrap_or_default();
    let mut attributes = attribute::of_new_user(&pool, Writer::Administrator, given)?;
    name.lend(&mut attributes, input.username.as_str(), &pool)?;
    let password = password(cx, &pool, input)?;

    let status = if password.is_some() { Status::ForceChangePassword } else { Status::Confirmed };
    let mut user = User::new(name.username, sub, status, cx.now_ms());
    user.attributes = attributes;
    if input.force_alias_creation == Some(true) {
        for attribute in VERIFIABLE.into_iter().filter(|name| user.is_verified(name)) {
            if let Some(value) = user.attribute(attribute) {
                directory::release(cx, &pool, attribute, value)?;
            }
        }
    }
    directory::insert(cx, &pool, &user).map_err(|error| match error.code {
        Code::UsernameExists => Error::saying(error.code, "User account already exists"),
        // The operation declares no other error for a name that is taken.
        Code::AliasExists => Error { code: Code::UsernameExists, ..error },
        _ => error,
    })?;
    let Some(password) = password else { return Ok((user.described(), Vec::new())) };
    set(cx, &pool, &mut user, &password)?;
    cx.put(&keys::user(&pool.fold(&user.username)), &user)?;
    Ok((user.described(), invitations(&pool, &user, &password, input)))
}

/// A new temporary password for a user who has not replaced the first one.
fn renew(cx: &Cx, input: &Input) -> Result<(UserType, Vec<Delivery>), Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let mut user = directory::known(cx, &pool, input.username.as_str())?;
    if user.status != Status::ForceChangePassword {
        let name = input.username.as_str();
        return Err(Error::saying(
            Code::UnsupportedUserState,
            alloc::format!("Resend not possible. {name} status is not FORCE_CHANGE_PASSWORD"),
        ));
    }
    let given = input.temporary_password.as_ref().map(Text::as_str);
    let password = match given {
        Some(given) => checked(&pool, given)?,
        None => password::temporary(&pool, &cx.random),
    };
    let before = User::clone(&user);
    set(cx, &pool, &mut user, &password)?;
    directory::save(cx, &pool, &before, &mut user)?;
    Ok((user.described(), invitations(&pool, &user, &password, input)))
}

/// The temporary password: given, or made where one is needed.
fn password(cx: &Cx, pool: &Pool, input: &Input) -> Result<Option<String>, Error> {
    match &input.temporary_password {
        Some(given) => checked(pool, given.as_str()).map(Some),
        None if pool.is_passwordless() => Ok(None),
        None => Ok(Some(password::temporary(pool, &cx.random))),
    }
}

fn checked(pool: &Pool, given: &str) -> Result<String, Error> {
    password::check(pool, given)?;
    Ok(given.into())
}

fn set(cx: &Cx, pool: &Pool, user: &mut User, password: &str) -> Result<(), Error> {
    let until_ms = password::temporary_until_ms(pool, cx.now_ms());
    user.credential = Some(Credential::new(cx, pool.owner(user), password, Some(until_ms))?);
    Ok(())
}

/// One by each medium that was asked for and for which there is an address.
fn invitations(pool: &Pool, user: &User, password: &str, input: &Input) -> Vec<Delivery> {
    let desired = input.desired_delivery_mediums.as_deref().unwrap_or(&[DeliveryMedium::Sms]);
    let name = input.username.as_str();
    [Medium::Email, Medium::Sms]
        .into_iter()
        .filter(|medium| desired.contains(&medium.shown()))
        .filter_map(|medium| {
            let destination = user.attribute(medium.attribute())?;
            let words = template::invitation(pool, medium, name, password);
            Some(Delivery {
                medium,
                destination: destination.into(),
                subject: words.subject,
                body: words.body,
                code: password.into(),
                reason: Reason::AdminCreateUser,
                user_pool_id: pool.id.clone(),
                client_id: None,
                username: user.username.clone(),
            })
        })
        .collect()
}
