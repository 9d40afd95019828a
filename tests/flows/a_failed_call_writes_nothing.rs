//! A call that is refused leaves every record as it was.
//!
//! Wrong passwords and wrong codes are left out: that they are counted is what they are for.

use kernel::testing::{PASSWORD, TestPool, World};
use serde_json::{Value as Json, json};

use super::records;

/// A pool with users, a group, sessions and a pending code.
fn lived_in() -> (World, TestPool, Json) {
    let world = World::new();
    let pool = world.pool(json!({
        "AliasAttributes": ["email", "preferred_username"], "AutoVerifiedAttributes": ["email"],
    }));
    for name in ["ann", "bob"] {
        let attributes = json!([
            { "Name": "email", "Value": format!("{name}@example.com") },
            { "Name": "email_verified", "Value": "true" },
        ]);
        world.user(&pool, name, attributes);
    }
    let _ = world.ok(
        "SignUp",
        json!({
            "ClientId": pool.client, "Username": "zoe", "Password": PASSWORD,
            "UserAttributes": [{ "Name": "email", "Value": "ann@example.com" }],
        }),
    );
    let _ = world.ok("CreateGroup", json!({ "UserPoolId": pool.id, "GroupName": "readers" }));
    let _ = world.ok(
        "AdminAddUserToGroup",
        json!({ "UserPoolId": pool.id, "GroupName": "readers", "Username": "ann" }),
    );
    let tokens = world.sign_in(&pool, "ann");
    (world, pool, tokens)
}

/// Makes the calls, each of which must be refused with that error and change no record.
fn refused(world: &World, pool: &TestPool, calls: &[(&str, Json, &str)]) {
    let before = (records::of_account(world), records::of_pool(world, pool));
    for (operation, input, code) in calls {
        let failure = world.fails(operation, input.clone());
        assert_eq!((failure.status, &*failure.code), (400, *code), "{operation} {input}");
        let after = (records::of_account(world), records::of_pool(world, pool));
        assert_eq!(after, before, "{operation} {input}");
    }
}

