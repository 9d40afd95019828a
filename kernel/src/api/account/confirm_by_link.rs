//! Confirms a user by the link that was sent; what comes of it is told on a page.
//!
//! Whoever has the link needs no client's secret: it was asked for through the client.

use crate::{
    flow::confirmation::{self, Given},
    prelude::*,
    trigger::{self, Invocation, Occasion, post_confirmation},
};

operation!(ConfirmByLink, Internal, asks);

shape! { Input {
    ClientId client_id: ClientId,
    Username username: Username,
    ConfirmationCode confirmation_code: String,
} }
shape! { Output {} }

async fn handle(cx: &mut Cx, input: Input) -> Result<Output, Error> {
    let told = confirm(cx, &input)?;
    cx.commit()?;
    trigger::tell(cx, told).await?;
    Ok(Output {})
}

fn confirm(cx: &Cx, input: &Input) -> Result<Option<Invocation>, Error> {
    let (pool, client) = cx.client(&input.client_id)?;
    let given = Given { name: input.username.as_str(), code: &input.confirmation_code };
    let (user, _) = confirmation::confirm(cx, (&pool, &client), &given, false)?;
    let occasion = Occasion { pool: &pool, client: Some(&client), username: &user.username };
    post_confirmation::of(cx, &occasion, &user, post_confirmation::SIGN_UP)
}

#[cfg(test)]
mod tests {
    use alloc::{
        format,
        string::{String, ToString},
        vec,
    };

    use serde_json::{Value, json};

    use crate::{
        Deployment, Request, Response,
        testing::{ORIGIN, PASSWORD, TestPool, World},
    };

    const BY_LINK: &str = "CONFIRM_WITH_LINK";

    fn pool(world: &World) -> TestPool {
        world.pool(json!({
            "AutoVerifiedAttributes": ["email", "phone_number"],
            "VerificationMessageTemplate": { "DefaultEmailOption": BY_LINK },
        }))
    }

    /// Signs somebody up and gives what is behind the origin in the link that was sent.
    fn signed_up(world: &World, pool: &TestPool, name: &str) -> String {
        let _ = world.ok(
            "SignUp",
            json!({
                "ClientId": pool.client, "Username": name, "Password": PASSWORD,
                "UserAttributes": [{ "Name": "email", "Value": "ann@example.com" }],
            }),
        );
        let link = world.sent().pop().unwrap().link.unwrap();
        link.strip_prefix(ORIGIN).unwrap().to_string()
    }

    /// Presses the button of the page behind a link.
    fn press(world: &World, link: &str) -> Response {
        let (path, query) = link.split_once('?').unwrap();
        world.send(&Request {
            method: "POST".into(),
            origin: ORIGIN.into(),
            path: path.into(),
            headers: vec![("content-type".into(), "application/x-www-form-urlencoded".into())],
            body: query.into(),
            ..Request::default()
        })
    }

    fn text(response: &Response) -> String {
        String::from_utf8(response.body.clone()).unwrap()
    }

    fn status(world: &World, pool: &TestPool, name: &str) -> Value {
        let mut user = world.ok("AdminGetUser", json!({ "UserPoolId": pool.id, "Username": name }));
        user["UserStatus"].take()
    }

    #[test]
    fn the_button_behind_the_link_confirms_and_nothing_before_it() {
        let world = World::new();
        let pool = pool(&world);
        let link = signed_up(&world, &pool, "ann");
        let code = world.last_code();
        assert_eq!(
            link,
            format!(
                "/confirmUser?client_id={}&user_name=ann&confirmation_code={code}",
                pool.client
            )
        );
        let message = world.sent().pop().unwrap();
        assert!(message.body.contains("<a href=\"http"), "{}", message.body);
        assert_eq!(message.subject.as_deref(), Some("Your verification link"));

        // Whoever only looks, such as a scanner of mails, changes nothing.
        for _ in 0..2 {
            let page = world.get(&link);
            assert_eq!(page.status, 200);
            assert!(text(&page).contains("<button>Confirm</button>"));
            assert_eq!(status(&world, &pool, "ann"), "UNCONFIRMED");
        }
        let page = press(&world, &link);
        assert_eq!(page.status, 200);
        assert!(text(&page).contains("has been confirmed"));
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(status(&world, &pool, "ann"), "CONFIRMED");
        let input = json!({ "UserPoolId": pool.id, "Username": "ann" });
        let user = world.ok("AdminGetUser", input);
        let attributes = user["UserAttributes"].as_array().unwrap();
        assert!(attributes.contains(&json!({ "Name": "email_verified", "Value": "true" })));
    }

    #[test]
    fn a_link_works_once() {
        let world = World::new();
        let pool = pool(&world);
        let link = signed_up(&world, &pool, "ann");
        assert_eq!(press(&world, &link).status, 200);
        let again = press(&world, &link);
        assert_eq!(again.status, 400);
        assert!(text(&again).contains("does not work any more"));
    }

    #[test]
    fn a_link_grows_old_and_another_one_voids_it() {
        let world = World::new();
        let pool = pool(&world);
        let first = signed_up(&world, &pool, "ann");
        let named = json!({ "ClientId": pool.client, "Username": "ann" });
        let _ = world.ok("ResendConfirmationCode", named);
        let second = world.sent().pop().unwrap().link.unwrap();
        assert_eq!(press(&world, &first).status, 400);
        world.advance_s(24 * 3600);
        assert_eq!(press(&world, second.strip_prefix(ORIGIN).unwrap()).status, 400);
        assert_eq!(status(&world, &pool, "ann"), "UNCONFIRMED");
    }

