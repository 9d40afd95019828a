//! How is a filter read? By descent: `or` binds less than `and`, `and` less than `not`.

use alloc::{boxed::Box, string::String, vec::Vec};

use super::{Comparison, Kind, Operator, Path, Query, Value};
use crate::model::pool::Pool;

/// What is wrong with a filter, and at which of its characters, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) what: &'static str,
}

/// So deep may parentheses stand in each other.
const DEPTH_MAX: usize = 20;

/// Reads a filter to its end.
pub(super) fn parse(pool: &Pool, text: &str) -> Result<Query, Fault> {
    let mut reader = Reader { pool, text, at: 0, depth: 0 };
    let query = reader.any()?;
    match reader.next()? {
        (_, Token::End) => Ok(query),
        (at, _) => Err(reader.fault(at, "`and`, `or` or the end is expected")),
    }
}

/// The next piece of the text.
#[derive(Clone, PartialEq, Eq)]
enum Token<'a> {
    Close,
    End,
    Open,
    /// What stood between quotation marks.
    Text(String),
    Word(&'a str),
}

struct Reader<'a> {
    pool: &'a Pool,
    text: &'a str,
    /// In bytes.
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn any(&mut self) -> Result<Query, Fault> {
        let mut queries = Vec::from([self.all()?]);
        while self.takes("or")? {
            queries.push(self.all()?);
        }
        Ok(one_or(queries, Query::Any))
    }

    fn all(&mut self) -> Result<Query, Fault> {
        let mut queries = Vec::from([self.one()?]);
        while self.takes("and")? {
            queries.push(self.one()?);
        }
        Ok(one_or(queries, Query::All))
    }

    fn one(&mut self) -> Result<Query, Fault> {
        match self.next()? {
            (at, Token::Open) => self.rest_of_group(at),
            (_, Token::Word(word)) if word.eq_ignore_ascii_case("not") => {
                let (at, token) = self.next()?;
                if token != Token::Open {
                    return Err(self.fault(at, "a parenthesis is expected after `not`"));
                }
                Ok(Query::Not(Box::new(self.rest_of_group(at)?)))
            }
            (at, Token::Word(name)) => {
                let path = Path::named(self.pool, name)
                    .ok_or_else(|| self.fault(at, "users have no such attribute"))?;
                self.comparison(path)
            }
            (at, _) => Err(self.fault(at, "the name of an attribute is expected")),
        }
    }

    /// What stands in parentheses, of which the first was read.
    fn rest_of_group(&mut self, at: usize) -> Result<Query, Fault> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.fault(at, "the parentheses are too deep"));
        }
        let query = self.any()?;
        self.depth -= 1;
        match self.next()? {
            (_, Token::Close) => Ok(query),
            (at, _) => Err(self.fault(at, "a closing parenthesis is expected")),
        }
    }

    fn comparison(&mut self, path: Path) -> Result<Query, Fault> {
        let (at, token) = self.next()?;
        let operator = match token {
            Token::Word(word) => word.to_ascii_lowercase(),
            _ => String::new(),
        };
        let (operator, is_denied) = match operator.as_str() {
            "pr" => return Ok(Query::Present(path)),
            "co" => (Operator::Contains, false),
            "eq" => (Operator::Equal, false),
            "ew" => (Operator::EndsWith, false),
            "ge" => (Operator::GreaterOrEqual, false),
            "gt" => (Operator::Greater, false),
            "le" => (Operator::LessOrEqual, false),
            "lt" => (Operator::Less, false),
            "ne" => (Operator::Equal, true),
            "sw" => (Operator::StartsWith, false),
            _ => return Err(self.fault(at, "eq, ne, co, sw, ew, gt, ge, lt, le or pr is expected")),
        };
        let kind = path.kind(self.pool);
        let is_of_texts =
            matches!(operator, Operator::Contains | Operator::EndsWith | Operator::StartsWith);
        if is_of_texts && kind != Kind::Text {
            return Err(self.fault(at, "only texts are compared so"));
        }
        if kind == Kind::Flag && operator != Operator::Equal {
            return Err(self.fault(at, "true and false are equal or not"));
        }
        let Some(value) = self.value(&path, operator)? else {
            // Who lacks it equals null.
            let present = Query::Present(path);
            return Ok(if is_denied { present } else { Query::Not(Box::new(present)) });
        };
        let compares = Query::Compares(Comparison { path, operator, value });
        Ok(if is_denied { Query::Not(Box::new(compares)) } else { compares })
    }

    /// The value that is compared with; none for `null`.
    fn value(&mut self, path: &Path, operator: Operator) -> Result<Option<Value>, Fault> {
        let (at, token) = self.next()?;
        let kind = path.kind(self.pool);
        let value = match token {
            Token::Word("null") if operator == Operator::Equal => return Ok(None),
            Token::Text(text) if kind == Kind::Text => Some(path.folded(self.pool, &text)),
            Token::Text(text) => Value::read(kind, &text),
            Token::Word(word) if matches!(kind, Kind::Flag | Kind::Number) => {
                Value::read(kind, word)
            }
            _ => None,
        };
        let wanted = match kind {
            Kind::Flag => "true or false is expected",
            Kind::Moment => "a date and time in quotation marks is expected",
            Kind::Number => "a number is expected",
            Kind::Text => "a text in quotation marks is expected",
        };
        value.map(Some).ok_or_else(|| self.fault(at, wanted))
    }

    /// Reads a word if it comes next.
    fn takes(&mut self, wanted: &str) -> Result<bool, Fault> {
        let before = self.at;
        match self.next()? {
            (_, Token::Word(word)) if word.eq_ignore_ascii_case(wanted) => Ok(true),
            _ => {
                self.at = before;
                Ok(false)
            }
        }
    }

    /// The next piece, and where it begins.
    fn next(&mut self) -> Result<(usize, Token<'a>), Fault> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let trimmed = rest.trim_start();
        let at = self.at + (rest.len() - trimmed.len());
        let (len, token) = match trimmed.chars().next() {
            None => (0, Token::End),
            Some('(') => (1, Token::Open),
            Some(')') => (1, Token::Close),
            Some('"') => {
                let len = quoted(trimmed).ok_or_else(|| self.fault(at, "the text does not end"))?;
                let text = trimmed.get(..len).and_then(|text| serde_json::from_str(text).ok());
                let text = text.ok_or_else(|| self.fault(at, "the text is no JSON string"))?;
                (len, Token::Text(text))
            }
            Some(_) => {
                let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"');
                let len = trimmed.find(ends).unwrap_or(trimmed.len());
                (len, Token::Word(trimmed.get(..len).unwrap_or_default()))
            }
        };
        self.at = at + len;
        Ok((at, token))
    }

    fn fault(&self, at: usize, what: &'static str) -> Fault {
        Fault { at: self.text.get(..at).map_or(0, |before| before.chars().count()) + 1, what }
    }
}

/// The length of a JSON string, both quotation marks included.
fn quoted(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn one_or(mut queries: Vec<Query>, several: fn(Vec<Query>) -> Query) -> Query {
    match queries.pop() {
        Some(only) if queries.is_empty() => only,
        Some(last) => {
            queries.push(last);
            several(queries)
        }
        None => several(queries),
    }
}
