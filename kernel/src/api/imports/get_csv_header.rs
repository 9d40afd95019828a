//! `GetCSVHeader`: tells which columns a file of users must have.
//!
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetCSVHeader.html>

use crate::{model::import::csv, prelude::*};

operation!(GetCSVHeader, Iam, reach Pool, now, adds []);

shape! { Input {
    UserPoolId user_pool_id: UserPoolId,
} }

shape! { Output {
    UserPoolId user_pool_id: Option<UserPoolId>,
    CSVHeader csv_header: Option<Vec<CsvColumn>>,
} }

fn handle(cx: &Cx, input: Input) -> Result<Output, Error> {
    let pool = cx.pool(&input.user_pool_id)?;
    let csv_header = csv::header(&pool).into_iter().map(CsvColumn::from).collect();
    Ok(Output { user_pool_id: Some(input.user_pool_id), csv_header: Some(csv_header) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::World;

    #[test]
    fn every_attribute_that_can_be_written_is_a_column() {
        let world = World::new();
        let schema = json!([{ "Name": "team", "AttributeDataType": "String" }]);
        let pool = world.pool(json!({ "Schema": schema }));
        let told = world.ok("GetCSVHeader", json!({ "UserPoolId": pool.id }));
        assert_eq!(told["UserPoolId"], json!(pool.id));
        let header: alloc::vec::Vec<_> =
            told["CSVHeader"].as_array().unwrap().iter().filter_map(|name| name.as_str()).collect();
        assert_eq!(
            header.join(","),
            "cognito:username,name,given_name,family_name,middle_name,nickname,\
             preferred_username,profile,picture,website,email,email_verified,gender,birthdate,\
             zoneinfo,locale,phone_number,phone_number_verified,address,updated_at,\
             cognito:mfa_enabled,custom:team"
        );
    }

    #[test]
    fn a_pool_that_is_none_has_no_columns() {
        let failure =
            World::new().fails("GetCSVHeader", json!({ "UserPoolId": "eu-west-1_000000000" }));
        assert_eq!(failure.code, "ResourceNotFoundException");
    }
}