    #[test]
    fn the_code_of_a_link_confirms_by_the_api_too() {
        let world = World::new();
        let pool = pool(&world);
        let _ = signed_up(&world, &pool, "ann");
        let input = json!({
            "ClientId": pool.client, "Username": "ann", "ConfirmationCode": world.last_code(),
        });
        let _ = world.ok("ConfirmSignUp", input);
    }

    #[test]
    fn a_name_comes_through_the_link_unharmed() {
        let world = World::new();
        let pool = pool(&world);
        let link = signed_up(&world, &pool, "a&b=\"<é+%");
        assert!(link.contains("user_name=a%26b%3D%22%3C%C3%A9%2B%25&"), "{link}");
        let page = text(&world.get(&link));
        assert!(page.contains("value=\"a&amp;b=&quot;&lt;é+%\""), "{page}");
        assert_eq!(press(&world, &link).status, 200);
    }

    #[test]
    fn wrong_codes_are_counted_whichever_way_they_come() {
        let world = World::new();
        let pool = pool(&world);
        let link = signed_up(&world, &pool, "ann");
        let wrong = format!("{link}0");
        for _ in 0..15 {
            assert_eq!(press(&world, &wrong).status, 400);
        }
        let refused = press(&world, &link);
        assert!(text(&refused).contains("Too many attempts"));
        assert_eq!(status(&world, &pool, "ann"), "UNCONFIRMED");
    }

    #[test]
    fn a_spoiled_link_tells_nothing() {
        let world = World::new();
        let pool = pool(&world);
        let link = signed_up(&world, &pool, "ann");
        for broken in ["/confirmUser?", "/confirmUser?client_id=a&user_name=b", "/confirmUser?%ff"]
        {
            assert_eq!(world.get(broken).status, 400, "{broken}");
            assert_eq!(press(&world, broken).status, 400, "{broken}");
        }
        let of_nobody = link.replace("user_name=ann", "user_name=bob");
        let of_no_client = link.replace(&pool.client, "1example23456789");
        for spoiled in [of_nobody, of_no_client] {
            let page = press(&world, &spoiled);
            assert_eq!(page.status, 400, "{spoiled}");
            assert!(text(&page).contains("does not work any more"), "{spoiled}");
        }
    }

    #[test]
    fn text_messages_and_other_mails_carry_codes() {
        let world = World::new();
        let pool = pool(&world);
        let link = signed_up(&world, &pool, "ann");
        let _ = press(&world, &link);
        let _ = world.ok(
            "SignUp",
            json!({
                "ClientId": pool.client, "Username": "bob", "Password": PASSWORD,
                "UserAttributes": [{ "Name": "phone_number", "Value": "+12065550100" }],
            }),
        );
        assert_eq!(world.sent().pop().unwrap().link, None);
        let named = json!({ "ClientId": pool.client, "Username": "ann" });
        let _ = world.ok("ForgotPassword", named);
        let message = world.sent().pop().unwrap();
        assert_eq!(message.link, None);
        assert!(message.body.contains(&message.code));
    }

    #[test]
    fn links_lead_to_the_public_url() {
        let public_url = Some("https://id.example.com".into());
        let world = World::with(Deployment { public_url, ..Deployment::default() });
        let pool = pool(&world);
        let input = json!({
            "ClientId": pool.client, "Username": "ann", "Password": PASSWORD,
            "UserAttributes": [{ "Name": "email", "Value": "ann@example.com" }],
        });
        let _ = world.ok("SignUp", input);
        let link = world.sent().pop().unwrap().link.unwrap();
        assert!(link.starts_with("https://id.example.com/confirmUser?"), "{link}");
    }

    #[test]
    fn the_trigger_hears_of_who_was_confirmed() {
        let world = World::new();
        let arn = "arn:aws:lambda:eu-west-1:123456789012:function:f";
        let pool = world.pool(json!({
            "AutoVerifiedAttributes": ["email"],
            "VerificationMessageTemplate": { "DefaultEmailOption": BY_LINK },
            "LambdaConfig": { "PostConfirmation": arn, "CustomMessage": arn },
        }));
        let words =
            json!({ "emailMessage": "Yes: {##Click Here##}", "emailSubject": "Is it you?" });
        world.trigger_answers("CustomMessage", words);
        world.trigger_answers("PostConfirmation", json!({}));
        let link = signed_up(&world, &pool, "ann");
        let message = world.sent().pop().unwrap();
        assert!(message.body.starts_with("Yes: <a href=\""), "{}", message.body);
        assert_eq!(message.subject.as_deref(), Some("Is it you?"));
        assert_eq!(press(&world, &link).status, 200);
        let event = world.events().pop().unwrap();
        assert_eq!(event["triggerSource"], "PostConfirmation_ConfirmSignUp");
        assert_eq!(event["callerContext"]["clientId"], pool.client);
    }

    #[test]
    fn the_confirmation_stands_even_when_the_trigger_fails() {
        let world = World::new();
        let arn = "arn:aws:lambda:eu-west-1:123456789012:function:f";
        let pool = world.pool(json!({
            "AutoVerifiedAttributes": ["email"],
            "VerificationMessageTemplate": { "DefaultEmailOption": BY_LINK },
            "LambdaConfig": { "PostConfirmation": arn },
        }));
        world.trigger_fails("PostConfirmation", "no");
        let link = signed_up(&world, &pool, "ann");
        let page = press(&world, &link);
        assert_eq!(page.status, 400);
        assert!(text(&page).contains("Something went wrong"));
        assert_eq!(status(&world, &pool, "ann"), "CONFIRMED");
    }
}