#[test]
fn of_those_that_make_or_change_users() {
    let (world, pool, _) = lived_in();
    let alias_of_ann = json!([
        { "Name": "email", "Value": "ann@example.com" },
        { "Name": "email_verified", "Value": "true" },
    ]);
    let user = |name: &str, more: Json| {
        let mut input = json!({ "UserPoolId": pool.id, "Username": name });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let mut taken = user("eve", json!({ "MessageAction": "SUPPRESS" }));
    taken["UserAttributes"] = alias_of_ann;
    refused(
        &world,
        &pool,
        &[
            ("AdminCreateUser", user("ann", json!({})), "UsernameExistsException"),
            ("AdminCreateUser", taken, "UsernameExistsException"),
            (
                "AdminCreateUser",
                user("eve", json!({ "TemporaryPassword": "short" })),
                "InvalidPasswordException",
            ),
            (
                "AdminCreateUser",
                user("eve", json!({ "UserAttributes": [{ "Name": "custom:none", "Value": "x" }] })),
                "InvalidParameterException",
            ),
            (
                "AdminCreateUser",
                user("ann", json!({ "MessageAction": "RESEND" })),
                "UnsupportedUserStateException",
            ),
            (
                "AdminSetUserPassword",
                user("ann", json!({ "Password": "short", "Permanent": true })),
                "InvalidPasswordException",
            ),
            (
                "AdminSetUserPassword",
                user("eve", json!({ "Password": PASSWORD })),
                "UserNotFoundException",
            ),
            ("AdminResetUserPassword", user("zoe", json!({})), "NotAuthorizedException"),
            ("AdminResetUserPassword", user("eve", json!({})), "UserNotFoundException"),
            ("AdminDeleteUser", user("eve", json!({})), "UserNotFoundException"),
            ("AdminUserGlobalSignOut", user("eve", json!({})), "UserNotFoundException"),
            ("AdminConfirmSignUp", user("ann", json!({})), "NotAuthorizedException"),
            ("AdminDisableUser", user("eve", json!({})), "UserNotFoundException"),
            ("AdminEnableUser", user("eve", json!({})), "UserNotFoundException"),
        ],
    );
}

#[test]
fn of_those_that_change_attributes() {
    let (world, pool, tokens) = lived_in();
    let by_admin = |more: Json| {
        let mut input = json!({ "UserPoolId": pool.id, "Username": "bob" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let by_ann = |more: Json| {
        let mut input = json!({ "AccessToken": tokens["AccessToken"] });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let pair = |name: &str, value: &str| json!({ "Name": name, "Value": value });
    let changes = |second: Json| json!({ "UserAttributes": [pair("name", "New"), second] });
    let removals = |second: &str| json!({ "UserAttributeNames": ["email", second] });
    let by_mail = json!([{ "DeliveryMedium": "EMAIL", "AttributeName": "email" }]);
    let invalid = "InvalidParameterException";
    refused(
        &world,
        &pool,
        &[
            (
                "AdminUpdateUserAttributes",
                by_admin(json!({ "UserAttributes": [
                    pair("email", "ann@example.com"), pair("email_verified", "true"),
                ] })),
                "AliasExistsException",
            ),
            ("AdminUpdateUserAttributes", by_admin(changes(pair("custom:no", "x"))), invalid),
            ("AdminDeleteUserAttributes", by_admin(removals("custom:no")), invalid),
            ("AdminDeleteUserAttributes", by_admin(removals("sub")), invalid),
            ("AdminSetUserSettings", by_admin(json!({ "MFAOptions": by_mail })), invalid),
            ("UpdateUserAttributes", by_ann(changes(pair("birthdate", "soon"))), invalid),
            (
                "UpdateUserAttributes",
                by_ann(changes(pair("email_verified", "true"))),
                "NotAuthorizedException",
            ),
            (
                "UpdateUserAttributes",
                by_ann(changes(pair("preferred_username", "bob"))),
                "AliasExistsException",
            ),
            ("DeleteUserAttributes", by_ann(removals("sub")), invalid),
            (
                "VerifyUserAttribute",
                by_ann(json!({ "AttributeName": "email", "Code": "123456" })),
                "ExpiredCodeException",
            ),
            (
                "GetUserAttributeVerificationCode",
                by_ann(json!({ "AttributeName": "phone_number" })),
                invalid,
            ),
            ("SetUserSettings", by_ann(json!({ "MFAOptions": by_mail })), invalid),
        ],
    );
}

#[test]
fn of_those_that_users_make_themselves() {
    let (world, pool, tokens) = lived_in();
    let code = world.last_code();
    let stranger = world.client(&pool.id, json!({}));
    let signing_up = |name: &str, password: &str| {
        json!({
            "ClientId": pool.client, "Username": name, "Password": password,
            "UserAttributes": [{ "Name": "email", "Value": "eve@example.com" }],
        })
    };
    let confirming =
        |name: &str| json!({ "ClientId": pool.client, "Username": name, "ConfirmationCode": code });
    let spoiled = format!("{}x", tokens["AccessToken"].as_str().unwrap());
    refused(
        &world,
        &pool,
        &[
            ("SignUp", signing_up("ann", PASSWORD), "UsernameExistsException"),
            ("SignUp", signing_up("eve", "short"), "InvalidPasswordException"),
            ("SignUp", signing_up("eve@example.com", PASSWORD), "InvalidParameterException"),
            (
                "ForgotPassword",
                json!({ "ClientId": pool.client, "Username": "zoe" }),
                "InvalidParameterException",
            ),
            (
                "ConfirmForgotPassword",
                json!({
                    "ClientId": pool.client, "Username": "ann", "ConfirmationCode": code,
                    "Password": "Ch0sen-1!",
                }),
                "ExpiredCodeException",
            ),
            (
                "ChangePassword",
                json!({
                    "AccessToken": tokens["AccessToken"], "PreviousPassword": PASSWORD,
                    "ProposedPassword": "short",
                }),
                "InvalidPasswordException",
            ),
            (
                "ChangePassword",
                json!({ "AccessToken": tokens["AccessToken"], "ProposedPassword": PASSWORD }),
                "InvalidParameterException",
            ),
            ("ConfirmSignUp", confirming("zoe"), "AliasExistsException"),
            ("ConfirmSignUp", confirming("ann"), "NotAuthorizedException"),
            (
                "ResendConfirmationCode",
                json!({ "ClientId": pool.client, "Username": "ann" }),
                "InvalidParameterException",
            ),
            (
                "GetTokensFromRefreshToken",
                json!({ "ClientId": stranger, "RefreshToken": tokens["RefreshToken"] }),
                "NotAuthorizedException",
            ),
            ("GlobalSignOut", json!({ "AccessToken": spoiled }), "NotAuthorizedException"),
            (
                "RevokeToken",
                json!({ "ClientId": pool.client, "Token": tokens["AccessToken"] }),
                "UnsupportedTokenTypeException",
            ),
        ],
    );
}

#[test]
fn of_those_that_answer_a_challenge() {
    let (world, pool, _) = lived_in();
    let _ = world.ok(
        "AdminSetUserPassword",
        json!({ "UserPoolId": pool.id, "Username": "ann", "Password": PASSWORD }),
    );
    let asked = world.ok(
        "InitiateAuth",
        json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client,
            "AuthParameters": { "USERNAME": "ann", "PASSWORD": PASSWORD },
        }),
    );
    let answer = |responses: Json| {
        json!({
            "ChallengeName": "NEW_PASSWORD_REQUIRED", "ClientId": pool.client,
            "Session": asked["Session"], "ChallengeResponses": responses,
        })
    };
    refused(
        &world,
        &pool,
        &[
            (
                "RespondToAuthChallenge",
                answer(json!({ "USERNAME": "ann", "NEW_PASSWORD": "short" })),
                "InvalidPasswordException",
            ),
            (
                "RespondToAuthChallenge",
                answer(json!({ "USERNAME": "bob", "NEW_PASSWORD": "Chosen-1!" })),
                "NotAuthorizedException",
            ),
            (
                "RespondToAuthChallenge",
                answer(json!({
                    "USERNAME": "ann", "NEW_PASSWORD": "Chosen-1!",
                    "userAttributes.custom:none": "x",
                })),
                "InvalidParameterException",
            ),
        ],
    );
    let chosen = answer(json!({ "USERNAME": "ann", "NEW_PASSWORD": "Chosen-1!" }));
    let _ = world.ok("RespondToAuthChallenge", chosen);
}

#[test]
fn of_those_about_groups_clients_and_pools() {
    let (world, pool, _) = lived_in();
    let group = |name: &str| json!({ "UserPoolId": pool.id, "GroupName": name });
    let membership = |user: &str, group: &str| json!({ "UserPoolId": pool.id, "GroupName": group, "Username": user });
    let none = "eu-west-1_000000000";
    refused(
        &world,
        &pool,
        &[
            ("CreateGroup", group("readers"), "GroupExistsException"),
            ("DeleteGroup", group("writers"), "ResourceNotFoundException"),
            ("AdminAddUserToGroup", membership("ann", "writers"), "ResourceNotFoundException"),
            ("AdminAddUserToGroup", membership("eve", "readers"), "UserNotFoundException"),
            ("AdminRemoveUserFromGroup", membership("eve", "readers"), "UserNotFoundException"),
            ("CreateUserPool", json!({ "PoolName": "" }), "InvalidParameterException"),
            (
                "CreateUserPool",
                json!({
                    "PoolName": "both", "AliasAttributes": ["email"],
                    "UsernameAttributes": ["email"],
                }),
                "InvalidParameterException",
            ),
            (
                "UpdateUserPool",
                json!({ "UserPoolId": pool.id, "MfaConfiguration": "SOMETIMES" }),
                "InvalidParameterException",
            ),
            (
                "AddCustomAttributes",
                json!({
                    "UserPoolId": pool.id, "CustomAttributes": [{ "Name": "a" }, { "Name": "a" }],
                }),
                "InvalidParameterException",
            ),
            ("DeleteUserPool", json!({ "UserPoolId": none }), "ResourceNotFoundException"),
            (
                "CreateUserPoolClient",
                json!({ "UserPoolId": none, "ClientName": "x" }),
                "ResourceNotFoundException",
            ),
            (
                "UpdateUserPoolClient",
                json!({ "UserPoolId": pool.id, "ClientId": "none", "ClientName": "x" }),
                "ResourceNotFoundException",
            ),
            (
                "DeleteUserPoolClient",
                json!({ "UserPoolId": pool.id, "ClientId": "none" }),
                "ResourceNotFoundException",
            ),
        ],
    );
}

/// A pool that keeps track of sessions, with a machine of two secrets, a resource server, a prefix,
/// and a log that is delivered; and the other pool, which has nothing.
fn furnished() -> (World, TestPool, Json, TestPool) {
    let world = World::new();
    let (pool, other) = (world.pool(json!({})), world.pool(json!({})));
    let here = |mut input: Json| {
        input["UserPoolId"] = json!(pool.id);
        input
    };
    let scope = json!([{ "ScopeName": "buy", "ScopeDescription": "buys" }]);
    let shop = json!({ "Identifier": "shop", "Name": "Shop", "Scopes": scope });
    let _ = world.ok("CreateResourceServer", here(shop));
    let client = json!({
        "ClientName": "machine", "GenerateSecret": true, "AllowedOAuthFlowsUserPoolClient": true,
        "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["shop/buy"],
    });
    let made = world.ok("CreateUserPoolClient", here(client));
    let machine = made["UserPoolClient"].clone();
    let _ = world.ok("AddUserPoolClientSecret", here(json!({ "ClientId": machine["ClientId"] })));
    let _ = world.ok("CreateUserPoolDomain", here(json!({ "Domain": "shop" })));
    let _ = world.ok("SetLogDeliveryConfiguration", here(json!({ "LogConfigurations": [log()] })));
    let _ = world.ok("SetUserPoolSessionConfiguration", here(tracking(2)));
    (world, pool, machine, other)
}

fn log() -> Json {
    json!({
        "LogLevel": "ERROR", "EventSource": "userNotification",
        "CloudWatchLogsConfiguration": { "LogGroupArn": "arn:aws:logs:eu-west-1:123456789012:x" },
    })
}

fn tracking(max: i32) -> Json {
    json!({ "UserSessionTracking": "ENABLED", "TokenSession": { "MaxPerUser": max } })
}

#[test]
fn of_those_about_what_stands_beside_users() {
    let (world, pool, machine, other) = furnished();
    let at = |pool: &TestPool, mut input: Json| {
        input["UserPoolId"] = json!(pool.id);
        input
    };
    let here = |input: Json| at(&pool, input);
    let invalid = "InvalidParameterException";
    let missing = "ResourceNotFoundException";
    let server = |identifier: &str| json!({ "Identifier": identifier, "Name": "New" });
    let twice = json!([
        { "ScopeName": "buy", "ScopeDescription": "buys" },
        { "ScopeName": "buy", "ScopeDescription": "sells" },
    ]);
    let mut doubled = server("shop");
    doubled["Scopes"] = twice;
    let secret = |id: &str| json!({ "ClientId": machine["ClientId"], "ClientSecretId": id });
    let (mut two_logs, mut arn) = (log(), json!({ "ResourceArn": world.arn(&pool) }));
    two_logs["LogLevel"] = json!("INFO");
    arn["Tags"] = json!({ "cognate:token-algorithm": "HS256" });
    refused(
        &world,
        &pool,
        &[
            ("CreateResourceServer", here(server("shop")), invalid),
            ("CreateResourceServer", here(doubled.clone()), invalid),
            ("UpdateResourceServer", here(doubled), invalid),
            ("UpdateResourceServer", here(server("none")), missing),
            ("DeleteResourceServer", here(json!({ "Identifier": "none" })), missing),
            (
                "AddUserPoolClientSecret",
                here(json!({ "ClientId": machine["ClientId"] })),
                "LimitExceededException",
            ),
            ("AddUserPoolClientSecret", here(json!({ "ClientId": pool.client })), invalid),
            ("DeleteUserPoolClientSecret", here(secret("none")), missing),
            (
                "GetClientToken",
                json!({ "ClientId": machine["ClientId"], "Secret": "x".repeat(24) }),
                "NotAuthorizedException",
            ),
            (
                "GetClientToken",
                json!({
                    "ClientId": machine["ClientId"], "Secret": machine["ClientSecret"],
                    "Scopes": ["shop/sell"],
                }),
                invalid,
            ),
            ("CreateUserPoolDomain", here(json!({ "Domain": "another" })), invalid),
            ("CreateUserPoolDomain", at(&other, json!({ "Domain": "shop" })), invalid),
            ("DeleteUserPoolDomain", at(&other, json!({ "Domain": "shop" })), invalid),
            (
                "UpdateUserPoolDomain",
                here(json!({ "Domain": "shop", "ManagedLoginVersion": 3 })),
                invalid,
            ),
            ("DeleteUserPool", here(json!({})), invalid),
            (
                "SetLogDeliveryConfiguration",
                here(json!({ "LogConfigurations": [log(), two_logs] })),
                invalid,
            ),
            ("TagResource", arn, invalid),
        ],
    );
}

#[test]
fn of_those_about_sessions_and_limits() {
    let (world, pool, _, other) = furnished();
    world.user(&pool, "ann", json!([]));
    world.user(&pool, "bob", json!([]));
    let (ann, bob) = (world.sign_in(&pool, "ann"), world.sign_in(&pool, "bob"));
    let named = |mut input: Json, name: &str| {
        input["UserPoolId"] = json!(pool.id);
        input["Username"] = json!(name);
        input
    };
    let sessions = world.ok("AdminListUserSessions", named(json!({}), "ann"));
    let own = &sessions["Sessions"][0]["SessionId"];
    let by = |tokens: &Json| json!({ "AccessToken": tokens["AccessToken"], "SessionId": own });
    let category =
        |name: &str| json!({ "LimitClass": "API_CATEGORY", "Attributes": { "Category": name } });
    let limit = |name: &str, value: i32| json!({ "LimitDefinition": category(name), "RequestedLimitValue": value });
    let mut too_many = tracking(101);
    too_many["UserPoolId"] = json!(pool.id);
    let sso = |pool: &TestPool, client: &str, minutes: i32| {
        json!({
            "UserPoolId": pool.id, "ClientId": client,
            "SSOSession": { "MaxValidityMinutes": minutes },
        })
    };
    let (invalid, missing) = ("InvalidParameterException", "ResourceNotFoundException");
    refused(
        &world,
        &pool,
        &[
            ("RevokeUserSession", by(&ann), invalid),
            ("RevokeUserSession", by(&bob), missing),
            ("AdminRevokeUserSession", named(json!({ "SessionId": own }), "bob"), missing),
            (
                "AdminRevokeUserSession",
                named(json!({ "SessionId": own }), "eve"),
                "UserNotFoundException",
            ),
            ("SetUserPoolSessionConfiguration", too_many, invalid),
            ("SetUserPoolClientSessionConfiguration", sso(&pool, &pool.client, 129_601), invalid),
            ("SetUserPoolClientSessionConfiguration", sso(&pool, "none", 5), missing),
            (
                "SetUserPoolClientSessionConfiguration",
                sso(&other, &other.client, 5),
                "OperationNotEnabledException",
            ),
            ("UpdateProvisionedLimit", limit("UserRead", 0), invalid),
            ("UpdateProvisionedLimit", limit("Everything", 5), invalid),
        ],
    );
}
